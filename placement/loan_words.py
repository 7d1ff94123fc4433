"""How a loan referral came to where it stands, in words for its pages."""

from placement.enums.loans import AnswerKind, LoanState
from veterans_portal.chinese_dates import short


def timeline(referral):
    """Entries for the timeline of a referral, oldest first, with the step that runs now last."""
    entries = [{"at": referral.submitted_at, "title": "提交申请", "body": _consent(referral)}]
    if referral.verified_at:
        passed = referral.state != LoanState.UNVERIFIED
        words = "身份核验通过，已推送银行" if passed else "身份核验没有通过"
        body = f"绿色通道：{referral.green_reason}" if referral.green_channel else ""
        entries.append(
            {
                "at": referral.verified_at,
                "title": words,
                "body": body if passed else referral.reason,
            }
        )
    entries += [_answer(each) for each in referral.answers.all()]
    if referral.state == LoanState.WITHDRAWN:
        entries.append({"at": referral.ended_at, "title": "本人放弃", "body": referral.reason})
    if referral.due_on:
        who = "站点核验身份" if referral.state == LoanState.SUBMITTED else (
            f"{referral.bank.name}与本人联系"
            if referral.state == LoanState.PUSHED
            else f"{referral.bank.name}审批"
        )  # fmt: skip
        entries.append(
            {"at": referral.due_on, "title": f"等{who}", "body": "应在这一天以前",
             "state": "current"}
        )  # fmt: skip
    return entries


def _consent(referral):
    if referral.consent is None:
        return f"书面同意告诉{referral.bank.name}：{referral.written_consent}"
    words = f"同意告诉{referral.bank.name}"
    return f"{words}，后来已撤回" if referral.consent.withdrawn_at else words


def _answer(answer):
    if answer.kind in (AnswerKind.GRANTED, AnswerKind.CORRECTED):
        body = (
            f"{short(answer.on)}放款{answer.amount:,.2f}元，年利率{answer.rate.normalize():f}%，"
            f"{answer.term_months}个月"
        )
    else:
        body = f"{short(answer.on)}。{answer.note}" if answer.note else short(answer.on)
    return {"at": answer.at, "title": answer.get_kind_display(), "body": body,
            "by": answer.get_via_display()}  # fmt: skip

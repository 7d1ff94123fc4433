"""What people and banks are told of loan referrals and monthly returns."""

from accounts import messages
from placement.enums.loans import AnswerKind
from placement.notices.fairs import tell_partner
from veterans_portal import chinese_dates

KIND = "placement.loan"


def _call(station):
    return f"有疑问请拨打{station.phone or '12345'}。"


def tell_person(referral, title_and_body):
    """Tell the person: their account, else the phone in the file."""
    title, body = title_and_body
    person = referral.person
    if person.account is None and not person.phone:
        return
    messages.tell(
        to=person.account, phone=None if person.account else person.phone, kind=KIND, title=title,
        body=body, about=referral, url=referral.get_absolute_url() if person.account else "",
    )  # fmt: skip


def tell_bank(referral, title_and_body):
    """Tell the bank's people, without the person's name: that stands in the room only."""
    tell_partner(referral.bank, title_and_body, about=referral)


def submitted(referral):
    return (
        "贷款申请已提交",
        f"您的{referral.get_product_display()}申请（{referral.number}）已提交，"
        f"{referral.station.name}在{chinese_dates.day(referral.due_on)}前核验身份，"
        f"通过后告诉{referral.bank.name}。{_call(referral.station)}",
    )


def told_bank(referral):
    green = "，已开绿色通道" if referral.green_channel else ""
    return (
        "贷款申请已推送银行",
        f"您的身份已核验{green}，申请（{referral.number}）已告诉{referral.bank.name}，"
        f"银行在{chinese_dates.day(referral.due_on)}前与您联系。{_call(referral.station)}",
    )


def unverified(referral):
    return (
        "贷款申请的身份核验没有通过",
        f"您的{referral.get_product_display()}申请（{referral.number}）没有通过，"
        f"原因：{referral.reason}。没有告诉银行。{_call(referral.station)}",
    )


def pushed(referral):
    return (
        "有新的贷款推荐",
        f"{referral.get_product_display()}推荐{referral.number}已推送给贵行，"
        f"请在{chinese_dates.day(referral.due_on)}前联系本人，并在合作单位页面里登记。",
    )


def withdrawn(referral):
    return "贷款推荐已放弃", f"推荐{referral.number}的本人已放弃，请不要再联系。"


def answered(referral, answer):
    bank, call = referral.bank.name, _call(referral.station)
    number = f"您的申请（{referral.number}）"
    if answer.kind in (AnswerKind.GRANTED, AnswerKind.CORRECTED):
        words = "已放款" if answer.kind == AnswerKind.GRANTED else "更正了放款记录："
        return (
            "贷款已放款" if answer.kind == AnswerKind.GRANTED else "放款记录已更正",
            f"{number}{bank}{words}{answer.amount:,.2f}元，年利率{answer.rate.normalize():f}%，"
            f"{answer.term_months}个月。与您收到的不一样请告诉我们。{call}",
        )
    words = {
        AnswerKind.CONTACTED: f"{bank}已记为与您联系过。没有接到电话请告诉我们。",
        AnswerKind.ASSESSING: f"{bank}正在审批。",
        AnswerKind.DECLINED: f"{bank}没有通过，原因：{answer.note}。可以另选一家银行再申请。",
        AnswerKind.AFTERCARE: f"{bank}已记一次贷后回访。",
    }[AnswerKind(answer.kind)]
    return "贷款进展", f"{number}{words}{call}"


def return_sent_back(bank_return):
    return (
        "月度回报要修改",
        f"{chinese_dates.month(bank_return.month)}的回报已退回，原因：{bank_return.reason}。"
        "请改好后重新上传。",
    )


def return_accepted(bank_return):
    return "月度回报已确认", f"{chinese_dates.month(bank_return.month)}的回报已核对确认，谢谢。"


def tell_bank_of_return(bank_return, title_and_body):
    """Tell the bank's people of their return."""
    tell_partner(bank_return.bank, title_and_body, about=bank_return)

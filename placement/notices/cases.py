"""What people are told of their placement: what happened, what comes next, by when, whom to call."""

from django.urls import reverse

from accounts import messages
from accounts.enums import Channel
from services.actions.persons import tell_person
from veterans_portal import chinese_dates

KIND = "placement.case"
DESK = "placement.case_desk"


def day(value):
    """2026年4月4日 星期六."""
    return chinese_dates.date_with_year(value)


def tell(case, title_and_body, *, dedupe=None):
    """Tell the person of the file, by account or phone."""
    title, body = title_and_body
    tell_person(
        case.person, kind=KIND, title=title, body=f"{body}{_call(case.station)}", about=case,
        url=reverse("placement:my_placement"), dedupe=dedupe,
    )  # fmt: skip


def tell_handler(case, title_and_body, *, dedupe=None):
    """Tell whoever handles the file, in the portal; nobody before somebody does."""
    if case.handler is None:
        return
    title, body = title_and_body
    messages.tell(
        to=case.handler, kind=DESK, title=title, body=body, about=case, channels=[Channel.INBOX],
        url=case.get_absolute_url(), dedupe=f"{dedupe}:{case.handler_id}" if dedupe else None,
    )  # fmt: skip


def _call(station):
    return f"有疑问请拨打{station.phone or '12345'}。"


def opened(case):
    return (
        "请按时报到",
        f"{case.station.name}已为您建立安置档案，编号{case.number}。"
        f"请在{day(case.report_by)}前带退出现役证件报到。",
    )


def report_soon(case):
    return (
        "报到期限快到了",
        f"请在{day(case.report_by)}前到{case.station.name}报到。来不了请先打电话说明原因，"
        "逾期又没有正当理由的，按放弃安排工作办理。",
    )


def reported(case):
    if case.is_arranged:
        return (
            "已报到",
            f"您已在{case.station.name}报到。接下来审核档案、计分，"
            f"按规定在{day(case.place_by)}前安置。您可以先填报岗位意愿。",
        )
    return ("已报到", f"您已在{case.station.name}报到。")


def noted(_case, words):
    return ("安置进展", words if words.endswith(("。", "！")) else f"{words}。")


def ended(case):
    return (
        f"安置档案：{case.get_state_display()}",
        f"您的安置档案{case.number}已办理“{case.get_state_display()}”，原因：{case.ended_reason}。",
    )


def to_confirm(case, sheet):
    return (
        "请核对您的分数",
        f"您的服役表现量化得分是{sheet.total}分。请在{day(sheet.confirm_by)}前登录平台"
        f"或到{case.station.name}逐项核对：没有问题请确认，有问题请提出异议。",
    )


def taken_back(_case):
    return ("分数正在重新计算", "您的计分表已收回，算好后再请您核对。")


def confirmed(_case, sheet):
    return ("分数已确认", f"您已确认得分{sheet.total}分。接下来公示。")


def objected(case):
    return ("异议已收到", f"您对分数的异议已收到，{case.station.name}会复核并书面答复。")


def upheld(_case, objection):
    return (
        "异议成立，重新计分",
        f"复核意见：{objection.answer}。分数会重新计算，算好后再请您核对。",
    )


def dismissed(_case, objection):
    return ("异议复核答复", f"复核意见：{objection.answer}。分数不变。")


def published(_case, publication):
    return (
        "分数开始公示",
        f"您的分数和名次从{day(publication.starts_on)}起公示，到{day(publication.ends_on)}结束。"
        "公示内容只有姓名、总分和名次。",
    )


def unpublished(_case, publication):
    return ("分数公示已撤回", f"撤回原因：{publication.reason}。之后会重新公示。")


def ready(_case, sheet):
    return (
        "分数已确定，等待选岗",
        f"公示期满，您的总分{sheet.total}分，名次第{sheet.rank}。选岗时间另行通知。",
    )


def desk_objection(case):
    return (
        f"{case.person.name}的分数有异议",
        f"安置编号{case.number}，请在期限内复核并答复。",
    )


def desk_confirmed(case):
    return (f"{case.person.name}已确认分数", f"安置编号{case.number}，可以列入公示。")

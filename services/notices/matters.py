"""What people are told about their matters: what happened, what comes next, by when, whom to call."""

from datetime import datetime, time

from django.utils import timezone

from accounts import messages
from accounts.enums import Channel
from services.enums import FileState, Outcome
from services.notices.reaching import is_over, own_way, posted_at
from veterans_portal import chinese_dates

KIND = "services.matter"
HANDLER = "services.matter_desk"


def spoken_day(day):
    """4月4日 星期六."""
    return chinese_dates.day(day)


def in_one_line(text):
    """The lines of a list as one sentence: an SMS has no lines."""
    return "；".join(line.strip().rstrip("；;。") for line in text.splitlines() if line.strip())


def end_of(day):
    """The last moment of a day, after which a message about it is of no use."""
    return timezone.make_aware(datetime.combine(day, time.max))


def tell(matter, title_and_body, *, not_after=None, dedupe=None, last=False, urgent=False):
    """Tell the person, and whoever entered it for them, each once; nobody when no one is reachable.

    Where only a former agent could be reached the station is told so.

    Nothing more is sent about a file that is closed; `last` is the message that says so. `urgent`
    for a result and for papers asked for.
    """
    title, body = title_and_body
    closed = matter.person is not None and matter.person.state == FileState.CLOSED
    if closed and not last:
        return
    addressees = _addressees(matter)
    if not addressees and is_over(matter.proxy):
        _tell_station(matter, nobody_to_tell(matter, title), dedupe=dedupe)
    for to, phone in addressees:
        messages.tell(
            to=to, phone=phone, kind=KIND, title=title, body=body, about=matter,
            url=matter.get_absolute_url() if to is not None else "", not_after=not_after,
            dedupe=f"{dedupe}:{to.pk if to is not None else 'phone'}" if dedupe else None,
            urgent=urgent,
        )  # fmt: skip


def _tell_station(matter, title_and_body, *, dedupe):
    """Tell whoever handles it, else the clerks of its station."""
    handlers = [matter.handler] if matter.handler is not None else posted_at(matter.station_id)
    title, body = title_and_body
    for user in handlers:
        messages.tell(
            to=user, kind=HANDLER, title=title, body=body, about=matter, channels=[Channel.INBOX],
            url=matter.get_absolute_url(), dedupe=f"{dedupe}:{user.pk}" if dedupe else None,
        )  # fmt: skip


def tell_handler(matter, title_and_body, *, dedupe=None):
    """Tell whoever handles it, in the inbox only; nobody while it has no handler."""
    if matter.handler is None:
        return
    title, body = title_and_body
    messages.tell(
        to=matter.handler, kind=HANDLER, title=title, body=body, about=matter, dedupe=dedupe,
        url=matter.get_absolute_url(), channels=[Channel.INBOX],
    )  # fmt: skip


def _addressees(matter):
    """(account, phone) pairs: the person's account, else the phone given; then a citizen who
    entered it, while they may act. After that the person alone: the phone given may be the agent's."""
    person = matter.person
    if is_over(matter.proxy):
        way = own_way(person, matter.proxy)
        return [way] if way else []
    account = person.account if person is not None else None
    if account is None and matter.proxy_id is None and matter.by.is_citizen:
        account = matter.by
    phone = matter.applicant_phone or (person.phone if person is not None else None)
    found = []
    if account is not None or phone:
        found.append((account, None if account is not None else phone))
    if matter.by.is_citizen and matter.by != account:
        found.append((matter.by, None))
    return found


def _what(matter):
    return f"“{matter.kind.name}”（编号{matter.number}）"


def _call(matter):
    return f"有疑问请拨打{matter.station.phone or '12345'}。"


def submitted(matter):
    return (
        "申请已提交",
        f"{_what(matter)}已提交到{matter.station.name}，{spoken_day(matter.check_by)}前看完材料并告诉您。"
        f"{_call(matter)}",
    )


def supplement_asked(matter):
    return (
        "请补充材料",
        f"{_what(matter)}还要补充材料，请在{spoken_day(matter.supplement_by)}前一次补齐："
        f"{in_one_line(matter.supplement_list)}。可以在网上上传，也可以送到{matter.station.name}。{_call(matter)}",
    )


def supplement_due(matter):
    return (
        "材料还没有补齐",
        f"{_what(matter)}请在{spoken_day(matter.supplement_by)}前补齐材料，过了这一天会先退回给您。"
        f"来不及或不清楚怎么补，请拨打{matter.station.phone or '12345'}，由工作人员帮您。",
    )


def supplemented(matter):
    return (
        "材料已补充",
        f"{_what(matter)}的申请人已补充材料，请在{spoken_day(matter.check_by)}前看完。",
    )


def accepted(matter):
    return (
        "申请已受理",
        f"{_what(matter)}已受理，承诺在{spoken_day(matter.due_on)}前办好，办好会马上告诉您。"
        f"{_call(matter)}",
    )


def not_accepted(matter):
    return (
        "申请不能受理",
        f"很抱歉，{_what(matter)}不能受理，原因：{matter.ended_reason}。"
        f"如有不同意见，请拨打{matter.station.phone or '12345'}，或到{matter.station.name}说明。",
    )


def suspended(matter):
    return (
        "办理时间暂停计算",
        f"{_what(matter)}暂停计时，原因：{matter.suspended_reason}。恢复时会告诉您新的日期。"
        f"{_call(matter)}",
    )


def resumed(matter):
    return (
        "已恢复办理",
        f"{_what(matter)}已恢复办理，现在承诺在{spoken_day(matter.due_on)}前办好。{_call(matter)}",
    )


def done(matter):
    title = "您的申请没有批准" if matter.outcome == Outcome.REFUSED else "您的事办好了"
    return (
        title,
        f"{_what(matter)}已办结：{matter.get_outcome_display()}。结果请在“我的办件”里查看，"
        f"或到{matter.station.name}领取。{_call(matter)}",
    )


def delivered(matter):
    return (
        "结果已送到",
        f"{_what(matter)}的结果已送达（{matter.get_delivery_display()}）。{_call(matter)}",
    )


def returned(matter):
    return (
        "材料没有补齐，已退回",
        f"{_what(matter)}到{spoken_day(matter.supplement_by)}还没有补齐材料，先退回给您。"
        f"备齐以后可以重新申请，需要帮忙请拨打{matter.station.phone or '12345'}。",
    )


def withdrawn(matter):
    return "已撤回", f"{_what(matter)}已撤回。需要时可以重新申请。{_call(matter)}"


def ended_with_file(matter):
    return "办理已终止", f"{_what(matter)}已终止，原因：{matter.ended_reason}。{_call(matter)}"


def nobody_to_tell(matter, what):
    """For the desk. `what` is the title of the message that reached nobody."""
    return (
        "有一件事没有可以通知的人",
        f"{_what(matter)}有了新进展（{what}），没有发出消息：代办关系已结束，档案里没有本人的账号和手机号。"
        f"请用其他办法告诉本人，并补上联系方式。",
    )


def handed_over(matter, by):
    return (
        "有一件事转给您办",
        f"{by.name}把{_what(matter)}转给您，{spoken_day(matter.due_on)}前办好。",
    )


def term(matter, light):
    """For the handler: due soon or over. `light` is `matter_rules.Light`."""
    return (
        f"办件{light.words}",
        f"{_what(matter)}应在{spoken_day(matter.due_on)}前办结，{light.words}。",
    )

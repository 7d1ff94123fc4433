"""What the two sides of acting for another are told."""

from accounts import messages
from services.notices.matters import spoken_day

KIND = "services.proxy"


def tell_person(proxy, title_and_body, *, dedupe=None):
    """Tell the person acted for: by their account, else the phone in the file, else nobody."""
    person = proxy.person
    if person.account_id is None and not person.phone:
        return
    _tell(
        proxy, title_and_body, to=person.account, phone=person.phone, dedupe=dedupe, side="person"
    )


def tell_agent(proxy, title_and_body, *, dedupe=None):
    """Tell the one who acts: by their account, else the phone given at the counter."""
    if proxy.agent_id is None and not proxy.agent_phone:
        return
    _tell(
        proxy, title_and_body, to=proxy.agent, phone=proxy.agent_phone, dedupe=dedupe, side="agent"
    )


def tell_both(proxy, title_and_body, *, dedupe=None):
    """Tell both sides the same."""
    tell_person(proxy, title_and_body, dedupe=dedupe)
    tell_agent(proxy, title_and_body, dedupe=dedupe)


def _tell(proxy, title_and_body, *, to, phone, dedupe, side):
    title, body = title_and_body
    messages.tell(
        to=to, phone=None if to is not None else phone, kind=KIND, title=title, body=body,
        about=proxy, dedupe=f"{dedupe}:{side}" if dedupe else None,
    )  # fmt: skip


def _call(proxy):
    return f"有疑问请拨打{proxy.person.station.phone or '12345'}。"


def asked(proxy):
    return (
        "有人申请代您办事",
        f"{proxy.agent_name}（{proxy.get_relation_display()}）申请代您办事，服务站核对后才生效。"
        f"如果不是您的意思，请马上告诉服务站。{_call(proxy)}",
    )


def confirmed(proxy):
    return (
        "代办关系已生效",
        f"{proxy.agent_name}（{proxy.get_relation_display()}）可以代{proxy.person.name}办事，"
        f"到{spoken_day(proxy.ends_on)}为止。双方随时可以解除。{_call(proxy)}",
    )


def refused(proxy):
    return (
        "代办申请没有通过",
        f"您代亲友办事的申请没有通过，原因：{proxy.reason}。{_call(proxy)}",
    )


def ended(proxy):
    return (
        "代办关系已解除",
        f"{proxy.agent_name}不再代{proxy.person.name}办事。已经提交的事照常办理。{_call(proxy)}",
    )


def ends_soon(proxy):
    return (
        "代办关系快到期了",
        f"{proxy.agent_name}代{proxy.person.name}办事，到{spoken_day(proxy.ends_on)}为止。"
        f"需要继续的，请重新登记。{_call(proxy)}",
    )

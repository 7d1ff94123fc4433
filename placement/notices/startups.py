"""What founders are told of their enterprise in the directory and of their bundle."""

from accounts import messages
from veterans_portal import chinese_dates

KIND = "placement.startup"


def _call(station):
    return f"有疑问请拨打{station.phone or '12345'}。"


def tell_person(thing, title_and_body):
    """Tell the person of an enterprise or a bundle: their account, else the phone in the file."""
    title, body = title_and_body
    person = thing.person
    if person.account is None and not person.phone:
        return
    messages.tell(
        to=person.account, phone=None if person.account else person.phone, kind=KIND, title=title,
        body=body, about=thing,
    )  # fmt: skip


def published(enterprise):
    return (
        "企业已在军创名录展示",
        f"“{enterprise.name}”已通过审核，展示到{chinese_dates.date_with_year(enterprise.valid_until)}。"
        f"到期前请续展。{_call(enterprise.station)}",
    )


def not_published(enterprise):
    return (
        "企业没有通过审核",
        f"“{enterprise.name}”没有通过，原因：{enterprise.reason}。改好以后可以再提交。"
        f"{_call(enterprise.station)}",
    )


def removed(enterprise):
    return (
        "企业已从军创名录撤下",
        f"“{enterprise.name}”已撤下，原因：{enterprise.reason}。{_call(enterprise.station)}",
    )


def bundle_submitted(bundle, count):
    return (
        "创业一件事已受理",
        f"您申请的{count}项已一起受理，编号{bundle.number}，每一项办好都会告诉您。"
        f"{_call(bundle.station)}",
    )


def item_ended(bundle, item):
    return (
        f"创业一件事：{item.title}{item.get_state_display()}",
        f"{item.department}：{item.result}。编号{bundle.number}。{_call(bundle.station)}",
    )


def bundle_done(bundle):
    return (
        "创业一件事全部办完",
        f"编号{bundle.number}的各项都已办完，结果在“我的创业一件事”里看。祝生意兴隆！"
        f"{_call(bundle.station)}",
    )

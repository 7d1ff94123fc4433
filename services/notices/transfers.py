"""What is told about a file on its way to another station."""

from django.urls import reverse

from accounts import messages
from accounts.enums import Channel
from services.models import Transfer
from services.notices.matters import spoken_day
from services.notices.reaching import posted_at

KIND = "services.transfer"


def tell_person(transfer, title_and_body):
    """Tell the person of the file: by their account, else the phone in it, else nobody."""
    person = transfer.person
    if person.account_id is None and not person.phone:
        return
    to = person.account
    _tell(transfer, title_and_body, to=to, phone=None if to is not None else person.phone)


def tell_asker(transfer, title_and_body):
    """Tell the colleague who asked; a person who asked for themselves is told by `tell_person`."""
    if transfer.asked_by.is_staff_member:
        _tell(transfer, title_and_body, to=transfer.asked_by, channels=[Channel.INBOX])


def tell_station(transfer, title_and_body):
    """Tell clerks and heads of the side that decides, in their inbox."""
    deciding = (
        transfer.station_id
        if transfer.asked_at_station_id == transfer.to_station_id
        else transfer.to_station_id
    )
    for user in posted_at(deciding):
        _tell(transfer, title_and_body, to=user, channels=[Channel.INBOX])


def tell_both_sides(transfer):
    """Tell clerks and heads of both stations, and the colleague who asked, that the file's end
    ended the transfer; where it was kept is said to those only who may see the transfer."""
    told = {user.pk: user for side in (transfer.station_id, transfer.to_station_id)
            for user in posted_at(side)}  # fmt: skip
    if transfer.asked_by.is_staff_member:
        told[transfer.asked_by_id] = transfer.asked_by
    for user in told.values():
        sees = Transfer.objects.visible_to(user).filter(pk=transfer.pk).exists()
        _tell(transfer, ended_with_file(transfer, sees), to=user, channels=[Channel.INBOX],
              linked=sees)  # fmt: skip


def _tell(transfer, title_and_body, *, to, phone=None, channels=None, linked=True):
    title, body = title_and_body
    url = ""
    if to is not None and linked:
        url = reverse("services:my_transfer") if to.is_citizen else transfer.get_absolute_url()
    messages.tell(
        to=to, phone=phone, kind=KIND, title=title, body=body, about=transfer, url=url,
        channels=channels,
    )  # fmt: skip


def asked(transfer):
    return (
        "有一份档案申请转站",
        f"{transfer.station.name}转{transfer.to_station.name}，请在{spoken_day(transfer.due_on)}前答复。",
    )


def withdrawn(transfer):
    return (
        "转站申请已撤回",
        f"{transfer.station.name}转{transfer.to_station.name}的一份申请已撤回，不用再答复。",
    )


def ended_with_file(transfer, sees):
    """For a colleague of either side. Why the file was closed stands in the file alone."""
    which = f"{transfer.station.name}转{transfer.to_station.name}的" if sees else "转入本站的"
    phone = (transfer.station.phone if sees else "") or "12345"
    return (
        "转站申请已结束",
        f"{which}一份申请已结束：档案已转出无锡或注销，不用再答复。有疑问请拨打{phone}。",
    )


def accepted(transfer, ahead):
    """For the person. `ahead` is how many bookings stay where they were made."""
    to = transfer.to_station
    stays = f"您已约好的{ahead}个预约不变，还在原来的站点办。" if ahead else ""
    return (
        "您的服务站已更换",
        f"您的档案已转到{to.name}，地址{to.address or '请电话询问'}，电话{to.phone or '12345'}。"
        f"没办完的事由新的服务站接着办，期限不变。{stays}",
    )


def refused(transfer):
    return (
        "换服务站的申请没有办成",
        f"您申请把档案转到{transfer.to_station.name}，对方没有接收，原因：{transfer.answer}。"
        f"您的档案仍在{transfer.station.name}，有疑问请拨打{transfer.station.phone or '12345'}。",
    )


def answered(transfer):
    """For the colleague who asked."""
    words = f"，答复：{transfer.answer}" if transfer.answer else ""
    return (
        f"转站申请{transfer.get_state_display()}",
        f"{transfer.station.name}转{transfer.to_station.name}的档案{transfer.get_state_display()}{words}。",
    )

"""What people are told about their bookings: short, with the day, the place and what to bring."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from accounts.enums import Channel
from services.enums import BookingState
from services.notices.reaching import is_over, own_way
from veterans_portal import chinese_dates

BOOKED = "services.booking_booked"
CONFIRMED = "services.booking_confirmed"
MOVED = "services.booking_moved"
CANCELLED = "services.booking_cancelled"
REMINDER = "services.booking_reminder"
HELD = "services.booking_held"


def spoken(moment):
    """9月3日 星期三上午9点, 9点半, 9点15分: the hour as people say it."""
    local = timezone.localtime(moment)
    hour = chinese_dates.time_of_day(local).split(":")[0]
    minutes = {0: "点", 30: "点半"}.get(local.minute, f"点{local.minute}分")
    return f"{chinese_dates.day(local)}{hour}{minutes}"


def place(offering):
    """Where to go: an event's venue; else the station, its address, the window."""
    if offering.venue:
        return offering.venue
    station = offering.station
    window = f"{offering.window.number}号窗口" if offering.window else ""
    address = f"（{station.address}）" if station.address else ""
    return f"{station.name}{address}{window}"


def acts_for_another(booking):
    """Whether who is told of a booking (or an entry of a waiting list) acts for its person now."""
    return booking.proxy_id is not None and booking.by.is_citizen and not is_over(booking.proxy)


def _name(booking, own):
    """The person's name where another reads it, "" in their own words."""
    return booking.contact_name if acts_for_another(booking) and not own else ""


def sentence(booking, *, own=False):
    """您已预约9月3日 星期三上午9点，在……，请带身份证。 For another it names them, unless they read it (`own`)."""
    name = _name(booking, own)
    return _sentence(booking, f"您已为{name}预约" if name else "您已预约")


def _sentence(booking, verb):
    offering = booking.slot.offering
    heads = f"，共{booking.heads}人" if booking.heads > 1 else ""
    return (
        f"{verb}{spoken(booking.slot.starts_at)}的“{offering.title}”{heads}，"
        f"在{place(offering)}，请带{offering.bring}。"
    )


def _if_not_coming(booking):
    phone = booking.slot.offering.station.phone or "12345"
    return f"来不了请提前取消，或拨打{phone}。"


def booked(booking, *, own=False):
    """Title and body after booking; a booking that waits for review says so.

    `own`, here and below: in the words for a person for whom somebody else acts.
    """
    name = _name(booking, own)
    code = f"预约码{booking.spoken_code}。"
    if booking.state == BookingState.PENDING:
        verb = f"您申请为{name}预约" if name else "您申请预约"
        body = _sentence(booking, f"{_agent(booking)}为您申请预约" if own else verb)
        return (
            "预约已提交，等待审核",
            f"{body}站点审核后会告诉您结果。{code}{_if_not_coming(booking)}",
        )
    if own:
        body = _sentence(booking, f"{_agent(booking)}已为您预约")
        return "有人为您预约好了", f"{body}{code}{_if_not_coming(booking)}"
    return "预约好了", f"{sentence(booking)}{code}{_if_not_coming(booking)}"


def _agent(booking):
    return booking.proxy.agent_name or "您的代办人"


def confirmed(booking, *, own=False):
    """Title and body after the station accepted it."""
    code = f"预约码{booking.spoken_code}。"
    return (
        "预约已通过审核",
        f"{sentence(booking, own=own)}{code}{_if_not_coming(booking)}",
    )


def moved(booking, *, own=False):
    """Title and body after it was moved to another slot."""
    name = _name(booking, own) or ("您" if own else "")
    body = _sentence(booking, f"{name}的预约已改为" if name else "已改为")
    return "预约时间已更改", f"{body}预约码不变：{booking.spoken_code}。{_if_not_coming(booking)}"


def cancelled(booking, *, own=False):
    """Title and body after it was cancelled, by whom and why."""
    offering = booking.slot.offering
    what = f"{spoken(booking.slot.starts_at)}的“{offering.title}”（{offering.station.name}）"
    name = _name(booking, own)
    if booking.cancelled_as == "CITIZEN":
        return "预约已取消", f"{_who_cancelled(booking, own)}{what}。需要时可以重新预约。"
    phone = offering.station.phone or "12345"
    if booking.person_id is not None and booking.person.closed_at:
        return "预约已取消", f"{what}已取消，原因：{booking.cancel_reason}。有疑问请拨打{phone}。"
    return (
        "预约被取消，请另选时间",
        f"很抱歉，{name}{what}已取消，原因：{booking.cancel_reason}。"
        f"请重新选择时间，或拨打{phone}，由工作人员帮您安排。",
    )


def _who_cancelled(booking, own):
    if not acts_for_another(booking):
        return "您已取消"
    by_agent = booking.cancelled_by_id == booking.by_id
    if own:
        return f"{_agent(booking)}已取消您" if by_agent else "您已取消"
    return f"您已取消{booking.contact_name}" if by_agent else f"{booking.contact_name}已取消"


def held_instead(lost, held, *, own=False):
    """Title and body when a slot was closed and the nearest other one is held for its person."""
    offering = held.slot.offering
    gone = (
        f"很抱歉，{_name(held, own)}{spoken(lost.slot.starts_at)}的“{offering.title}”已取消，"
        f"原因：{lost.cancel_reason}。"
    )
    phone = offering.station.phone or "12345"
    if own:
        return "预约被取消", f"{gone}已请{_agent(held)}另选时间，您也可以拨打{phone}。"
    return (
        "原来的时间约不成了，已为您保留另一个",
        f"{gone}已为您保留{spoken(held.slot.starts_at)}，在{place(offering)}。"
        f"请在{spoken(held.held_until)}前到“我的预约”点“就约这个时间”，或拨打"
        f"{phone}，由工作人员帮您确认；不合适也可以另选。",
    )


def reminder(booking):
    """Title and body of a reminder."""
    when = spoken(booking.slot.starts_at)
    offering = booking.slot.offering
    day = "今天" if booking.slot.day == timezone.localdate() else "明天"
    return (
        f"提醒：{day}有预约",
        f"提醒您：{_name(booking, False)}{when}有“{offering.title}”的预约，在{place(offering)}，请带{offering.bring}。"
        f"预约码{booking.spoken_code}。{_if_not_coming(booking)}",
    )


def reminder_moments(starts_at):
    """`{kind: moment}`: the day before at the hour set, and some hours before the slot."""
    day_before = timezone.localdate(starts_at) - timedelta(days=1)
    hour = time(settings.BOOKING_REMINDER_HOUR)
    return {
        "day": timezone.make_aware(datetime.combine(day_before, hour)),
        "soon": starts_at - timedelta(hours=settings.BOOKING_REMINDER_HOURS_BEFORE),
    }


def told(booking, title_and_body, *, kind, **more):
    """The arguments of `accounts.messages.tell` for the one whom a booking concerns.

    Who acts for another is told in their place: they asked, and they answer; once they no longer
    act it is the person alone (`reaching.own_way`). Else a person's own account and the phone of the file first, else the citizen who booked, else the contact's phone
    that staff wrote down. A phone that a citizen typed gets nothing: it may be a
    stranger's. None when nobody can be reached.
    """
    to, phone, channels = None, booking.contact_phone or None, None
    for_another = booking.proxy_id is not None and booking.by.is_citizen
    if booking.proxy_id is not None and is_over(booking.proxy):
        to, phone = own_way(booking.person, booking.proxy) or (None, None)
    elif booking.person_id is not None and not for_another:
        to = booking.by if booking.person.account_id == booking.by_id else booking.person.account
    elif booking.by.is_citizen:
        to = booking.by
        phone = to.phone if to.phone_verified_at else None
        channels = None if phone else [Channel.INBOX]
    if to is None and phone is None:
        return None
    title, body = title_and_body
    return {
        "to": to,
        "phone": phone,
        "channels": channels,
        "kind": kind,
        "title": title,
        "body": body,
        "url": booking.get_absolute_url() if to is not None else "",
        **more,
    }


def everybody(booking, words, *, kind, **more):
    """The arguments of `tell` for all whom a booking concerns, each once: `told`, and where that acts
    for another, the person in their own words. `words(booking, own=)` gives title and body."""
    wanted = [told(booking, words(booking), kind=kind, **more)]
    way = own_way(booking.person, booking.proxy) if acts_for_another(booking) else None
    if way is not None:
        to, phone = way
        title, body = words(booking, own=True)
        if more.get("dedupe"):
            more["dedupe"] = f"{more['dedupe']}:person"
        wanted.append({
            "to": to, "phone": phone, "kind": kind, "title": title, "body": body,
            "url": booking.get_absolute_url() if to is not None else "", **more,
        })  # fmt: skip
    return [each for each in wanted if each is not None]

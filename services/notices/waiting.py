"""What people who wait are told: kindly, with the one next step, and not too often.

An SMS per offer, at most WAITING_MESSAGES_PER_DAY for one phone and day; beyond that the message
still stands in the inbox. Whoever has neither account nor phone is called by the station.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts import messages
from accounts.enums import Channel, MessageState
from accounts.models import Message
from services import notifications, waiting_rules
from services.models.offering import midnight
from services.notices.links import absolute
from services.notifications import place, spoken
from veterans_portal import chinese_dates, crypto

OFFER = "services.waiting_offer"
NEWS = "services.waiting_news"
KINDS = (OFFER, NEWS)
MY_BOOKINGS = "“我的预约”"


def reach(entry, *, now, kind=OFFER):
    """To whom and by which channels something about an entry goes: arguments of `tell`.

    None when nobody can be reached so: no account and no phone, or a phone that has had its share
    today. The station calls then.
    """
    wanted = notifications.told(entry, ("", ""), kind=kind)
    if wanted is None:
        return None
    channels = wanted["channels"] or [Channel.INBOX, Channel.SMS]
    if wanted["to"] is None:
        channels = [Channel.SMS]
    phone = wanted["phone"] or (wanted["to"].phone if wanted["to"] is not None else None)
    if Channel.SMS in channels and (not phone or spent(phone, now=now)):
        channels = [each for each in channels if each != Channel.SMS]
    return wanted | {"channels": channels} if channels else None


def spent(phone, *, now):
    """Whether a phone has had its SMS about waiting lists of this day."""
    today = Message.objects.filter(
        phone_index=crypto.blind_index("phone", phone), channel=Channel.SMS, kind__in=KINDS,
        created_at__gte=midnight(timezone.localdate(now)),
    ).exclude(state=MessageState.CANCELLED)  # fmt: skip
    return today.count() >= settings.WAITING_MESSAGES_PER_DAY


def tell_offer(entry, booking, to, *, now):
    """Say that a place is held, until when, and how to take it. `to` comes from `reach`."""
    offering = booking.slot.offering
    heads = f"，共{booking.heads}人" if booking.heads > 1 else ""
    body = (
        f"您候补的“{offering.title}”有名额了：{spoken(booking.slot.starts_at)}{heads}，"
        f"在{place(offering)}。已为您保留到{spoken(booking.held_until)}，"
        f"请在这之前到{MY_BOOKINGS}点“就约这个时间”，"
        f"或拨打{_phone(offering)}。过时会让给下一位。"
    )
    _tell(
        to, kind=OFFER, title="有名额了，请确认", body=body, about=booking,
        url=booking.get_absolute_url() if to["to"] is not None else "",
        not_after=booking.held_until,
        dedupe=f"waiting-offer:{booking.pk}:{to['to'].pk if to['to'] is not None else 'phone'}",
        sms_from=waiting_rules.sms_not_before(now, booking.held_until), urgent=True,
    )  # fmt: skip


def tell_joined(entry, *, now):
    """Say that somebody is on the list; in the inbox only, they have just asked for it."""
    body = (
        f"您已在{_what(entry)}的候补名单里。有人取消时会按次序为您保留名额，并发消息告诉您。"
        f"不想等了，可以到{MY_BOOKINGS}退出。"
    )
    _news(entry, "已加入候补", body, about=entry, dedupe=f"waiting-joined:{entry.pk}", now=now,
          only=[Channel.INBOX])  # fmt: skip


def tell_let_go(entry, booking, *, now):
    """Say what became of an entry whose offer was not taken: waits on, or has ended."""
    slot = booking.slot
    lost = f"{spoken(slot.starts_at)}的“{slot.offering.title}”"
    phone = _phone(slot.offering)
    only = None
    if booking.cancelled_as == "CITIZEN":
        only = [Channel.INBOX]  # they have just said so
        title, body = "名额已让给下一位", f"好的，{lost}已让给下一位。"
    elif booking.cancelled_as == "STATION":
        title, body = "保留的名额取消了", f"很抱歉，{lost}已停约，原因：{booking.cancel_reason}。"
    else:
        title = "保留时间已过，名额让给了下一位"
        body = f"为您保留的{lost}没有等到您确认，已让给下一位。"
    if entry.state == "WAITING":
        body += "您仍在候补名单里，有名额会再告诉您。"
    elif entry.state == "PASSED":
        body += f"已有{entry.unanswered}次没有等到您确认，这次候补到此结束。"
        body += f"仍想办理，可以重新候补，或拨打{phone}，由工作人员帮您安排。"
    else:
        body += f"需要时可以重新预约或候补，也可以拨打{phone}。"
    _news(entry, title, body, about=booking, dedupe=f"waiting-let-go:{booking.pk}", now=now,
          only=only, urgent=booking.cancelled_as == "STATION")  # fmt: skip


def tell_hold_over(booking, *, now):
    """Say that a place held without a waiting list (in place of a closed slot) is free again."""
    slot = booking.slot
    body = (
        f"为您保留的{spoken(slot.starts_at)}的“{slot.offering.title}”没有等到您确认，已经放开。"
        f"仍要办理请重新选时间，或拨打{_phone(slot.offering)}，由工作人员帮您安排。"
    )
    _news(booking, "保留时间已过", body, about=booking, dedupe=f"hold-over:{booking.pk}", now=now)


def tell_removed(entry, reason, *, now):
    """Say that the station took an entry off the list, and why."""
    body = (
        f"{_what(entry)}的候补已由站点结束，原因：{reason}。有疑问请拨打{_phone(entry.offering)}。"
    )
    _news(entry, "候补已结束", body, about=entry, dedupe=f"waiting-removed:{entry.pk}", now=now)


def tell_over(entry, *, now):
    """Say once that no place became free in time."""
    offering = entry.offering
    body = (
        f"很抱歉，{_what(entry)}没有等到空出的名额，这次候补已结束。"
        f"请看看别的日子，或拨打{_phone(offering)}，由工作人员帮您安排。"
    )
    _news(entry, "这次没有排到", body, about=entry, dedupe=f"waiting-over:{entry.pk}", now=now)


def _news(about_whom, title, body, *, about, dedupe, now, only=None, urgent=False):
    to = reach(about_whom, now=now, kind=NEWS)
    if to is not None:
        channels = [each for each in to["channels"] if only is None or each in only]
        _tell(to | {"channels": channels}, kind=NEWS, title=title, body=body, about=about, dedupe=dedupe,
              sms_from=waiting_rules.sms_not_before(now, now + waiting_rules.NEWS_LASTS),
              not_after=now + waiting_rules.NEWS_LASTS, urgent=urgent)  # fmt: skip


def _tell(to, *, sms_from=None, **said):
    """The inbox at once, the SMS from its own moment on and, for who can sign in, with the page."""
    for channel in to["channels"]:
        more = {"channels": [channel]}
        if channel == Channel.SMS:
            more |= {"not_before": sms_from} if sms_from else {}
            link = absolute(said.get("url") or reverse("services:my_bookings"))
            if link and to["to"] is not None:
                more["body"] = f"{said['body']}点开查看：{link}"
        messages.tell(**(to | said | more))


def _what(entry):
    when = spoken(entry.slot.starts_at) if entry.slot_id else chinese_dates.day(entry.day)
    return f"{when}“{entry.offering.title}”（{entry.offering.station.name}）"


def _phone(offering):
    return offering.station.phone or "12345"

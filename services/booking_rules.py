"""Decisions about bookings, without a database: may it be booked, moved, cancelled, checked in?

Each decision returns None or the refusal to raise, so that pages, API and acts say the same.
Limits and their units are `Offering`'s: minutes, calendar days, heads.
"""

from datetime import timedelta
from http import HTTPStatus

from django.utils import timezone

from services.enums import COMING_STATES, BookingState, FileState, OncePer
from veterans_portal import chinese_dates
from veterans_portal.errors import DomainError

# Late arrivals are still received until this long after the slot's end.
LATE_ARRIVAL = timedelta(hours=4)
# A slot's visitors who did not come are noted this long after its end.
NO_SHOW_GRACE = timedelta(minutes=30)
# Nobody is expected to arrive earlier than this before the slot begins.
EARLY_ARRIVAL = timedelta(hours=2)


class BookingRefusedError(DomainError):
    """A rule of the offering refuses; `status` is what the API answers."""

    code = "booking_refused"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class BookingConflictError(BookingRefusedError):
    """The request was fine, but the places or the person's other bookings stand against it."""

    code = "booking_conflict"
    status = HTTPStatus.CONFLICT


def whom_to_call(station):
    """Tail of a refusal: the station's phone, or 12345."""
    return f"有疑问请拨打{station.phone or '12345'}。"


def earliest_start(slot, *, lead_minutes, on_behalf, now):
    """The moment after which a slot must start to be bookable at `now`.

    Citizens keep the offering's lead time. Staff may seat people until the slot ends.
    """
    if on_behalf:
        return now - (slot.ends_at - slot.starts_at)
    return now + timedelta(minutes=lead_minutes)


def refusal_to_book(slot, *, heads, on_behalf, now, person=None):
    """Why `heads` people cannot be booked into `slot` now, places aside.

    Checked in the order a person would mind: is it offered at all, is it open, when, how many.
    """
    offering, station = slot.offering, slot.offering.station
    day = timezone.localdate(slot.starts_at)
    if not station.is_active(day):
        return BookingRefusedError(
            f"{station.name}当天不提供服务，请选择其他站点，或拨打12345。", code="station_closed"
        )
    if not offering.is_open:
        return BookingRefusedError(
            f"“{offering.title}”暂停预约。{whom_to_call(station)}", code="offering_closed"
        )
    if slot.closed_at is not None:
        return slot_closed(slot)
    return (
        _refusal_by_time(slot, day=day, on_behalf=on_behalf, now=now)
        or refusal_by_party(offering, heads)
        or refusal_by_file(person)
    )


def slot_closed(slot):
    """The refusal that says why a slot was closed."""
    return BookingConflictError(
        f"这个时段已停约（{slot.closed_reason}），请另选时段。", code="slot_closed", field="slot"
    )


def slot_full(left, heads):
    """The refusal that says how many places are left."""
    if left > 0:
        text = f"这个时段只剩{left}个名额，您要约{heads}人，请减少人数或另选时段。"
    else:
        text = "这个时段刚刚约满了，请另选时段。"
    return BookingConflictError(text, code="slot_full", field="slot")


def _refusal_by_time(slot, *, day, on_behalf, now):
    offering = slot.offering
    if slot.ends_at <= now or (slot.starts_at <= now and not on_behalf):
        return BookingRefusedError(
            "这个时段已经开始或过去了，请选择以后的时段。", code="slot_started", field="slot"
        )
    if out_of_season(offering, day):
        return BookingRefusedError(
            f"“{offering.title}”{_season(offering)}，请选择这段时间内的日期。",
            code="out_of_season",
            field="slot",
        )
    if on_behalf:
        return None
    if slot.starts_at <= now + timedelta(minutes=offering.lead_minutes):
        return BookingRefusedError(
            f"这个时段须提前{duration(offering.lead_minutes)}预约，请选择晚一些的时段，"
            f"或拨打{offering.station.phone or '12345'}。",
            code="too_late",
            field="slot",
        )
    if day > timezone.localdate(now) + timedelta(days=offering.horizon_days):
        return BookingRefusedError(
            f"最早提前{offering.horizon_days}天预约，请过几天再来，或选择近一些的日期。",
            code="too_early",
            field="slot",
        )
    return None


def refusal_by_party(offering, heads):
    """Why a party of `heads` does not fit the offering."""
    if heads < offering.party_min:
        return BookingRefusedError(
            f"这一项目每次至少{offering.party_min}人，您填了{heads}人。",
            code="party_too_small",
            field="heads",
        )
    if heads > offering.party_max:
        return BookingRefusedError(
            f"这一项目每次最多{offering.party_max}人，您填了{heads}人。",
            code="party_too_large",
            field="heads",
        )
    return None


def refusal_by_file(person):
    """Why nothing can be booked for a file: it was moved, closed or merged."""
    if person is not None and person.state in (FileState.MOVED, FileState.CLOSED, FileState.MERGED):
        return BookingRefusedError(
            f"此人的档案{person.get_state_display()}，不能再以此档案预约。请与站点核对，"
            "或改为填写联系人。",
            code="file_closed",
            field="person",
        )
    return None


def out_of_season(offering, day):
    """Whether `day` lies outside the offering's season (an open end does not limit)."""
    return bool(
        (offering.season_from and day < offering.season_from)
        or (offering.season_to and day > offering.season_to)
    )


def _season(offering):
    first, last = offering.season_from, offering.season_to
    if first and last:
        return f"开放时间为{chinese_dates.day(first)}至{chinese_dates.day(last)}"
    return f"从{chinese_dates.day(first)}开始" if first else f"到{chinese_dates.day(last)}为止"


def once_key(offering, slot, who):
    """Within what `who` may hold only one counted booking (`Offering.once_per`)."""
    reach = {
        OncePer.SLOT: f"t{slot.pk}",
        OncePer.DAY: f"d{timezone.localdate(slot.starts_at):%Y%m%d}",
        OncePer.SEASON: f"s{offering.season}",
    }[offering.once_per]
    return f"{offering.pk}:{reach}:{who}"


def already_booked(offering):
    """The refusal for a second booking within the offering's rule."""
    reach = {OncePer.SLOT: "这个时段", OncePer.DAY: "当天", OncePer.SEASON: "这一季"}
    return BookingConflictError(
        f"您已有“{offering.title}”{reach[offering.once_per]}的预约，不能重复预约。"
        "如要改时间，请在“我的预约”里改期。",
        code="already_booked",
        field="slot",
    )


def refusal_to_cancel(booking, *, now):
    """Why a citizen cannot cancel a booking now. Stations may at any time before arrival."""
    if booking.state not in COMING_STATES:
        return BookingConflictError(
            f"这个预约{booking.get_state_display()}，不能再取消。", code="not_coming"
        )
    station = booking.slot.offering.station
    if not booking.slot.offering.is_listed:
        return BookingRefusedError(
            f"“{booking.slot.offering.title}”请在当初报名的页面取消。{whom_to_call(station)}",
            code="own_pages",
        )
    if now >= booking.slot.starts_at:
        return BookingConflictError(
            f"这个时段已经开始，不能再取消。{whom_to_call(station)}", code="slot_started"
        )
    minutes = booking.slot.offering.cancel_minutes
    if now > booking.slot.starts_at - timedelta(minutes=minutes):
        return BookingConflictError(
            f"须提前{duration(minutes)}取消，现在已经来不及。请直接告知站点："
            f"{station.phone or '12345'}。",
            code="too_late_to_cancel",
        )
    return None


def no_proxy():
    """The refusal for somebody who may not act, or no longer, for whom they book."""
    return BookingRefusedError(
        "您现在不能为这位家人预约，代办关系可能已经到期。请到“家人代办”查看。", code="no_proxy"
    )


def not_held(booking):
    """The refusal for a place that is not held any more."""
    return BookingConflictError(
        f"这个名额已不再为您保留（{booking.get_state_display()}）。"
        f"{whom_to_call(booking.slot.offering.station)}",
        code="not_held",
    )


def refusal_to_take_held(booking, *, now):
    """Why a held place cannot be taken any more."""
    if booking.state != BookingState.OFFERED:
        return not_held(booking)
    if booking.held_until <= now:
        return BookingConflictError(
            f"保留时间到{chinese_dates.moment(booking.held_until)}为止，这个名额已经让给下一位。"
            f"{whom_to_call(booking.slot.offering.station)}",
            code="hold_over",
        )
    return None


def require_general(booking):
    """Raise BookingRefusedError for what has pages of its own: stands, courses are worked there."""
    offering = booking.slot.offering
    if not offering.is_listed:
        raise BookingRefusedError(
            f"“{offering.title}”有自己的页面，请到“就业创业”里办理。", code="own_pages"
        )


def refusal_to_check_in(booking, *, now):
    """Why somebody who stands at the counter cannot be checked in with this booking."""
    if booking.state == BookingState.CHECKED_IN or booking.state == BookingState.SERVED:
        return BookingConflictError(
            f"这个预约在{chinese_dates.moment(booking.checked_in_at)}已经签到。",
            code="already_checked_in",
        )
    if booking.state == BookingState.PENDING:
        return BookingConflictError(
            "这个预约还没有审核。请先在预约详情里确认，再签到。", code="not_confirmed"
        )
    if booking.state == BookingState.CANCELLED:
        return BookingConflictError(
            f"这个预约已由{booking.get_cancelled_as_display()}取消（{booking.cancel_reason}）。"
            "可以为来人现场登记。",
            code="cancelled",
        )
    if booking.state == BookingState.LEFT:
        return BookingConflictError(
            f"这个预约签到后，人在{chinese_dates.moment(booking.left_at)}离开了"
            f"（{booking.left_reason}）。人又来了，请现场取号。",
            code="left_before",
        )
    when = chinese_dates.span(booking.slot.starts_at, booking.slot.ends_at)
    if now < booking.slot.starts_at - EARLY_ARRIVAL:
        return BookingRefusedError(
            f"还没到时间：预约的是{when}。可提前2小时签到。", code="too_early_to_check_in"
        )
    if now > booking.slot.ends_at + LATE_ARRIVAL:
        return BookingRefusedError(
            f"已过时太久：预约的是{when}。请为来人现场登记。", code="too_late_to_check_in"
        )
    return None


def duration(minutes):
    """90 → 1小时30分钟, 2880 → 2天."""
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    parts = [(days, "天"), (hours, "小时"), (left, "分钟")]
    return "".join(f"{n}{unit}" for n, unit in parts if n) or "0分钟"

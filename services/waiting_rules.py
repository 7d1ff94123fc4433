"""Decisions about the waiting list, without a database: until when a place is held, what an entry becomes.

Minutes and moments as in `booking_rules`. Times of day are local: nobody is asked to answer in the
night, and a station that has to phone can only do so on a working day.
"""

from datetime import datetime, time, timedelta
from http import HTTPStatus

from django.utils import timezone

from services.booking_rules import whom_to_call
from services.enums import CancelledAs, WaitingState
from veterans_portal.daytime import next_daytime
from veterans_portal.errors import DomainError

# An offer never ends between these: who sleeps cannot answer.
EVENING, MORNING = time(21), time(9)
# Whoever has no account and no phone is phoned by the station in these hours of a working day.
DESK_CLOSES = time(17)
MINUTE = timedelta(minutes=1)
# A shorter offer is none: nobody answers at once.
LEAST = timedelta(minutes=30)
# Other news of a waiting list is of no use after this.
NEWS_LASTS = timedelta(days=1)
# After so many offers that nobody answered the entry ends.
MOST_UNANSWERED = 3


class WaitingRefusedError(DomainError):
    """A rule of the waiting list refuses."""

    code = "waiting_refused"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class WaitingConflictError(WaitingRefusedError):
    """The list has changed, or the person stands on it already."""

    code = "waiting_conflict"
    status = HTTPStatus.CONFLICT


def held_until(slot, *, now, from_=None):
    """Until when an offer of `slot` made at `now` holds its place, or None when it is too late.

    `offer_minutes` of its offering from `from_` (default now), not ending in the night but at nine
    the next morning, and never beyond the moment at which the slot can no longer be booked (start
    less `lead_minutes`), whatever else is said. None when less than LEAST would remain.
    """
    begins = from_ or now
    latest = slot.starts_at - timedelta(minutes=slot.offering.lead_minutes)
    until = _out_of_the_night(begins + timedelta(minutes=slot.offering.offer_minutes))
    until = min(until, latest)
    return until if until - begins >= LEAST else None


def _out_of_the_night(moment):
    local = timezone.localtime(moment)
    if MORNING <= local.time() <= EVENING:
        return moment
    day = local.date() + timedelta(days=local.time() > EVENING)
    return timezone.make_aware(datetime.combine(day, MORNING))


def next_call(now, *, next_workday, is_workday):
    """The first moment from `now` on at which somebody at the desk can phone.

    `is_workday` is whether people work today, `next_workday` the first working day after today.
    """
    local = timezone.localtime(now)
    if is_workday and local.time() < DESK_CLOSES:
        opens = timezone.make_aware(datetime.combine(local.date(), MORNING))
        return max(now, opens)
    return timezone.make_aware(datetime.combine(next_workday, MORNING))


def sms_not_before(now, until):
    """When the SMS of an offer may go out: not in the night, but with LEAST left to answer."""
    return max(now, min(next_daytime(now), until - LEAST))


def after_no(entry, as_):
    """What becomes of an entry whose offer came to nothing: its state, and how many unanswered.

    CITIZEN said no: those who wait for this one slot leave, others go on waiting. SYSTEM, the time
    ran out: the entry ends with the third. STATION took the slot away: that is nobody's fault.
    """
    if as_ == CancelledAs.CITIZEN:
        state = WaitingState.LEFT if entry.slot_id else WaitingState.WAITING
        return state, entry.unanswered
    if as_ == CancelledAs.SYSTEM:
        unanswered = entry.unanswered + 1
        over = unanswered >= MOST_UNANSWERED
        return WaitingState.PASSED if over else WaitingState.WAITING, unanswered
    return WaitingState.WAITING, entry.unanswered


def can_be_offered(slot, now):
    """Whether a place that became free in `slot` now could still be offered to somebody."""
    latest = slot.starts_at - timedelta(minutes=slot.offering.lead_minutes)
    return slot.closed_at is None and slot.offering.is_open and latest - now >= LEAST


def no_list(offering):
    """The refusal where an offering has no waiting list."""
    return WaitingRefusedError(
        f"“{offering.title}”没有候补名单。{whom_to_call(offering.station)}", code="no_list"
    )


def too_late(offering):
    """The refusal when nothing of the day can be offered any more."""
    return WaitingRefusedError(
        f"这一天已经来不及候补了，请看别的日子。{whom_to_call(offering.station)}", code="too_late"
    )


def places_left(slot):
    """The refusal while there is a place: it can be booked at once."""
    return WaitingConflictError(
        "现在还有名额，不用排队，直接预约就可以。", code="places_left", field="slot"
    )


def too_many(most):
    """The refusal of a party larger than any slot of the day."""
    return WaitingRefusedError(
        f"每个时段最多{most}人，请减少人数，或分开预约。", code="party_too_large", field="heads"
    )


def already_waiting():
    """The refusal of a second entry for the same person and day."""
    return WaitingConflictError(
        "您已在这一天的候补名单里，不用再排。请到“我的预约”查看。", code="already_waiting"
    )


def changed_meanwhile():
    """The refusal when the entry moved on while the page was open."""
    return WaitingConflictError("名单刚刚有变化，请刷新页面后再办。", code="changed_meanwhile")


def not_on_the_list(entry):
    """The refusal for an entry that has ended."""
    return WaitingConflictError(
        f"这个候补已经结束（{entry.get_state_display()}）。", code="not_on_the_list"
    )

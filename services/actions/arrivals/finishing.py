"""The end of a visit: served, gone, or settled after the day."""

from contextlib import contextmanager, nullcontext

from django.utils import timezone

from services import arrival_rules as rules
from services.actions import ratings
from services.actions.arrivals.trail import answered, locked, write
from services.actions.bookings.changing import held, leave_held, serve_held
from services.enums import ArrivalAct, ArrivalState, BookingState
from services.models import Arrival

State = ArrivalState
NOT_CALLED = "当天没有办，下班后由系统结束"
NOT_FINISHED = "下班时仍在办理，由系统记为办完"


def finish(*, arrival, by, window=None, client_key="", words="", now=None):
    """The matter of the visit is dealt with; a booking behind it is served in the same breath.

    Without calling before, at a counter that calls nobody, the visit counts as begun now.
    Whoever came without a matter on file may rate the visit. Raises ArrivalRefusedError.
    """
    now = now or timezone.now()
    with _with_booking(arrival) as (booking, mine):
        return _finish(mine, booking, by=by, window=window, client_key=client_key, words=words,
                       now=now)  # fmt: skip


def finish_booked(*, booking, by, now):
    """The same, begun from a booking that is locked and checked in; None when it has no ticket."""
    ticket = Arrival.objects.filter(booking=booking).first()
    if ticket is None:
        return None
    with locked(ticket) as mine:
        return _finish(mine, booking, by=by, now=now)


def _finish(mine, booking, *, by, now, window=None, client_key="", words=""):
    if mine.state == State.SERVED or answered(by, client_key):
        return mine
    refusal = rules.refusal_to_act(
        mine, states=[State.WAITING, State.CALLED, State.SERVING], window=window
    )
    if refusal:
        raise refusal
    mine.begun_at = mine.begun_at or mine.called_at or now
    mine.state, mine.ended_at = State.SERVED, now
    mine.save(update_fields=["state", "begun_at", "ended_at"])
    write(
        mine, ArrivalAct.SERVED, by=by, at=now, window=mine.window, words=words,
        client_key=client_key,
    )  # fmt: skip
    if booking is not None and booking.state == BookingState.CHECKED_IN:
        serve_held(booking, by=by, now=now)
    if mine.matter_id is None and by is not None:
        ratings.invite(arrival=mine)
    return mine


def leave(*, arrival, by, reason, client_key="", now=None):
    """The party went away unserved, and so does a booking behind it; `reason` says why."""
    now = now or timezone.now()
    with _with_booking(arrival) as (booking, mine):
        if mine.state == State.LEFT or answered(by, client_key):
            return mine
        refusal = rules.refusal_to_act(mine, states=[State.WAITING, State.CALLED, State.SKIPPED])
        if refusal:
            raise refusal
        words = reason.strip()[:120]
        if not words:
            raise rules.ArrivalRefusedError(
                "请写明离开的原因。", code="reason_missing", field="reason"
            )
        mine.state, mine.ended_at = State.LEFT, now
        mine.save(update_fields=["state", "ended_at"])
        write(
            mine, ArrivalAct.LEFT, by=by, at=now, window=mine.window, words=words,
            client_key=client_key,
        )  # fmt: skip
        if booking is not None and booking.state == BookingState.CHECKED_IN:
            leave_held(booking, by=by, reason=words, now=now)
    return mine


def settle(*, before, window=None, now=None):
    """Settle who is still in the hall of days before `before`; returns how many there were.

    Whoever was being served was served, all others left unserved. `window` settles only who
    still stands there, so that a window is free in the morning whatever the night task did.
    """
    rest = Arrival.objects.in_the_hall().filter(day__lt=before)
    if window is not None:
        rest = rest.at_a_window().filter(window=window)
    done = 0
    for arrival in rest.order_by("pk"):
        try:
            if arrival.state == State.SERVING:
                finish(arrival=arrival, by=None, words=NOT_FINISHED, now=now)
            else:
                leave(arrival=arrival, by=None, reason=NOT_CALLED, now=now)
        except rules.ArrivalRefusedError:
            continue  # somebody moved it just now: the next run sees it as it is then
        done += 1
    return done


@contextmanager
def _with_booking(arrival):
    """The booking behind the arrival (or None), then the arrival, locked in that order."""
    behind = held(arrival.booking) if arrival.booking_id else nullcontext()
    with behind as booking, locked(arrival) as mine:
        yield booking, mine

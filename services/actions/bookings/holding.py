"""A place held for somebody who has not said yes yet: taken by them, or let go.

What an OFFERED booking means, everywhere: it holds its places and counts against "once per day",
so nobody else and no second booking can have them. Nobody is expected by it: it is not among the
coming, gets no reminder, is never noted as not come, and is not reviewed or moved. Its person may
take it until `held_until`; standing at the counter before it was let go is the clearest yes there
is, so `check_in` takes it too.
"""

from django.utils import timezone

from accounts import messages
from services import booking_rules as rules
from services import notifications
from services.actions.bookings.changing import held, record, release
from services.actions.bookings.passing import settle_taken
from services.actions.bookings.taking import hold
from services.enums import COMING_STATES, BookingState
from services.notices.reaching import is_over

__all__ = ["hold", "let_go", "take_held"]


def take_held(*, booking, by, now=None):
    """Make a held place a booking, and say so; taken before, it stays as it is.

    Raises BookingConflictError `not_held` when it was let go, `hold_over` when the time ran out,
    BookingRefusedError `no_proxy` for an agent who no longer acts: it is the person's then.
    """
    now = now or timezone.now()
    with held(booking) as mine:
        former = is_over(mine.proxy) and by.pk == mine.proxy.agent_id
        if former and by.pk != mine.person.account_id:
            raise rules.no_proxy()
        if mine.state in COMING_STATES and mine.held_until:
            return mine
        if refusal := rules.refusal_to_take_held(mine, now=now):
            raise refusal
        confirm_held(mine, by=by, now=now)
        for said in notifications.everybody(
            mine, notifications.booked, kind=notifications.BOOKED, about=mine,
            not_after=mine.slot.ends_at,
        ):  # fmt: skip
            messages.tell(**said)
    return mine


def confirm_held(booking, *, by, now):
    """Set a locked, held booking to confirmed and withdraw what was to be sent of the offer.

    Where the offering is reviewed, a citizen's goes to the station first, like any other. It is
    booked now: what was due before, a reminder, is not made up for.
    """
    reviewed = booking.slot.offering.needs_review and by.is_citizen
    booking.state = BookingState.PENDING if reviewed else BookingState.CONFIRMED
    booking.created_at = now
    booking.save(update_fields=["state", "created_at"])
    record("services.booking_held_taken", booking, by=by)
    messages.withdraw(booking)
    settle_taken(booking, by=by, now=now)


def let_go(*, booking, by, reason, as_, now=None):
    """Give a held place back, once: to whoever waits next, else to everybody.

    `as_` says why: CITIZEN did not want it, SYSTEM when the time ran out, STATION took it off
    offer. Raises BookingConflictError when it is not held any more.
    """
    now = now or timezone.now()
    with held(booking) as mine:
        if mine.state != BookingState.OFFERED:
            raise rules.not_held(mine)
        release(mine, by=by, reason=reason, as_=as_, now=now)
    return mine

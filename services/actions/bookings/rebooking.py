"""For those whose slot was closed: hold the nearest other slot, and say so in one message.

It runs after the act that closed the slots, because it takes places in others. The plain message
about the cancelling waits HOLD_BACK meanwhile; should this never run, it goes out by itself.
"""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts import dispatch, messages
from services import booking_rules as rules
from services import notifications
from services.actions.bookings.taking import Contact, hold
from services.enums import BookingState, CancelledAs
from services.models import Booking, Slot

HOLD_BACK = timedelta(minutes=3)
# So long the other place is held, and no shorter than LEAST: nobody answers at once.
HELD_FOR = timedelta(hours=48)
LEAST = timedelta(minutes=30)


def offer_others(cancelled):
    """After the commit, have another slot held for each of these bookings."""
    from services.tasks.hours import offer_other_slots

    if wanted := [booking.pk for booking in cancelled]:
        transaction.on_commit(lambda: dispatch.send(offer_other_slots, wanted))


def offer_other(*, booking, now=None):
    """Hold the nearest free slot for one whose slot was closed; returns the held Booking or None.

    May run again: the place is held once. Nothing is done for a file that was closed meanwhile,
    or when the person has booked the same offering again.
    """
    now = now or timezone.now()
    if booking.state != BookingState.CANCELLED or booking.cancelled_as == CancelledAs.CITIZEN:
        return None
    if earlier := _held_before(booking):
        return earlier
    for slot in _candidates(booking, now):
        until = _until(slot, now)
        if until is None:
            continue
        try:
            with transaction.atomic():
                held = _hold(booking, slot, until, now)
                if held is not None:
                    _tell(booking, held)
        except rules.BookingConflictError as refusal:
            if refusal.code == "already_booked":
                return None
            continue
        except rules.BookingRefusedError:
            continue
        if held is not None:
            return held
    return None


def _held_before(booking):
    made = Booking.objects.filter(by=booking.by_id, client_key=_key(booking))
    return made.with_slot().first()


def _key(booking):
    return f"instead-of-{booking.pk}"


def _candidates(booking, now):
    """The nearest slots with enough places: those after the lost one first."""
    near = Slot.objects.near(booking.slot, heads=booking.heads, now=now)
    near.sort(key=lambda slot: slot.starts_at < booking.slot.starts_at)
    whole = Slot.objects.with_rules().in_bulk([slot.pk for slot in near])
    return [whole[slot.pk] for slot in near]


def _until(slot, now):
    """Until when the place can be held: always before it could no longer be booked at all."""
    latest = slot.starts_at - timedelta(minutes=slot.offering.lead_minutes)
    until = min(now + HELD_FOR, latest)
    return until if until - now >= LEAST else None


def _hold(booking, slot, until, now):
    contact = None
    if booking.person_id is None:
        contact = Contact(booking.contact_name, booking.contact_phone or "")
    return hold(
        slot=slot, heads=booking.heads, by=booking.by, until=until, person=booking.person,
        contact=contact, on_behalf=booking.on_behalf, proxy=booking.proxy, client_key=_key(booking),
        now=now,
    )  # fmt: skip


def _tell(booking, held):
    """One message in place of the plain one, if that has not gone out yet."""
    messages.withdraw(booking, kind=notifications.CANCELLED)
    for told in notifications.everybody(
        held, partial(notifications.held_instead, booking), kind=notifications.HELD, about=held,
        not_after=held.held_until, dedupe=f"held-instead:{held.pk}", urgent=True,
    ):  # fmt: skip
        messages.tell(**told)


def with_all(pks):
    """The cancelled bookings of these ids, with what `offer_other` reads."""
    return (
        Booking.objects.filter(pk__in=pks)
        .with_slot()
        .select_related("person__account", "by")
        .order_by("pk")
    )

"""Reminders: written when their moment has come, once per booking, slot and kind."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import messages
from accounts.enums import Channel
from accounts.models import Message
from services import notifications
from services.enums import BookingState
from services.models import Booking
from veterans_portal.daytime import next_daytime

BATCH = 500
# No reminder is due longer than this before its slot (the day before, in the morning).
REACH = timedelta(days=2)


def remind(*, now=None):
    """Write the reminders that are due; returns how many bookings were reminded.

    Written at night (the worker was away) they ring in the morning. None for a booking made or moved after the moment (they know), none once the slot has begun;
    what waits in the outbox is not sent after the slot's start (`not_after`). A cancelled or moved
    booking's waiting reminders are withdrawn by that act.
    """
    now = now or timezone.now()
    ahead = Booking.objects.filter(
        state=BookingState.CONFIRMED, slot__starts_at__gt=now, slot__starts_at__lt=now + REACH
    ).values_list("pk", "slot_id", "slot__starts_at", "created_at", "moved_at")
    due = [
        (pk, f"booking:{pk}:{slot}:{kind}")
        for pk, slot, starts_at, created_at, moved_at in ahead
        for kind, moment in notifications.reminder_moments(starts_at).items()
        if (moved_at or created_at) < moment <= now
    ]
    return sum(_write(due[at : at + BATCH], now) for at in range(0, len(due), BATCH))


def _write(due, now):
    told = set(
        Message.objects.filter(
            dedupe__in=[f"{key}:{channel}" for _, key in due for channel in Channel.values]
        ).values_list("dedupe", flat=True)
    )
    keys = {pk: key for pk, key in due if not any(f"{key}:{c}" in told for c in Channel.values)}
    with transaction.atomic():
        # Locked, so that no cancellation slips between this look and the reminder.
        bookings = (
            Booking.objects.filter(pk__in=keys, state=BookingState.CONFIRMED)
            .with_slot()
            .select_related("person__account", "by", "proxy__agent")
            .select_for_update(of=("self",), no_key=True, skip_locked=True)
        )
        return sum(_remind(booking, keys[booking.pk], now) for booking in bookings)


def _remind(booking, key, now):
    arguments = notifications.told(
        booking,
        notifications.reminder(booking),
        kind=notifications.REMINDER,
        about=booking,
        not_before=next_daytime(now),
        not_after=booking.slot.starts_at,
        dedupe=key,
    )
    if arguments is None:
        return 0
    messages.tell(**arguments)
    return 1

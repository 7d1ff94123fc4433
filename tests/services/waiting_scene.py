"""What the tests of the waiting list share: a full slot, and people who want it."""

from datetime import datetime, time

from django.utils import timezone

from accounts.models import AuditEntry, Message
from services.actions import bookings, waiting
from services.actions.bookings import Contact
from services.enums import Role
from services.models import Offering, WaitingEntry
from tests.factories.accounts import UserFactory
from tests.factories.bookings import SlotFactory
from tests.factories.network import PostingFactory
from tests.services.booking_scene import take


def at(day, hour, minute=0):
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def full_slot(*, capacity=1, **more):
    """A slot whose places are all booked, and the bookings."""
    slot = SlotFactory(capacity=capacity, **more)
    return slot, [take(slot_of(slot), UserFactory()) for _ in range(capacity)]


def slot_of(slot):
    return type(slot).objects.with_rules().get(pk=slot.pk)


def join(slot, by=None, *, heads=1, key="", only=False, **more):
    """Somebody waits for the slot's day (`only`: for that slot)."""
    by = by or UserFactory()
    if "person" not in more:
        more.setdefault("contact", Contact(by.name, by.phone or ""))
    offering = Offering.objects.select_related("station").get(pk=slot.offering_id)
    return waiting.join(
        offering=offering, day=slot.day, slot=slot_of(slot) if only else None, heads=heads, by=by,
        client_key=key or f"join-{by.pk}-{slot.pk}", **more,
    )  # fmt: skip


def cancel(booking, **more):
    return bookings.cancel(booking=booking, by=booking.by, reason="时间不便", **more)


def clerk_of(slot, role=Role.CLERK):
    return PostingFactory(station=slot.offering.station, role=role).user


def fresh(entry):
    return WaitingEntry.objects.select_related("booking").get(pk=entry.pk)


def last_news():
    return Message.objects.filter(kind="services.waiting_news").order_by("created_at").last().body


def acts_on(row):
    return list(AuditEntry.objects.about(row).order_by("pk").values_list("act", flat=True))

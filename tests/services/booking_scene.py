"""What the tests of the booking engine share."""

from django.db.models import Sum

from services.actions import bookings
from services.actions.bookings import Contact
from services.enums import HOLDING_STATES
from services.models import Booking, Slot


def with_rules(slot):
    return Slot.objects.with_rules().get(pk=slot.pk)


def take(slot, by, *, key="k1", heads=1, **more):
    contact = more.pop("contact", Contact(by.name, by.phone or "19900309999"))
    if "person" in more:
        contact = None
    return bookings.book(slot=slot, heads=heads, by=by, client_key=key, contact=contact, **more)


def assert_counts_agree(slot):
    slot.refresh_from_db()
    held = Booking.objects.filter(slot=slot, state__in=HOLDING_STATES)
    assert slot.taken == (held.aggregate(heads=Sum("heads"))["heads"] or 0)

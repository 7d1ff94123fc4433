"""A hall for the tests: a station with three windows, and people who come in."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from services.actions import arrivals, bookings
from services.models import Booking
from tests.factories.bookings import BookingFactory, OfferingFactory, SlotFactory
from tests.factories.network import (
    PostingFactory,
    ServiceItemFactory,
    StationFactory,
    WindowFactory,
)


def build(windows=3):
    """`hall`: station, clerk, windows (the first does consultation, the second cards)."""
    hall = SimpleNamespace(station=StationFactory())
    hall.clerk = PostingFactory(station=hall.station).user
    hall.policy = ServiceItemFactory()
    hall.card = ServiceItemFactory(code="card", name="优待证办理引导", is_consultation=False)
    hall.windows = [WindowFactory(station=hall.station, number=n + 1) for n in range(windows)]
    hall.windows[0].items.set([hall.policy])
    if windows > 1:
        hall.windows[1].items.set([hall.card])
    return hall


def walk_in(hall, name="王建国", **more):
    """Somebody walks in now, or `minutes` ago."""
    now = timezone.now() - timedelta(minutes=more.pop("minutes", 0))
    more = {"client_key": f"walk-{name}-{now.timestamp()}", "now": now} | more
    return arrivals.arrive(station=hall.station, by=hall.clerk, name=name, **more)


def booked(hall, *, minutes=0, came=0, window=None, item=None, **more):
    """Somebody whose slot begins `minutes` from now checked in `came` minutes ago; the arrival."""
    offering = OfferingFactory(
        station=hall.station, window=window, item=item if window or item else hall.policy
    )
    slot = SlotFactory(offering=offering, starts_at=timezone.now() + timedelta(minutes=minutes))
    booking = BookingFactory(slot=slot, **more)
    bookings.check_in(booking=booking, by=hall.clerk, now=timezone.now() - timedelta(minutes=came))
    return Booking.objects.get(pk=booking.pk).arrival


def call(window, by, **more):
    return arrivals.call_next(window=window, by=by, **more)

from datetime import timedelta

import factory
from django.utils import timezone

from services.enums import BookingState, CancelledAs
from services.models import Booking, Offering, OfferingHours, Slot
from tests.factories.accounts import UserFactory
from tests.factories.network import StationFactory


class OfferingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Offering

    station = factory.SubFactory(StationFactory)
    title = factory.Sequence(lambda n: f"综合窗口{n}")


class OfferingHoursFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OfferingHours

    offering = factory.SubFactory(OfferingFactory)
    start = "09:00"
    end = "11:30"


def weekday_ahead():
    """9:00 of the first weekday at least three days ahead."""
    morning = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    morning += timedelta(days=3)
    over_the_weekend = 7 - morning.weekday() if morning.weekday() > 4 else 0
    return morning + timedelta(days=over_the_weekend)


class SlotFactory(factory.django.DjangoModelFactory):
    """A slot of a weekday's hours, three days ahead or after the weekend; `full` has no place left,
    `past` is over."""

    class Meta:
        model = Slot

    offering = factory.SubFactory(OfferingFactory)
    starts_at = factory.Sequence(lambda n: weekday_ahead() + timedelta(minutes=30 * (n % 16)))
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + timedelta(minutes=30))
    capacity = 2

    class Params:
        full = factory.Trait(taken=factory.SelfAttribute("capacity"))
        past = factory.Trait(
            starts_at=factory.LazyFunction(lambda: timezone.now() - timedelta(hours=2))
        )
        closed = factory.Trait(
            closed_at=factory.LazyFunction(timezone.now), closed_reason="窗口检修"
        )


class BookingFactory(factory.django.DjangoModelFactory):
    """A confirmed booking by a citizen for themselves; the slot's count is not touched."""

    class Meta:
        model = Booking

    slot = factory.SubFactory(SlotFactory)
    station = factory.SelfAttribute("slot.offering.station")
    code = factory.Sequence(lambda n: f"T{n:09d}")
    by = factory.SubFactory(UserFactory)
    contact_name = factory.SelfAttribute("by.name")
    contact_phone = factory.SelfAttribute("by.phone")
    once_key = factory.Sequence(lambda n: f"test:{n}:p{n}")
    client_key = factory.Sequence(lambda n: f"key-{n}")

    class Params:
        checked_in = factory.Trait(
            state=BookingState.CHECKED_IN, checked_in_at=factory.LazyFunction(timezone.now)
        )
        no_show = factory.Trait(
            state=BookingState.NO_SHOW, no_show_at=factory.LazyFunction(timezone.now)
        )
        left = factory.Trait(
            state=BookingState.LEFT,
            checked_in_at=factory.LazyFunction(timezone.now),
            left_at=factory.LazyFunction(timezone.now),
            left_reason="等不及，改天再来",
        )
        cancelled = factory.Trait(
            state=BookingState.CANCELLED,
            cancelled_at=factory.LazyFunction(timezone.now),
            cancelled_as=CancelledAs.CITIZEN,
            cancel_reason="时间不便",
        )

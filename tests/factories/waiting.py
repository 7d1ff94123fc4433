from datetime import timedelta

import factory
from django.utils import timezone

from services.enums import BookingState, WaitingState
from services.models import WaitingEntry
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory, SlotFactory


class WaitingEntryFactory(factory.django.DjangoModelFactory):
    """A citizen who waits for any slot of a day; `offered` holds a place (the slot's count is not
    touched), `only` waits for the one slot `at`."""

    class Meta:
        model = WaitingEntry
        exclude = ["at"]

    at = factory.SubFactory(SlotFactory, full=True)
    offering = factory.SelfAttribute("at.offering")
    station = factory.SelfAttribute("offering.station")
    day = factory.LazyAttribute(lambda o: timezone.localdate(o.at.starts_at))
    by = factory.SubFactory(UserFactory)
    contact_name = factory.SelfAttribute("by.name")
    contact_phone = factory.SelfAttribute("by.phone")
    heads = 1
    who = factory.Sequence(lambda n: f"c{n}")
    client_key = factory.Sequence(lambda n: f"waiting-key-{n}")
    rank = factory.Sequence(lambda n: 1_700_000_000_000_000 + 1000 * n)

    class Params:
        only = factory.Trait(slot=factory.SelfAttribute("at"))
        offered = factory.Trait(
            state=WaitingState.OFFERED,
            offers=1,
            offer_until=factory.LazyFunction(lambda: timezone.now() + timedelta(hours=2)),
            booking=factory.SubFactory(
                BookingFactory,
                state=BookingState.OFFERED,
                slot=factory.SelfAttribute("..at"),
                by=factory.SelfAttribute("..by"),
                heads=factory.SelfAttribute("..heads"),
                held_until=factory.SelfAttribute("..offer_until"),
            ),
        )
        left = factory.Trait(state=WaitingState.LEFT, ended_at=factory.LazyFunction(timezone.now))

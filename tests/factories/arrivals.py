import factory
from django.utils import timezone

from services.enums import ArrivalAct, ArrivalState
from services.models import Arrival, ArrivalEvent
from tests.factories.accounts import UserFactory
from tests.factories.network import StationFactory, WindowFactory


class ArrivalFactory(factory.django.DjangoModelFactory):
    """Somebody who walked in and waits for any window; traits bring them further."""

    class Meta:
        model = Arrival

    station = factory.SubFactory(StationFactory)
    ticket = factory.Sequence(lambda n: f"A{n + 500}")
    name = "王建国"
    by = factory.SubFactory(UserFactory, staff=True)
    client_key = factory.Sequence(lambda n: f"arrival-{n}")

    class Params:
        called = factory.Trait(
            state=ArrivalState.CALLED,
            window=factory.SubFactory(WindowFactory, station=factory.SelfAttribute("..station")),
            called_at=factory.LazyFunction(timezone.now),
            called_by=factory.SelfAttribute("by"),
            calls=1,
        )
        serving = factory.Trait(
            called=True,
            state=ArrivalState.SERVING,
            begun_at=factory.LazyFunction(timezone.now),
        )
        served = factory.Trait(
            serving=True,
            state=ArrivalState.SERVED,
            ended_at=factory.LazyFunction(timezone.now),
        )
        skipped = factory.Trait(called=True, state=ArrivalState.SKIPPED)
        left = factory.Trait(state=ArrivalState.LEFT, ended_at=factory.LazyFunction(timezone.now))


class ArrivalEventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ArrivalEvent

    arrival = factory.SubFactory(ArrivalFactory)
    act = ArrivalAct.ARRIVED
    by = factory.SelfAttribute("arrival.by")

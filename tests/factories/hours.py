from datetime import timedelta

import factory
from django.utils import timezone

from services.enums import ClosureKind, DayKind
from services.models import Closure, OpeningHours
from tests.factories.accounts import UserFactory
from tests.factories.network import StationFactory, WindowFactory


class OpeningHoursFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OpeningHours

    station = factory.SubFactory(StationFactory)
    on = DayKind.WORKDAY
    start = "09:00"
    end = "17:00"


class ClosureFactory(factory.django.DjangoModelFactory):
    """The whole station on one day, three days ahead; `absence`: a clerk away from a window."""

    class Meta:
        model = Closure

    station = factory.SubFactory(StationFactory)
    kind = ClosureKind.CLOSED
    first_day = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=3))
    last_day = factory.SelfAttribute("first_day")
    reason = "窗口检修"
    by = factory.SubFactory(UserFactory, staff=True)

    class Params:
        absence = factory.Trait(
            kind=ClosureKind.ABSENCE,
            staff=factory.SubFactory(UserFactory, staff=True),
            window=factory.SubFactory(WindowFactory, station=factory.SelfAttribute("..station")),
        )

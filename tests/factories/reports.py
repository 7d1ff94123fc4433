from datetime import date

import factory
from django.utils import timezone

from reports.enums import ReturnState
from reports.models import Figure, ReportingPeriod, Return
from tests.factories.accounts import UserFactory
from tests.factories.network import StationFactory


class ReportingPeriodFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReportingPeriod
        django_get_or_create = ("month",)

    month = date(2025, 6, 1)
    due_village = date(2025, 7, 2)
    due_town = date(2025, 7, 3)
    due_district = date(2025, 7, 7)
    due_city = date(2025, 7, 10)


class ReturnFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Return

    period = factory.SubFactory(ReportingPeriodFactory)
    station = factory.SubFactory(StationFactory)
    due_on = date(2025, 7, 2)

    class Params:
        filed = factory.Trait(
            state=ReturnState.FILED,
            filler=factory.SubFactory(UserFactory, staff=True),
            filed_at=factory.LazyFunction(timezone.now),
            first_filed_at=factory.SelfAttribute("filed_at"),
        )
        accepted = factory.Trait(
            filed=True,
            state=ReturnState.ACCEPTED,
            reviewer=factory.SubFactory(UserFactory, staff=True),
            reviewed_at=factory.LazyFunction(timezone.now),
        )


class FigureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Figure

    of = factory.SubFactory(ReturnFactory)
    code = "SVC-06"

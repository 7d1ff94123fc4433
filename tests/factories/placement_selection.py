"""Rules and sessions of choosing posts; a session's order and posts by `tests.placement.selection_scene`."""

from datetime import date, timedelta
from decimal import Decimal

import factory
from django.utils import timezone

from placement.enums.selection import MissedRule
from placement.models import SelectionRules, SelectionSession
from tests.factories.accounts import UserFactory
from tests.factories.placement_plans import PlacementPlanFactory


class SelectionRulesFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SelectionRules
        django_get_or_create = ("effective_from",)

    effective_from = date(2024, 9, 1)
    turn_minutes = 5
    late_minutes = 30
    missed = MissedRule.LAST
    wage_percent = 80
    living_allowance = Decimal("2490.00")
    visit_days = 90
    basis = "退役军人安置条例"


RULES = {"turn_seconds": 300, "late_seconds": 1800, "missed": "LAST", "outage_seconds": 20,
         "basis": "示例", "ties": []}  # fmt: skip


class SelectionSessionFactory(factory.django.DjangoModelFactory):
    """A prepared session without order and posts."""

    class Meta:
        model = SelectionSession

    code = factory.Sequence(lambda n: f"XGT{n:05d}")
    plan = factory.SubFactory(PlacementPlanFactory)
    station = factory.SelfAttribute("plan.station")
    year = factory.SelfAttribute("plan.year")
    title = "年度退役军人选岗会"
    venue = "市民中心三楼"
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=1))
    rules = factory.LazyFunction(lambda: dict(RULES))
    prepared_by = factory.SubFactory(UserFactory, staff=True)

"""Rules: `draft=True` waits for its publication, else the version is in force."""

from datetime import date

import factory
from django.utils import timezone

from services.enums import Answer, RuleKind, RuleState
from services.models import GoldenCase, Rule, RuleVersion
from services.rules import Facts
from services.rules.golden import facts_to_data
from tests.factories.accounts import UserFactory
from tests.factories.network import StationFactory

SEVENTY = {"all": [{"is": "age", "min": 70}]}


class RuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Rule

    code = factory.Sequence(lambda n: f"rule-{n}")
    kind = RuleKind.OUTREACH
    title = "高龄老兵关怀"
    station = factory.SubFactory(StationFactory, city=True)


class RuleVersionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RuleVersion

    class Params:
        draft = factory.Trait(
            state=RuleState.DRAFT, published_by=None, published_at=None, conditions={"all": []}
        )
        retired = factory.Trait(
            state=RuleState.RETIRED,
            retired_at=factory.LazyFunction(timezone.now),
            retired_by=factory.SelfAttribute("published_by"),
        )
        visiting = factory.Trait(visit=True, visit_workdays=10)

    rule = factory.SubFactory(RuleFactory)
    number = 1
    state = RuleState.PUBLISHED
    conditions = factory.LazyFunction(lambda: SEVENTY)
    valid_from = date(2025, 1, 1)
    offer_title = "您可以享受高龄关怀"
    offer_words = "服务站可以上门为您办理优待手续，不收费。"
    author = factory.SubFactory(UserFactory, staff=True)
    published_by = factory.SubFactory(UserFactory, staff=True)
    published_at = factory.LazyFunction(timezone.now)


class GoldenCaseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = GoldenCase

    version = factory.SubFactory(RuleVersionFactory, draft=True)
    title = factory.Sequence(lambda n: f"例子{n}")
    on = date(2026, 6, 1)
    facts = factory.LazyAttribute(
        lambda o: facts_to_data(
            Facts(birth=date(1950, 3, 4), station_path=o.version.rule.station.path)
        )
    )
    expected = Answer.YES

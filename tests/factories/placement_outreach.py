"""Whom rules found: a lead, its visit (`done=True`), and who declined."""

from datetime import timedelta

import factory
from django.utils import timezone

from placement.enums.outreach import (
    ContactWay,
    LeadState,
    RefusalChannel,
    VisitResult,
    VisitState,
)
from placement.models import OutreachLead, OutreachRefusal, OutreachTask
from tests.factories.accounts import UserFactory
from tests.factories.persons import PersonFactory
from tests.factories.rules import RuleVersionFactory


class OutreachLeadFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OutreachLead

    class Params:
        ended = factory.Trait(
            state=LeadState.DONE, ended_at=factory.LazyFunction(timezone.now)
        )  # fmt: skip

    person = factory.SubFactory(PersonFactory)
    version = factory.SubFactory(RuleVersionFactory, visiting=True)
    rule = factory.SelfAttribute("version.rule")
    occasion = "once"
    reasons = factory.LazyFunction(
        lambda: [
            {"words": "今年76周岁", "kind": "age", "private": False},
            {"words": "残疾等级5级（因战）", "kind": "disability", "private": True},
        ]
    )


class OutreachTaskFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OutreachTask

    class Params:
        done = factory.Trait(
            state=VisitState.DONE,
            contact=ContactWay.HOME,
            result=VisitResult.HELPED,
            done_on=factory.LazyFunction(timezone.localdate),
            done_by=factory.SubFactory(UserFactory, staff=True),
            ended_at=factory.LazyFunction(timezone.now),
            lead__ended=True,
        )

    lead = factory.SubFactory(OutreachLeadFactory)
    station = factory.SelfAttribute("lead.person.station")
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=14))


class OutreachRefusalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OutreachRefusal

    person = factory.SubFactory(PersonFactory, claimed=True)
    rule = factory.SubFactory("tests.factories.rules.RuleFactory")
    channel = RefusalChannel.SELF
    by = factory.SelfAttribute("person.account")

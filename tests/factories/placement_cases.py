"""Placement files, schemes, sheets, publications: `state` and what belongs to it by traits."""

from datetime import date, timedelta
from decimal import Decimal

import factory
from django.utils import timezone

from placement.enums import (
    CaseAct,
    CaseState,
    ConfirmedHow,
    EvidenceKind,
    PlacementGround,
    PublicationState,
    RuleGroup,
    SchemeState,
    SheetState,
)
from placement.models import (
    CaseEvent,
    CaseEvidence,
    PlacementCase,
    PlacementTerms,
    PublishedScore,
    ScoreLine,
    ScoreObjection,
    ScorePublication,
    ScoreSheet,
    ScoringRule,
    ScoringScheme,
    TieStep,
)
from services.enums import PlacementWay
from tests.factories.accounts import UserFactory
from tests.factories.network import StationFactory
from tests.factories.persons import PersonFactory


class PlacementTermsFactory(factory.django.DjangoModelFactory):
    """The terms of the regulations, in force since they are."""

    class Meta:
        model = PlacementTerms
        django_get_or_create = ("effective_from",)

    effective_from = date(2024, 9, 1)
    report_days = 30
    placement_months = 6
    seat_days = 30
    confirm_workdays = 5
    publicity_workdays = 5
    answer_workdays = 5
    warn_days = 30
    basis = "退役军人安置条例"


class PlacementCaseFactory(factory.django.DjangoModelFactory):
    """A file that was reported; traits give other states. `person__…` reaches the person."""

    class Meta:
        model = PlacementCase

    class Params:
        arriving = factory.Trait(
            state=CaseState.TRANSFERRED_IN, reported_on=None, place_by=None, handler=None
        )
        scored = factory.Trait(state=CaseState.SCORED)
        ready = factory.Trait(state=CaseState.READY)
        chosen = factory.Trait(state=CaseState.CHOSEN)
        letter = factory.Trait(
            state=CaseState.LETTER_ISSUED,
            letter_on=factory.LazyFunction(timezone.localdate),
            seat_by=factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30)),
        )
        onboard = factory.Trait(
            letter=True,
            state=CaseState.ONBOARD,
            onboard_on=factory.LazyFunction(timezone.localdate),
        )
        waived = factory.Trait(
            state=CaseState.WAIVED,
            ended_on=factory.LazyFunction(timezone.localdate),
            ended_reason="本人书面放弃。",
        )
        claimed = factory.Trait(person__claimed=True)

    number = factory.Sequence(lambda n: f"AZ2026{n:06d}")
    person = factory.SubFactory(
        PersonFactory,
        enlisted_on=date(2012, 12, 1),
        discharged_on=factory.SelfAttribute("..discharged_on"),
        placement_way=PlacementWay.ARRANGED_JOB,
        birth=date(1994, 5, 6),
    )
    station = factory.SubFactory(StationFactory, district=True)
    way = PlacementWay.ARRANGED_JOB
    year = factory.LazyAttribute(lambda o: o.discharged_on.year)
    grounds = factory.LazyFunction(lambda: [PlacementGround.LONG_SERVICE])
    state = CaseState.REPORTED
    created_by = factory.SubFactory(UserFactory, staff=True)
    discharged_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=40))
    report_by = factory.LazyAttribute(lambda o: o.discharged_on + timedelta(days=30))
    reported_on = factory.LazyAttribute(lambda o: o.discharged_on + timedelta(days=10))
    place_by = factory.LazyAttribute(
        lambda o: o.reported_on + timedelta(days=182) if o.reported_on else None
    )


class CaseEventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CaseEvent

    case = factory.SubFactory(PlacementCaseFactory)
    act = CaseAct.REPORTED
    public_words = "已报到。"


class CaseEvidenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CaseEvidence

    case = factory.SubFactory(PlacementCaseFactory)
    kind = EvidenceKind.SERVICE
    title = "入伍批准书"
    place = factory.Sequence(lambda n: f"第1卷第{n + 1}页")
    by = factory.SubFactory(UserFactory, staff=True)


class ScoringSchemeFactory(factory.django.DjangoModelFactory):
    """A scheme being written; approve it with `approved(scheme)` once its rules are in."""

    class Meta:
        model = ScoringScheme

    station = factory.SubFactory(StationFactory, city=True)
    name = factory.Sequence(lambda n: f"量化评分办法{n}")
    basis = "示例"
    effective_from = date(2018, 1, 1)
    short_part = Decimal("0.5")
    written_by = factory.SubFactory(UserFactory, staff=True)

    class Params:
        in_force = factory.Trait(
            state=SchemeState.IN_FORCE,
            approved_by=factory.SubFactory(UserFactory, staff=True),
            approved_at=factory.LazyFunction(timezone.now),
        )


def approved(scheme):
    """Put a written scheme in force, by somebody else."""
    for state in (SchemeState.SUBMITTED, SchemeState.IN_FORCE):
        scheme.state = state
        if state == SchemeState.IN_FORCE:
            scheme.approved_by = UserFactory(staff=True)
            scheme.approved_at = timezone.now()
        scheme.save()
    return scheme


class ScoringRuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ScoringRule

    scheme = factory.SubFactory(ScoringSchemeFactory)
    group = RuleGroup.AWARD_PEACE
    name = factory.Sequence(lambda n: f"平时三等功{n}")
    points = Decimal(10)


class TieStepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TieStep

    scheme = factory.SubFactory(ScoringSchemeFactory)
    position = factory.Sequence(lambda n: n % 1000 + 1)
    group = RuleGroup.AWARD_WAR


class ScoreSheetFactory(factory.django.DjangoModelFactory):
    """A sheet being counted; `total` and `tie_points` may be given for tests of the order."""

    class Meta:
        model = ScoreSheet

    class Params:
        to_confirm = factory.Trait(
            state=SheetState.TO_CONFIRM,
            confirm_by=factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=7)),
        )
        confirmed = factory.Trait(
            to_confirm=True,
            state=SheetState.CONFIRMED,
            confirmed_at=factory.LazyFunction(timezone.now),
            confirmed_how=ConfirmedHow.ONLINE,
            confirmed_by=factory.SubFactory(UserFactory),
        )
        final = factory.Trait(confirmed=True, state=SheetState.FINAL, rank=1)

    case = factory.SubFactory(PlacementCaseFactory)
    scheme = factory.SubFactory(ScoringSchemeFactory, in_force=True)
    counted_by = factory.SubFactory(UserFactory, staff=True)


class ScoreLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ScoreLine

    sheet = factory.SubFactory(ScoreSheetFactory)
    rule = factory.SubFactory(ScoringRuleFactory)
    quantity = Decimal(1)
    points = Decimal(10)
    evidence = factory.SubFactory(CaseEvidenceFactory, case=factory.SelfAttribute("..sheet.case"))


class ScoreObjectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ScoreObjection

    sheet = factory.SubFactory(ScoreSheetFactory, to_confirm=True)
    by = factory.SubFactory(UserFactory)
    objector_name = "周本人"
    words = "少算了一次三等功。"
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=7))


class ScorePublicationFactory(factory.django.DjangoModelFactory):
    """A publication waiting for its approval, or one that runs."""

    class Meta:
        model = ScorePublication

    class Params:
        running = factory.Trait(
            state=PublicationState.RUNNING,
            approved_by=factory.SubFactory(UserFactory, staff=True),
            approved_at=factory.LazyFunction(timezone.now),
            starts_on=factory.LazyFunction(timezone.localdate),
            ends_on=factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=9)),
        )

    station = factory.SubFactory(StationFactory, district=True)
    year = 2026
    prepared_by = factory.SubFactory(UserFactory, staff=True)


class PublishedScoreFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PublishedScore

    publication = factory.SubFactory(ScorePublicationFactory)
    sheet = factory.SubFactory(ScoreSheetFactory, confirmed=True)
    name = "王建国"
    total = Decimal("36.00")
    rank = 1

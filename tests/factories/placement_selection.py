"""Rules and sessions of choosing posts; a session's order and posts by `tests.placement.selection_scene`."""

from datetime import date, timedelta
from decimal import Decimal

import factory
from django.utils import timezone

from placement.enums.selection import ChosenHow, LetterState, MissedRule, TurnState
from placement.models import (
    FollowUp,
    IntroductionLetter,
    SelectionPost,
    SelectionRules,
    SelectionSession,
    SelectionTurn,
    SelectionUndo,
)
from services.actions import documents
from services.enums import DocumentKind
from tests.factories.accounts import UserFactory
from tests.factories.placement_cases import PlacementCaseFactory, ScoreSheetFactory
from tests.factories.placement_plans import PlacementPlanFactory, PlacementPostFactory


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


class SelectionPostFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SelectionPost

    session = factory.SubFactory(SelectionSessionFactory)
    post = factory.SubFactory(PlacementPostFactory, plan=factory.SelfAttribute("..session.plan"))
    position = factory.Sequence(lambda n: n % 30000 + 1)
    title = factory.SelfAttribute("post.title")
    employer_name = factory.SelfAttribute("post.employer.name")
    place = factory.SelfAttribute("post.place")
    places = factory.SelfAttribute("post.headcount")


class SelectionTurnFactory(factory.django.DjangoModelFactory):
    """One who waits; `chosen` has a post of the session."""

    class Meta:
        model = SelectionTurn

    class Params:
        chosen = factory.Trait(
            state=TurnState.CHOSEN,
            how=ChosenHow.PHONE,
            ended_at=factory.LazyFunction(timezone.now),
            post=factory.SubFactory(
                SelectionPostFactory, session=factory.SelfAttribute("..session"), taken=1
            ),
        )

    session = factory.SubFactory(SelectionSessionFactory)
    case = factory.SubFactory(
        PlacementCaseFactory, ready=True, station=factory.SelfAttribute("..session.station")
    )
    sheet = factory.SubFactory(ScoreSheetFactory, case=factory.SelfAttribute("..case"), final=True)
    scheme = factory.SelfAttribute("sheet.scheme")
    position = factory.Sequence(lambda n: n + 1)
    name = "王*国"
    total = Decimal("80.00")
    rank = 1
    lot = "00000000aaaaaaaa"


class SelectionUndoFactory(factory.django.DjangoModelFactory):
    """Proposed, waiting for another officer."""

    class Meta:
        model = SelectionUndo

    turn = factory.SubFactory(SelectionTurnFactory, chosen=True)
    post = factory.SelfAttribute("turn.post")
    reason = "念错了岗位"
    proposed_by = factory.SubFactory(UserFactory, staff=True)


class IntroductionLetterFactory(factory.django.DjangoModelFactory):
    """A letter whose holder is not at work yet; `seated` is."""

    class Meta:
        model = IntroductionLetter

    class Params:
        seated = factory.Trait(
            state=LetterState.SEATED,
            seated_on=factory.LazyFunction(timezone.localdate),
            seated_by=factory.SubFactory(UserFactory, staff=True),
            seated_at=factory.LazyFunction(timezone.now),
        )

    turn = factory.SubFactory(SelectionTurnFactory, chosen=True, case__letter=True)
    case = factory.SelfAttribute("turn.case")
    station = factory.SelfAttribute("turn.session.station")
    year = factory.LazyFunction(lambda: timezone.localdate().year)
    serial = factory.Sequence(lambda n: n + 1)
    employer = factory.SelfAttribute("turn.post.post.employer")
    post_title = factory.SelfAttribute("turn.post.title")
    document = factory.LazyAttribute(
        lambda o: documents.issue(
            kind=DocumentKind.INTRODUCTION_LETTER, by=o.issued_by, person=o.case.person,
            station=o.station, number=f"介〔{o.year}〕{o.serial}号",
            content={"name": o.case.person.name},
        )
    )  # fmt: skip
    issued_by = factory.SubFactory(UserFactory, staff=True)
    seat_by = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))
    wage_percent = 80


class FollowUpFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FollowUp

    letter = factory.SubFactory(IntroductionLetterFactory, seated=True)
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=90))

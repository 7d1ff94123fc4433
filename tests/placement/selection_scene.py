"""A centre with a clerk, a reviewer and a head, people who wait for a post, and a published plan."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

from django.utils import timezone

from placement.actions import selection
from placement.models import SelectionTurn
from services.enums import Role
from tests.factories.network import StationFactory
from tests.factories.placement_cases import (
    PlacementCaseFactory,
    PlacementTermsFactory,
    ScoreSheetFactory,
    ScoringSchemeFactory,
)
from tests.factories.placement_plans import PlacementPlanFactory, PlacementPostFactory, published
from tests.factories.placement_selection import SelectionRulesFactory
from tests.factories.staff import PostingFactory


def scene(*, people=3, places=(1, 1, 1), totals=None, **rules):
    """A prepared session: `people` with an account each, one post for each of `places`."""
    s = SimpleNamespace()
    PlacementTermsFactory()
    SelectionRulesFactory(**rules)
    s.station = StationFactory(district=True)
    s.clerk = PostingFactory(station=s.station, role=Role.CLERK).user
    s.reviewer = PostingFactory(station=s.station, role=Role.REVIEWER).user
    s.head = PostingFactory(station=s.station, role=Role.HEAD).user
    s.year = timezone.localdate().year
    scheme = ScoringSchemeFactory(station=s.station, in_force=True)
    totals = totals or [Decimal(90 - n) for n in range(people)]
    s.cases = []
    for total in totals:
        case = PlacementCaseFactory(
            ready=True, claimed=True, station=s.station, person__station=s.station, year=s.year
        )
        ScoreSheetFactory(case=case, scheme=scheme, final=True, total=total, tie_points=[])
        s.cases.append(case)
    plan = PlacementPlanFactory(station=s.station, year=s.year)
    for n, headcount in enumerate(places):
        PlacementPostFactory(plan=plan, headcount=headcount, position=n + 1)
    s.plan = published(plan, people=people)
    s.session = selection.prepare(
        plan=s.plan, by=s.clerk, title="选岗会", venue="三楼",
        starts_at=timezone.now() + timedelta(minutes=10),
    )  # fmt: skip
    return s


def turn(s, position):
    return SelectionTurn.objects.with_all().get(session=s.session, position=position)


def person(s, position):
    """The account of the one at a position."""
    return turn(s, position).case.person.account


def post(s, position):
    return s.session.posts.get(position=position)


def opened(s, now=None):
    s.session = selection.open_session(session=s.session, by=s.clerk, now=now)
    return s

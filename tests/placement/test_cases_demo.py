"""The demonstration year of placement: complete, made once, and true to its own figures."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from placement.demo import cases
from placement.enums import CaseState, PlanState, PublicationState, SheetState
from placement.models import (
    PlacementCase,
    PlacementPlan,
    PlacementPost,
    PostDemand,
    ScorePublication,
    ScoreSheet,
    ScoringRule,
)
from services.demo import partners, staff
from services.enums import Tier
from tests.factories.network import DivisionFactory, StationFactory
from tests.placement.placing_scene import calendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    calendar(days=200, first=timezone.localdate() - timedelta(days=120))
    city = StationFactory(city=True)
    for code, name in ((staff.JIANGYIN, "江阴市"), (staff.LIANGXI, "梁溪区")):
        district = StationFactory(
            district=True,
            division=DivisionFactory(district=True, code=code, name=name),
            parent=city,
        )
        town = StationFactory(
            town=True, parent=district, tier=Tier.TOWN,
            division=DivisionFactory(town=True, code=f"{code[:6]}103000", name="运河镇"),
        )  # fmt: skip
        StationFactory(
            parent=town, division=DivisionFactory(code=f"{code[:6]}103201", name="长桥村")
        )
    staff.load()
    partners.load()


def test_load__twice__makes_the_year_once(network):
    cases.load()
    cases.load()
    assert PlacementCase.objects.count() == 28
    jiangyin = PlacementCase.objects.filter(station__division_id=staff.JIANGYIN)
    states = set(jiangyin.values_list("state", flat=True))
    assert {
        CaseState.READY,
        CaseState.SCORED,
        CaseState.OBJECTION,
        CaseState.TRANSFERRED_IN,
    } <= states
    finals = ScoreSheet.objects.filter(state=SheetState.FINAL).in_order()
    assert [sheet.rank for sheet in finals] == sorted(sheet.rank for sheet in finals)
    assert not ScoringRule.objects.filter(scheme__is_sample=False).exists()
    running = ScorePublication.objects.get(state=PublicationState.RUNNING)
    assert running.is_public() or running.starts_on < timezone.localdate()
    assert running.entries.count() == 4


def test_load__plan__holds_the_four_classes_and_more_posts_than_people(network):
    cases.load()
    plan = PlacementPlan.objects.get(state=PlanState.PUBLISHED)
    assert PostDemand.objects.count() == 4
    assert len(set(PlacementPost.objects.values_list("employer__nature", flat=True))) == 4
    assert plan.headcount > plan.people >= 20
    assert all(sheet.total > 0 for sheet in ScoreSheet.objects.all())


def test_sample_rules__are_those_of_the_brief(network):
    cases.load()
    found = dict(ScoringRule.objects.values_list("name", "points"))
    assert (found["平时三等功"], found["战时一等功"], found["全军性表彰"]) == (10, 80, 10)
    assert (found["因战致残5级"], found["因公致残10级"]) == (50, 2)
    assert date(2018, 8, 1) == ScoringRule.objects.first().scheme.effective_from

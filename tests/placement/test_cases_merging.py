"""Two files of one person become one: their placement file goes with them, once."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from placement.models import PlacementCase
from services.actions import duplicates, merging
from services.enums import Role
from tests.factories.duplicates import DuplicateFactory
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.persons import PersonFactory
from tests.factories.placement_cases import PlacementCaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    return DuplicateFactory(first=PersonFactory(station=StationFactory()))


def merged(pair):
    reviewer = PostingFactory(station=pair.first.station.parent, role=Role.REVIEWER).user
    pair = duplicates.propose(pair=pair, survivor=pair.first, by=reviewer, reason="本人到场核对")
    return pair, reviewer


def test_merge__file_of_the_absorbed__goes_to_the_one_that_stays_and_back(pair):
    case = PlacementCaseFactory(person=pair.second)
    pair, reviewer = merged(pair)
    case.refresh_from_db()
    assert case.person == pair.first
    merging.undo(pair=pair, by=reviewer, reason="核对有误，是两个人")
    case.refresh_from_db()
    assert case.person == pair.second


def test_merge__both_have_an_open_file__the_absorbed_keeps_its_own(pair):
    mine = PlacementCaseFactory(person=pair.first)
    theirs = PlacementCaseFactory(
        person=pair.second, discharged_on=timezone.localdate() - timedelta(days=55)
    )
    merged(pair)
    theirs.refresh_from_db()
    assert theirs.person == pair.second
    assert PlacementCase.objects.open().filter(person=pair.first).get() == mine


def test_merge__same_discharge_twice__is_kept_once(pair):
    day = date(2026, 3, 1)
    PlacementCaseFactory(person=pair.first, waived=True, discharged_on=day)
    theirs = PlacementCaseFactory(person=pair.second, waived=True, discharged_on=day)
    merged(pair)
    theirs.refresh_from_db()
    assert theirs.person == pair.second

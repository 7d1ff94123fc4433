"""A publication settled twice at once; a score confirmed and objected to in the same moment."""

import time
from datetime import timedelta

import pytest

from accounts import audit
from placement.actions.scoring import answers, publications
from placement.enums import CaseAct, CaseState, ConfirmedHow, SheetState
from placement.models import CaseEvent, ScoreObjection, ScorePublication
from tests.placement.placing_scene import (
    calendar,
    centre,
    checked_in,
    confirmed,
    counted,
    published,
)
from tests.races.arena import after, all_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
HOLD = 0.25  # seconds an act stays between its last write and its commit


@pytest.fixture
def place():
    calendar()
    return centre()


@pytest.fixture
def _late_commit(monkeypatch):
    record = audit.record

    def slow_record(act, *args, **kwargs):
        entry = record(act, *args, **kwargs)
        if act in ("placement.publication_settled", "placement.sheet_confirmed"):
            time.sleep(HOLD)
        return entry

    monkeypatch.setattr(audit, "record", slow_record)


def unlocked(publication):
    """The guard off: the row as it was, without its lock."""
    return ScorePublication.objects.select_related("station").get(pk=publication.pk)


def settled_twice(place):
    publication = published(place, confirmed(place))
    late = publication.ends_on + timedelta(days=1)
    deed = lambda: publications.settle_if_over(publication, today=late)  # noqa: E731
    all_at_once(deed, after(0.05, deed))
    return CaseEvent.objects.filter(act=CaseAct.READY).count()


@pytest.mark.usefixtures("_late_commit")
def test_settle__two_nights_at_once_without_the_lock__is_told_twice(monkeypatch, place):
    monkeypatch.setattr(publications, "held", unlocked)
    assert settled_twice(place) == 2


@pytest.mark.usefixtures("_late_commit")
def test_settle__two_nights_at_once__settles_once(place):
    assert settled_twice(place) == 1


@pytest.mark.usefixtures("_late_commit")
def test_score__confirmed_and_objected_to_at_once__is_one_of_both(place):
    case = checked_in(place)
    sheet = counted(place, case)
    results = all_at_once(
        lambda: answers.confirm(sheet=sheet, by=place.clerk, how=ConfirmedHow.IN_PERSON),
        after(0.05, lambda: answers.object_to(sheet=sheet, by=case.person.account, words="不对")),
    )
    sheet.refresh_from_db()
    case.refresh_from_db()
    assert sum(isinstance(each, Exception) for each in results) == 1
    confirmed_ = sheet.state == SheetState.CONFIRMED
    assert case.state == (CaseState.SCORED if confirmed_ else CaseState.OBJECTION)
    assert ScoreObjection.objects.exists() != confirmed_


def test_objection__double_tap__is_one(place):
    case = checked_in(place)
    sheet = counted(place, case)
    deed = lambda: answers.object_to(sheet=sheet, by=case.person.account, words="不对")  # noqa: E731
    all_at_once(deed, deed, deed)
    assert ScoreObjection.objects.count() == 1

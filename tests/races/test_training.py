"""The last seat of a course, and one free course for one person, pressed by many at once.

With the guard off (the person's file is read, not locked) somebody gets two free courses; on, one.
"""

import pytest

from placement.actions import training
from placement.models import Enrolment
from services.models import Slot
from tests.factories.network import StationFactory
from tests.placement.training_scene import a_run, back_from_the_army
from tests.races.arena import all_at_once, miscounted, oversold

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def wants(run, person, key):
    return lambda: training.enrol(run=run, person=person, by=person.account, client_key=key)


def test_last_seat__pressed_by_eight__is_taken_once(late_work):
    station = StationFactory()
    run = a_run(station)
    Slot.objects.filter(pk=run.slot_id).update(capacity=1)
    people = [back_from_the_army(station) for _ in range(8)]
    all_at_once(*[wants(run, each, f"seat-key-{n}") for n, each in enumerate(people)])
    assert Enrolment.objects.live().count() == 1
    assert not oversold()
    assert not miscounted()


def test_free_course__pressed_in_three_runs_at_once__is_given_once(late_work):
    station = StationFactory()
    person = back_from_the_army(station)
    runs = [a_run(station) for _ in range(3)]
    all_at_once(*[wants(run, person, f"free-key-{n}") for n, run in enumerate(runs)])
    assert Enrolment.objects.live().filter(is_free=True).count() == 1
    assert Enrolment.objects.live().count() == 1
    assert not miscounted()


def test_free_course__guard_off__is_given_twice(late_work, monkeypatch):
    station = StationFactory()
    person = back_from_the_army(station)
    monkeypatch.setattr(training.enrolling, "lock_file", lambda person: None)
    runs = [a_run(station) for _ in range(2)]
    all_at_once(*[wants(run, person, f"off-key-{n}") for n, run in enumerate(runs)])
    assert Enrolment.objects.live().filter(is_free=True).count() == 2

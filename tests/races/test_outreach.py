"""Two runs of one rule at once; a run and somebody who declines in that moment.

The files are locked in a chunk before it looks again; with the guard off only the database's "once
for each occasion" is left, and the second run breaks instead of finding nobody new.
"""

from datetime import date

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import Message
from placement.actions import outreach
from placement.actions.outreach import matching
from placement.models import OutreachLead, OutreachRun, OutreachTask
from services.models import Person
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.persons import PersonFactory
from tests.factories.rules import RuleVersionFactory
from tests.placement.outreach_scene import DAY
from tests.races.arena import after, all_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def people(count=3):
    station = StationFactory()
    rule = RuleVersionFactory(rule__station=station.parent.parent.parent, visiting=True)
    crowd = [
        PersonFactory(birth=date(1950, 1, 1), station=station, claimed=True) for _ in range(count)
    ]
    return rule, crowd


def run(rule):
    return outreach.match(rule, day=DAY)


def test_match__twice_at_once__makes_no_double_task_and_no_double_message(late_commit):
    late_commit.add("placement.outreach_found")
    rule, crowd = people()
    results = all_at_once(lambda: run(rule), after(0.05, lambda: run(rule)))
    assert all(isinstance(each, OutreachRun) for each in results), results
    assert OutreachLead.objects.count() == OutreachTask.objects.count() == len(crowd)
    assert Message.objects.filter(kind="placement.outreach_found", channel="INBOX").count() == 3


def test_match__twice_at_once_without_the_lock__breaks_on_the_constraint(late_commit, monkeypatch):
    late_commit.add("placement.outreach_found")
    rule, crowd = people()
    monkeypatch.setattr(matching, "_hold", lambda keys: None)
    results = all_at_once(lambda: run(rule), after(0.05, lambda: run(rule)))
    assert any(isinstance(each, IntegrityError) for each in results), results
    assert OutreachLead.objects.count() == len(crowd)


def test_match__while_somebody_declines__leaves_no_open_visit_behind(late_commit):
    late_commit.add("placement.outreach_found")
    rule, (person,) = people(1)
    by = Person.objects.select_related("account").get(pk=person.pk).account
    results = all_at_once(
        lambda: run(rule), after(0.05, lambda: outreach.decline(person=person, by=by))
    )
    assert not [each for each in results if isinstance(each, Exception)], results
    assert not OutreachTask.objects.filter(state="OPEN").exists()
    assert OutreachLead.objects.get().state == "DECLINED"


def test_finish_and_decline__at_once__end_in_one_of_them(late_commit):
    late_commit.add("placement.outreach_declined")
    rule, (person,) = people(1)
    run(rule)
    task = OutreachTask.objects.select_related("lead__person").get()
    clerk = PostingFactory(station=person.station).user
    first, second = all_at_once(
        lambda: outreach.decline(person=person, by=clerk),
        after(0.05, lambda: outreach.finish(task=task, by=clerk, contact="HOME", result="HELPED",
                                            done_on=timezone.localdate())),
    )  # fmt: skip
    task.refresh_from_db()
    assert task.state == "DECLINED"
    assert getattr(second, "code", "") == "wrong_state", (first, second)

"""Rules find people: once for each occasion, with reasons, a message, and a visit where one is wanted."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts import jobs
from accounts.enums import Channel, JobState
from accounts.models import AuditEntry, Job, Message
from placement.actions import outreach as acts
from placement.actions.outreach import matching
from placement.enums.outreach import LeadState, VisitState
from placement.models import OutreachLead, OutreachRefusal, OutreachRun, OutreachTask
from placement.outreach_indicators import EMP_15
from placement.tasks.outreach import match_rules
from services.actions.workdays import due_day
from services.enums import Occasion, RuleState
from services.models import Person
from tests.factories.network import StationFactory
from tests.factories.persons import PersonFactory
from tests.factories.placement_outreach import (
    OutreachLeadFactory,
    OutreachRefusalFactory,
    OutreachTaskFactory,
)
from tests.factories.rules import GoldenCaseFactory, RuleVersionFactory
from tests.placement.outreach_scene import DAY, scene
from veterans_portal.daytime import next_daytime
from veterans_portal.indicators import Span

pytestmark = pytest.mark.django_db


@pytest.fixture
def s():
    return scene()


def found():
    return set(OutreachLead.objects.values_list("person__name", flat=True))


def test_match__finds_whom_the_rule_fits__tells_them_and_sends_their_station(s):
    run = acts.match(s.version, day=DAY)
    assert found() == {"王德才", "李福生"}
    assert (run.found, run.finished_at is not None) == (2, True)
    lead = OutreachLead.objects.get(person=s.old)
    assert (lead.rule, lead.occasion, lead.state) == (s.version.rule, "once", LeadState.OPEN)
    assert lead.reasons == [{"words": "今年76周岁", "kind": "age", "private": False}]
    task = lead.task
    assert (task.station, task.due_on, task.state) == (
        s.station,
        due_day(10, after=DAY),
        VisitState.OPEN,
    )
    told = Message.objects.filter(kind="placement.outreach_found")
    assert {each.user for each in told} == {
        s.old.account
    }  # the other has neither account nor phone
    assert told.get(channel=Channel.INBOX).title == s.version.offer_title
    assert AuditEntry.objects.filter(act="placement.outreach_found").count() == 2


def test_match__of_somebody_with_a_phone_and_no_account__sends_an_sms_without_the_reasons(s):
    told = PersonFactory(birth=date(1940, 1, 1), station=s.station)
    acts.match(s.version, day=DAY)
    message = Message.objects.get(channel=Channel.SMS, user=None)
    assert message.phone == told.phone
    assert s.version.offer_words.rstrip("。") in message.body
    assert "周岁" not in message.body
    assert message.dedupe == f"outreach:{OutreachLead.objects.get(person=told).pk}:{Channel.SMS}"


def test_match__of_a_rule_without_visits__only_tells():
    s = scene(visiting=False)
    acts.match(s.version, day=DAY)
    assert OutreachLead.objects.count() == 2
    assert not OutreachTask.objects.exists()


def test_match__again_the_same_and_the_next_day__finds_nobody_twice(s):
    for day in (DAY, DAY, DAY + timedelta(days=1)):
        acts.match(s.version, day=day)
    assert OutreachLead.objects.count() == OutreachTask.objects.count() == 2
    assert list(OutreachRun.objects.order_by("day").values_list("found", flat=True)) == [2, 0]


def test_match__of_the_next_version__does_not_find_the_same_people_again(s):
    acts.match(s.version, day=DAY)
    s.version.state, s.version.retired_at = RuleState.RETIRED, timezone.now()
    s.version.save()
    second = RuleVersionFactory(rule=s.version.rule, number=2, visiting=True)
    assert acts.match(second, day=DAY).found == 0


def test_match__after_it_broke_off__goes_on_where_it_was(s, monkeypatch):
    monkeypatch.setattr(matching, "CHUNK", 1)
    taken = matching._take

    def breaks(version, run, keys, day):
        if OutreachLead.objects.exists():
            raise RuntimeError("the worker died")
        return taken(version, run, keys, day)

    monkeypatch.setattr(matching, "_take", breaks)
    with pytest.raises(RuntimeError):
        acts.match(s.version, day=DAY)
    run = OutreachRun.objects.get()
    assert (run.found, run.finished_at, run.reached) == (1, None, s.old.pk)
    monkeypatch.setattr(matching, "_take", taken)
    assert acts.match(s.version, day=DAY).found == 2
    assert OutreachLead.objects.count() == 2


def test_match__of_somebody_who_changed_meanwhile__leaves_them_alone(s, monkeypatch):
    keys = list(matching.wanting(s.version, on=DAY).values_list("pk", flat=True))
    Person.objects.filter(pk=s.old.pk).update(birth=date(1990, 1, 1))
    run = OutreachRun.objects.create(version=s.version, day=DAY)
    matching._take(s.version, run, keys, DAY)
    assert found() == {"李福生"}


def test_match__of_a_version_retired_meanwhile__finds_nobody(s):
    s.version.state, s.version.retired_at = RuleState.RETIRED, timezone.now()
    s.version.save()
    assert acts.match(s.version, day=DAY).found == 0


def test_match__outside_the_rules_reach_or_for_ended_files__finds_nobody(s):
    elsewhere = StationFactory(
        district=True, division__code="320213000000", code="320213000000", path="3202/320213/",
        parent=s.city,
    )  # fmt: skip
    version = RuleVersionFactory(rule__station=elsewhere)
    PersonFactory(birth=date(1940, 1, 1), station=s.station, closed=True)
    assert acts.match(version, day=DAY).found == 0
    assert acts.match(s.version, day=DAY).found == 2


@pytest.mark.parametrize("everything", [True, False])
def test_match__for_who_declined__leaves_them_alone(s, everything):
    OutreachRefusalFactory(person=s.old, rule=None if everything else s.version.rule)
    OutreachRefusalFactory(person=s.phoneless, by=s.clerk)  # another rule
    acts.match(s.version, day=DAY)
    assert found() == {"李福生"}


@pytest.mark.parametrize(
    "occasion, keys",
    [
        (Occasion.ONCE, {"once"}),
        (Occasion.YEARLY, {"2026", "2027"}),
        (Occasion.BIRTHDAY, {"birthday-77", "birthday-78"}),
        (Occasion.DISCHARGE, {"discharge-1975-02-01"}),
    ],
)
def test_occasion__of_a_rule__says_how_often_the_same_person_is_found(occasion, keys):
    s = scene(occasion=occasion, visiting=False)
    Person.objects.filter(pk=s.old.pk).update(discharged_on=date(1975, 2, 1))
    for day in (DAY, DAY + timedelta(days=20), DAY + timedelta(days=365)):
        acts.match(s.version, day=day)
    mine = OutreachLead.objects.filter(person=s.old)
    assert {each.occasion for each in mine} == keys
    assert mine.count() == len(keys)


def test_match__however_many_it_finds__asks_as_often(s, django_assert_max_num_queries):
    acts.match(s.version, day=DAY)
    for _ in range(20):
        PersonFactory(birth=date(1950, 1, 1), station=s.station, phone=None)
    # 20 audit rows and what a chunk takes: the query, the run, facts, locks, leads and tasks
    with django_assert_max_num_queries(20 + 24):
        acts.match(s.version, day=DAY + timedelta(days=1))
    assert OutreachLead.objects.count() == 22


def test_nightly__runs_every_rule_in_force_and_goes_past_one_that_breaks(s, monkeypatch):
    broken = RuleVersionFactory(rule__station=s.city)
    RuleVersionFactory(rule__station=s.city, draft=True)
    RuleVersionFactory(rule__station=s.city, valid_to=date(2025, 12, 31))
    RuleVersionFactory(rule__station=s.city, rule__kind="BENEFIT")
    matched = matching.match

    def match(version, **more):
        if version == broken:
            raise RuntimeError
        return matched(version, **more)

    monkeypatch.setattr(matching, "match", match)
    assert acts.nightly() == 2
    assert [run.version for run in OutreachRun.objects.all()] == [s.version]


def test_nightly__by_its_task_twice_in_a_night__finds_nobody_twice(s):
    match_rules()
    match_rules()
    assert OutreachLead.objects.count() == 2


def test_nightly__has_visits_follow_the_file_and_calls_off_those_of_ended_files(s):
    acts.match(s.version, day=DAY)
    town = s.station.parent
    Person.objects.filter(pk=s.old.pk).update(station=town)
    Person.objects.filter(pk=s.phoneless.pk).update(
        state="CLOSED", closed_at=timezone.now(), closed_reason="去世"
    )
    assert OutreachTask.objects.open().count() == 1
    acts.nightly(day=DAY)
    assert OutreachTask.objects.get(lead__person=s.old).station == town
    off = OutreachTask.objects.get(lead__person=s.phoneless)
    assert (off.state, off.lead.state) == (VisitState.CANCELLED, LeadState.ENDED)
    assert AuditEntry.objects.filter(act="placement.outreach_cancelled").count() == 1


def test_preview__of_a_draft__counts_places_and_shows_masked_people_without_writing(s):
    draft = RuleVersionFactory(rule=s.version.rule, number=2, draft=True)
    draft.conditions = {"all": [{"is": "age", "min": 50}, {"any": [
        {"is": "plaque_missing"}, {"is": "disability", "max": 6}]}]}  # fmt: skip
    draft.save()
    OutreachLeadFactory(person=s.old, version=s.version)
    Person.objects.filter(pk=s.young.pk).update(disability_grade=3, disability_nature="WAR")
    shown = acts.preview(draft, on=DAY)
    assert (shown.fits, shown.new, shown.gained, shown.lost) == (3, 2, 1, 0)
    assert shown.places == [{"name": s.station.parent.parent.name, "count": 2}]
    text = str(shown.sample)
    assert "赵子豪" not in text
    assert "残疾" not in text
    assert "残疾等级3级" in str(acts.preview(draft, on=DAY, health=True).sample)
    assert OutreachLead.objects.count() == 1
    assert not OutreachRun.objects.exists()


def test_go_live__publishes_and_matches_in_the_background(s, django_capture_on_commit_callbacks):
    draft = RuleVersionFactory(rule__station=s.city, author=s.writer, draft=True)
    draft.conditions = {"all": [{"is": "age", "min": 70}]}
    draft.save()
    GoldenCaseFactory(version=draft)
    GoldenCaseFactory(
        version=draft, expected="NOT_YET", facts={"birth": "1990-01-01", "station_path": "3202/"}
    )
    with django_capture_on_commit_callbacks(execute=True):
        job = acts.go_live(version=draft, by=s.head)
    job.refresh_from_db()
    assert (job.state, job.result, job.done) == (JobState.DONE, {"found": 2}, job.total)
    assert OutreachRun.objects.get(version=draft).found == 2


def test_go_live__of_a_version_that_begins_later__finds_nobody_before(s):
    later = timezone.localdate() + timedelta(days=5)
    draft = RuleVersionFactory(rule__station=s.city, author=s.writer, draft=True, valid_from=later)
    draft.conditions = {"all": [{"is": "age", "min": 70}]}
    draft.save()
    GoldenCaseFactory(version=draft)
    GoldenCaseFactory(
        version=draft, expected="NOT_YET", facts={"birth": "1990-01-01", "station_path": "3202/"}
    )
    assert acts.go_live(version=draft, by=s.head) is None
    draft.refresh_from_db()
    assert draft.state == RuleState.PUBLISHED
    assert acts.match(draft, day=later - timedelta(days=1)).found == 0
    assert acts.match(draft, day=later).found == 2


def test_job__of_somebody_who_may_no_longer_publish__is_not_run(s):
    job = jobs.start(
        "placement.outreach_match", title="查找", owner=s.clerk, params={"version": s.version.pk}
    )
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert not OutreachLead.objects.exists()
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    "hour, minute, day, at",
    [(7, 0, 24, (7, 30)), (12, 0, 24, (12, 0)), (21, 1, 25, (7, 30)), (23, 59, 25, (7, 30))],
)
def test_message__found_at_night__waits_for_the_morning(hour, minute, day, at):
    now = timezone.make_aware(datetime(2026, 11, 24, hour, minute))
    then = timezone.localtime(next_daytime(now))
    assert (then.day, then.hour, then.minute) == (day, *at)


def test_emp_15__counts_visits_that_reached_somebody__and_no_others(s):
    november = Span(date(2026, 11, 1), date(2026, 11, 30))
    for person, result, done_on in (
        (s.old, "HELPED", date(2026, 11, 1)), (s.phoneless, "LATER", date(2026, 11, 30)),
        (s.young, "UNREACHED", date(2026, 11, 9)),
        (PersonFactory(station=s.station), "HELPED", date(2026, 12, 1)),
    ):  # fmt: skip
        OutreachTaskFactory(done=True, lead__person=person, result=result, done_on=done_on)
    OutreachTaskFactory(lead__person=PersonFactory(station=s.station))
    behind = EMP_15.counted.behind(november)
    assert {task.lead.person for task in behind} == {s.old, s.phoneless}
    rows = EMP_15.counted.records().aggregate(**EMP_15.counted.aggregates(november))
    assert rows == {"rows": 2}
    assert "王德才" not in {show(task) for task in behind for _, show in EMP_15.counted.columns}


def test_refusal__is_kept_with_the_person(s):
    refusal = OutreachRefusal.objects.create(person=s.old, by=s.old.account, channel="SELF")
    assert list(OutreachRefusal.objects.visible_to(s.old.account)) == [refusal]

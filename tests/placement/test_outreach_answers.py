"""What comes back from a visit and from the person, and what the database keeps of it."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from placement.actions import outreach as acts
from placement.actions.outreach.answering import OutreachError
from placement.enums.outreach import LeadState, VisitState
from placement.models import OutreachLead, OutreachRefusal, OutreachRun, OutreachTask
from services.actions import duplicates, merging
from services.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.duplicates import DuplicateFactory
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.persons import PersonFactory
from tests.factories.placement_outreach import (
    OutreachLeadFactory,
    OutreachRefusalFactory,
    OutreachTaskFactory,
)
from tests.factories.rules import RuleVersionFactory
from tests.placement.outreach_scene import DAY, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def s():
    s = scene()
    s.lead = OutreachLeadFactory(person=s.old, version=s.version)
    s.task = OutreachTaskFactory(lead=s.lead)
    return s


def finish(s, **more):
    today = timezone.localdate()
    given = {"contact": "HOME", "result": "HELPED", "done_on": today, "note": "办好了"}
    return acts.finish(task=s.task, by=s.clerk, **given | more)


def audited(deed):
    return AuditEntry.objects.filter(act=f"placement.outreach_{deed}").count()


def test_finish__with_a_result__ends_the_visit_and_what_was_found(s):
    task = finish(s)
    s.lead.refresh_from_db()
    assert (task.state, task.done_by, task.note) == (VisitState.DONE, s.clerk, "办好了")
    assert (s.lead.state, audited("done")) == (LeadState.DONE, 1)


def test_finish__of_somebody_not_reached__is_no_service(s):
    finish(s, result="UNREACHED")
    s.lead.refresh_from_db()
    assert s.lead.state == LeadState.ENDED
    assert not OutreachTask.objects.served().exists()


@pytest.mark.parametrize(
    "wrong, field",
    [({"contact": "FAX"}, "contact"), ({"result": ""}, "result"),
     ({"done_on": timezone.localdate() + timedelta(days=1)}, "done_on"),
     ({"done_on": date(9999, 1, 1)}, "done_on"), ({"done_on": date(2020, 1, 1)}, "done_on")],
)  # fmt: skip
def test_finish__with_what_cannot_be__is_refused_beside_its_field(s, wrong, field):
    with pytest.raises(OutreachError) as refused:
        finish(s, **wrong)
    assert refused.value.field == field


def test_finish__twice__is_refused(s):
    finish(s)
    with pytest.raises(OutreachError, match="已联系"):
        finish(s)


def test_finish__from_another_station__is_refused(s):
    elsewhere = StationFactory(
        district=True, division__code="320213000000", code="320213000000", path="3202/320213/",
        parent=s.city,
    )  # fmt: skip
    with pytest.raises(OutreachError) as refused:
        acts.finish(task=s.task, by=PostingFactory(station=elsewhere).user, contact="HOME",
                    result="HELPED", done_on=timezone.localdate())  # fmt: skip
    assert refused.value.code == "not_allowed"


def test_finish__for_a_file_that_ended__is_refused(s):
    type(s.old).objects.filter(pk=s.old.pk).update(
        state="CLOSED", closed_at=timezone.now(), closed_reason="去世"
    )
    with pytest.raises(OutreachError, match="不用再去"):
        finish(s)


def test_cancel__wants_a_reason(s):
    with pytest.raises(OutreachError) as refused:
        acts.cancel(task=s.task, by=s.clerk, reason="  ")
    assert refused.value.field == "reason"
    task = acts.cancel(task=s.task, by=s.clerk, reason="已经办过了")
    assert (task.state, audited("cancelled")) == (VisitState.CANCELLED, 1)


def test_decline__of_one_rule__ends_its_open_visit_and_no_other(s):
    other = OutreachTaskFactory(
        lead__person=s.old, lead__version=RuleVersionFactory(rule__station=s.city, visiting=True)
    )
    refusal = acts.decline(person=s.old, by=s.old.account, rule=s.version.rule)
    s.task.refresh_from_db()
    s.lead.refresh_from_db()
    other.refresh_from_db()
    assert (refusal.channel, s.task.state, s.lead.state) == ("SELF", "DECLINED", "DECLINED")
    assert (other.state, audited("declined")) == (VisitState.OPEN, 1)


def test_decline__of_everything_told_to_the_clerk__ends_all(s):
    refusal = acts.decline(person=s.old, by=s.clerk)
    s.task.refresh_from_db()
    assert (refusal.channel, refusal.rule, s.task.state) == ("DESK", None, "DECLINED")
    assert s.task.done_by == s.clerk


def test_decline__twice__is_the_same_as_once(s):
    first = acts.decline(person=s.old, by=s.old.account, rule=s.version.rule)
    assert acts.decline(person=s.old, by=s.old.account, rule=s.version.rule) == first
    assert (OutreachRefusal.objects.count(), audited("declined")) == (1, 1)


def test_decline__for_good__holds_for_the_next_occasion_and_until_taken_back(s):
    s.version.rule.versions.all()
    refusal = acts.decline(person=s.old, by=s.old.account, rule=s.version.rule)
    OutreachLead.objects.filter(person=s.old).update(occasion="2025")
    assert acts.match(s.version, day=DAY).found == 1  # the other old man
    acts.accept_again(refusal=refusal, by=s.old.account)
    acts.accept_again(refusal=refusal, by=s.old.account)
    assert acts.match(s.version, day=DAY + timedelta(days=1)).found == 1
    assert audited("accepted_again") == 1


def test_decline__by_a_stranger_or_another_station__is_refused(s):
    refusal = OutreachRefusalFactory(person=s.old, rule=s.version.rule)
    for deed in (
        lambda: acts.decline(person=s.old, by=UserFactory()),
        lambda: acts.accept_again(refusal=refusal, by=UserFactory()),
    ):
        with pytest.raises(OutreachError) as refused:
            deed()
        assert refused.value.code == "not_allowed"


def test_merge__of_two_files_found_by_one_rule__keeps_each_find_once_and_comes_apart_again(s):
    reviewer = PostingFactory(station=s.station.parent, role=Role.REVIEWER).user
    twin = PersonFactory(station=s.station, phone="19900201111")
    both = OutreachLeadFactory(person=twin, version=s.version)
    own = OutreachLeadFactory(person=twin, version=s.version, occasion="2025")
    said = OutreachRefusalFactory(person=twin, by=s.clerk, rule=None)
    pair = DuplicateFactory(first=s.old, second=twin)
    duplicates.propose(pair=pair, survivor=s.old, by=reviewer, reason="本人到场核对")
    for row, keeper in ((both, twin), (own, s.old), (said, s.old)):
        row.refresh_from_db()
        assert row.person == keeper
    merging.undo(pair=pair, by=reviewer, reason="弄错了")
    own.refresh_from_db()
    assert own.person == twin


def refused_by(name):
    return pytest.raises((IntegrityError, DatabaseError), match=name)


@pytest.mark.parametrize(
    "name, make",
    [
        ("outreach_lead_ended_has_its_time", lambda s: OutreachLeadFactory(person=s.young, state="DONE")),
        ("outreach_task_done_says", lambda s: OutreachTaskFactory(done=True, result="", lead__person=s.young)),
        ("outreach_task_done_says", lambda s: OutreachTaskFactory(contact="HOME", lead__person=s.young)),
        ("outreach_task_ended_has_its_time",
         lambda s: OutreachTaskFactory(state="CANCELLED", lead__person=s.young)),
        ("outreach_refusal_ends_after", lambda s: OutreachRefusalFactory(
            person=s.old, ended_at=timezone.now() - timedelta(days=1))),
        ("outreach_once_for_each_occasion", lambda s: OutreachLeadFactory(person=s.old, version=s.version)),
        ("outreach_run_once_a_day", lambda s: [OutreachRun.objects.create(version=s.version, day=DAY)
                                               for _ in range(2)]),
    ],
)  # fmt: skip
def test_row__against_its_constraint__is_refused_by_the_database(s, name, make):
    with refused_by(name), transaction.atomic():
        make(s)


@pytest.mark.parametrize("row", ["lead", "task"])
def test_row__that_ended__does_not_open_again(s, row):
    finish(s)
    rows = {"lead": OutreachLead, "task": OutreachTask}[row].objects.all()
    back = {"state": "OPEN", "ended_at": None}
    if row == "task":
        back |= {"contact": "", "result": "", "done_on": None}
    with refused_by("Invalid transition"), transaction.atomic():
        rows.update(**back)

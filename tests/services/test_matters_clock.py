"""The clock around Spring Festival 2026: off from 15 to 23 February, worked on Saturday 14 and 28."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from services.actions import matters
from services.actions.network import extend_calendar
from services.enums import MatterState, Outcome
from services.matter_rules import light, lights
from services.models import CalendarDay
from tests.factories.guides import MatterKindFactory
from tests.factories.matters import MatterFactory
from tests.factories.network import PostingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def calendar(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        extend_calendar(today=date(2026, 1, 1))
    yield
    with django_db_blocker.unblock():
        CalendarDay.objects.all()._raw_delete("default")


@pytest.fixture
def on(monkeypatch, calendar):
    """Set the clock to ten in the morning of a day of 2026."""

    def set_to(month, day):
        moment = timezone.make_aware(datetime(2026, month, day, 10))
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


@pytest.fixture
def clerk():
    return PostingFactory().user


@pytest.fixture
def accepted(on, clerk):
    """Accepted on Thursday 12 February with five working days: due on Thursday the 26th."""
    on(2, 12)
    matter = MatterFactory(station=clerk.postings.get().station)
    return matters.accept(matter=matter, by=clerk)


def test_term__across_the_holiday__counts_the_saturday_worked(accepted):
    assert accepted.due_on == date(2026, 2, 26)
    assert accepted.statutory_due_on == date(2026, 3, 18)


@pytest.mark.parametrize(
    ("day", "tone", "words"),
    [
        (date(2026, 2, 13), "done", "还剩4个工作日"),
        (date(2026, 2, 14), "done", "还剩3个工作日"),
        (date(2026, 2, 15), "done", "还剩3个工作日"),  # the holiday begins
        (date(2026, 2, 23), "done", "还剩3个工作日"),
        (date(2026, 2, 24), "warning", "还剩2个工作日"),
        (date(2026, 2, 26), "warning", "今天到期"),
        (date(2026, 2, 27), "error", "超期1个工作日"),
        (date(2026, 2, 28), "error", "超期2个工作日"),  # a Saturday that is worked
        (date(2026, 3, 1), "error", "超期2个工作日"),
    ],
)
def test_light__around_the_holiday__changes_on_working_days_only(accepted, day, tone, words):
    shown = light(accepted, today=day)
    assert (shown.tone, shown.words) == (tone, words)


@pytest.mark.parametrize(("left", "tone"), [(5, "done"), (4, "warning")])
def test_light__of_a_long_term__is_amber_at_a_fifth(calendar, left, tone):
    kind = MatterKindFactory(code="long", promised_days=20, statutory_days=30)
    today = CalendarDay.objects.add_workdays(date(2026, 6, 30), -left)
    matter = MatterFactory(accepted=True, kind=kind, due_on=date(2026, 6, 30))
    assert light(matter, today=today).tone == tone


def test_light__while_suspended_or_over__has_no_colour(calendar):
    today = date(2026, 3, 2)
    stopped = MatterFactory(suspended=True, due_on=date(2026, 1, 5))
    done = MatterFactory(done=True, due_on=date(2026, 1, 5))
    shown = lights([stopped, done], today=today)
    assert shown[stopped.pk].words == "停止计时"
    assert (shown[done.pk].tone, shown[done.pk].words) == ("quiet", "")


def test_lights__of_many__read_the_calendar_once(calendar, django_assert_num_queries):
    rows = [MatterFactory(accepted=True) for _ in range(20)]
    with django_assert_num_queries(1):
        lights(rows, today=date(2026, 11, 24))


def test_suspension__across_the_holiday__moves_both_terms_by_its_working_days(accepted, on, clerk):
    on(2, 13)
    matters.suspend(matter=accepted, by=clerk, reason="等待上级批复")
    on(2, 24)  # Saturday 14 and Tuesday 24 were worked
    resumed = matters.resume(matter=accepted, by=clerk)
    assert resumed.due_on == date(2026, 2, 28)
    assert resumed.statutory_due_on == date(2026, 3, 20)
    assert light(resumed, today=date(2026, 2, 24)).words == "还剩4个工作日"


def test_suspension__within_the_holiday__moves_nothing(accepted, on, clerk):
    on(2, 15)
    matters.suspend(matter=accepted, by=clerk, reason="等待上级批复")
    on(2, 23)
    assert matters.resume(matter=accepted, by=clerk).due_on == date(2026, 2, 26)


def test_suspension__of_one_day__moves_nothing(accepted, on, clerk):
    on(2, 13)
    matters.suspend(matter=accepted, by=clerk, reason="等待上级批复")
    assert matters.resume(matter=accepted, by=clerk).due_on == date(2026, 2, 26)


def test_suspension__twice__adds_up(accepted, on, clerk):
    for first, last in ((12, 13), (24, 25)):
        on(2, first)
        matters.suspend(matter=accepted, by=clerk, reason="等待上级批复")
        on(2, last)
        resumed = matters.resume(matter=accepted, by=clerk)
    assert resumed.due_on == date(2026, 2, 28)


def test_suspension__of_what_is_over__does_not_mend_the_delay(accepted, on, clerk):
    on(2, 27)
    matters.suspend(matter=accepted, by=clerk, reason="等待上级批复")
    on(3, 2)  # Saturday 28 and Monday 2 were worked
    resumed = matters.resume(matter=accepted, by=clerk)
    assert resumed.due_on == date(2026, 2, 28)
    assert light(resumed, today=date(2026, 3, 2)).words == "超期1个工作日"


@pytest.mark.parametrize(
    ("month", "day", "late"), [(2, 26, 0), (2, 27, 1), (2, 28, 2), (3, 1, 2), (3, 2, 3)]
)
def test_finish__on_a_day__writes_the_working_days_over_the_promise(
    accepted, on, clerk, month, day, late
):
    on(month, day)
    done = matters.finish(matter=accepted, by=clerk, outcome=Outcome.ANSWERED, result="答复")
    assert (done.state, done.late_days) == (MatterState.DONE, late)


def test_check_and_papers__handed_in_before_the_holiday__are_due_after_it(on, clerk, settings):
    settings.MATTER_CHECK_WORKDAYS, settings.MATTER_SUPPLEMENT_WORKDAYS = 3, 3
    on(2, 13)
    matter = MatterFactory(draft=True, by=clerk, station=clerk.postings.get().station)
    assert matters.submit(matter=matter, by=clerk).check_by == date(2026, 2, 25)
    asked = matters.ask_supplement(matter=matter, by=clerk, wanted="身份证")
    assert asked.supplement_by == date(2026, 2, 25)


# --- what the days do ------------------------------------------------------------------------


def test_sweep__papers_that_never_came__are_sent_back_the_day_after(on):
    on(2, 26)
    matter = MatterFactory(supplement=True, supplement_by=date(2026, 2, 25))
    in_time = MatterFactory(supplement=True, supplement_by=date(2026, 2, 26))
    assert matters.return_unsupplemented() == 1
    assert matters.return_unsupplemented() == 0
    matter.refresh_from_db()
    in_time.refresh_from_db()
    assert (matter.state, in_time.state) == (MatterState.RETURNED, MatterState.SUPPLEMENT)
    assert "没有补齐" in matter.ended_reason


def test_warning__of_terms__once_amber_once_red(accepted, on, clerk):
    for month, day, expected in ((2, 14, 0), (2, 24, 1), (2, 25, 1), (2, 27, 2), (2, 28, 2)):
        on(month, day)
        matters.warn_of_terms()
        assert clerk.messages.count() == expected, (month, day)


def test_warning__of_papers_due__reminds_the_person_once(on):
    matter = MatterFactory(supplement=True, supplement_by=date(2026, 2, 25))
    for day in (13, 24, 25, 26):
        on(2, day)
        matters.warn_of_terms()
    titles = set(matter.by.messages.values_list("title", flat=True))
    assert titles == {"材料还没有补齐"}
    assert matter.by.messages.filter(channel="INBOX").count() == 1


def test_archive__what_ended_long_ago__and_nothing_younger(on, settings):
    settings.MATTER_ARCHIVE_DAYS = 60
    on(5, 1)
    old = timezone.make_aware(datetime(2026, 3, 1))
    young = timezone.make_aware(datetime(2026, 3, 3))
    gone = MatterFactory(delivered=True, delivered_at=old)
    taken_back = MatterFactory(withdrawn=True, ended_at=old)
    MatterFactory(delivered=True, delivered_at=young)
    MatterFactory(accepted=True, submitted_at=old)
    assert matters.archive_old() == 2
    gone.refresh_from_db()
    taken_back.refresh_from_db()
    assert gone.state == taken_back.state == MatterState.ARCHIVED


def test_drafts__nobody_came_back_to__are_emptied(on, settings):
    settings.MATTER_DRAFT_DAYS = 30
    on(5, 1)
    old = MatterFactory(draft=True, created_at=timezone.make_aware(datetime(2026, 3, 1)))
    old.answers = {"question": "私事"}
    old.save()
    MatterFactory(draft=True)
    assert matters.forget_drafts() == 1
    old.refresh_from_db()
    assert (old.state, old.answers) == (MatterState.WITHDRAWN, {})

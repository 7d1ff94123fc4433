"""Opening, refreshing and closing a month; reminding of it."""

from datetime import date, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry, Message
from reports import tasks
from reports.actions import periods, reminders
from reports.actions.returns import Entry, save_return
from reports.catalogue import AUTOMATIC, CODES
from reports.enums import ReturnState
from reports.models import Figure, ReportingPeriod, Return, ReturnVersion
from services.enums import Role
from tests.factories.persons import PersonFactory
from tests.reports.conftest import JUNE, MAY
from veterans_portal.errors import DomainError


def at(*parts):
    return timezone.make_aware(datetime(*parts))


def test_open_period__whole_network__gives_every_station_in_service_a_filled_return(city, calendar):
    city.a1y.active_to = date(2025, 6, 15)
    city.a1y.save()
    PersonFactory(station=city.a1x, filed_at=at(2025, 3, 1))
    period = periods.open_period(month=JUNE)
    assert period.returns.count() == 10
    assert not period.returns.filter(station=city.a1y).exists()
    assert set(Figure.objects.filter(of__station=city.a1x).values_list("code", flat=True)) == set(
        CODES
    )
    figures = {figure.code: figure for figure in Figure.objects.filter(of__station=city.a1x)}
    assert figures["SVC-01"].system_value == 1
    assert figures["SVC-02"].system_value == 0
    assert figures["SVC-04"].system_value == 1
    assert figures["SVC-06"].system_value is None
    assert (figures["SVC-03"].system_numerator, figures["SVC-03"].system_denominator) == (0, 1)
    assert AuditEntry.objects.filter(act="reports.period_opened").count() == 1


def test_open_period__deadlines__are_the_nth_working_days_by_tier(city, calendar):
    period = periods.open_period(month=JUNE)
    dues = {r.station_id: r.due_on for r in period.returns.all()}
    assert dues[city.a1x.pk] == dues[city.campus.pk] == date(2025, 7, 2)
    assert dues[city.a1.pk] == date(2025, 7, 3)
    assert dues[city.a.pk] == date(2025, 7, 7)
    assert dues[city.city.pk] == date(2025, 7, 10)


def test_open_period__run_again__changes_nothing_but_adds_a_late_station(city, calendar):
    city.b1x.active_from = date(2025, 8, 1)
    city.b1x.save()
    period = periods.open_period(month=JUNE)
    before = list(Figure.objects.order_by("pk").values_list())
    city.b1x.active_from = date(2025, 1, 1)
    city.b1x.save()
    periods.open_period(month=JUNE)
    assert list(Figure.objects.exclude(of__station=city.b1x).order_by("pk").values_list()) == before
    assert period.returns.count() == 11
    assert ReturnVersion.objects.count() == 11


def test_open_period__however_many_stations__asks_the_same_number_of_queries(city, calendar):
    with CaptureQueriesContext(connection) as asked:
        periods.open_period(month=MAY)
    passes = len({i.counted.records().model for i in AUTOMATIC})
    assert len(asked) <= 17 + passes


def test_open_period__month_not_over__says_when(city, calendar):
    with pytest.raises(DomainError, match="还没有结束"):
        periods.open_period(month=JUNE, today=date(2025, 6, 30))


def test_beat__first_of_the_month_and_a_missed_one__opens_both(city, calendar):
    periods.open_period(month=MAY)
    periods.open_due_periods(today=date(2025, 8, 1))
    months = list(ReportingPeriod.objects.order_by("month").values_list("month", flat=True))
    assert months == [MAY, JUNE, date(2025, 7, 1)]
    periods.open_due_periods(today=date(2025, 8, 2))
    assert ReportingPeriod.objects.count() == 3


def test_beat__tasks__run_twice_without_harm(city, calendar):
    for _ in range(2):
        tasks.open_periods()
        tasks.refresh_periods()
        tasks.remind()
    assert ReportingPeriod.objects.count() == 1


def test_refresh__record_came_late__moves_the_figure_of_that_station_only(june, city):
    PersonFactory(station=city.a1x, filed_at=at(2025, 6, 3))
    before = june.of("a1y").version
    changed = periods.refresh_period(period=june)
    assert changed == [june.of("a1x").pk]
    assert june.of("a1x").figures.get(code="SVC-04").system_value == 1
    assert june.of("a1y").version == before
    assert june.of("a1x").versions.first().act == "REFRESHED"


def test_refresh__filed_return__stays_as_it_was_filed(june, city):
    Return.objects.filter(pk=june.of("a1x").pk).update(state=ReturnState.LOCKED)
    PersonFactory(station=city.a1x, filed_at=at(2025, 6, 3))
    assert periods.refresh_period(period=june) == []


def test_close_period__some_not_filed__locks_all_and_freezes_figures(june, city, staff):
    head = staff("city", Role.HEAD)
    assert periods.close_period(period=june, by=head) == 11
    assert set(june.returns.values_list("state", flat=True)) == {ReturnState.LOCKED}
    assert june.of("a").versions.first().by == head
    with pytest.raises(DomainError, match="已经关闭"):
        periods.close_period(period=june, by=head)
    with pytest.raises(DomainError, match="不能再改"):
        save_return(of=june.of("a1x"), version=2, entries={"SVC-06": Entry(1)}, by=head)


DUE = date(2025, 7, 2)  # a Wednesday; villages


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (date(2025, 6, 29), None),
        (date(2025, 6, 30), "T-2"),
        (date(2025, 7, 1), "T-2"),
        (date(2025, 7, 2), "T"),
        (date(2025, 7, 3), "T+1"),
        (date(2025, 7, 4), "T+1"),
        (date(2025, 7, 6), "T+1"),
        (date(2025, 7, 7), "T+3"),
    ],
)
def test_reminder__by_working_days__reaches_its_stage_over_the_weekend(calendar, today, stage):
    days = reminders.workdays_around(DUE, DUE)
    assert reminders.stage_of(DUE, today, days) == stage


def test_remind__same_day_twice__tells_the_fillers_once(june, city, staff):
    clerk = staff("a1x")
    staff("a1x", Role.REVIEWER)
    reminders.remind(today=date(2025, 7, 2))
    reminders.remind(today=date(2025, 7, 2))
    told = Message.objects.filter(kind="reports.due", about_id=str(june.of("a1x").pk))
    assert [message.user for message in told] == [clerk]
    assert "今天" in told[0].title


def test_remind__three_working_days_late__tells_the_head_above_once_for_all(june, city, staff):
    head = staff("a1", Role.HEAD)
    staff("a1x")
    reminders.remind(today=date(2025, 7, 7))
    reminders.remind(today=date(2025, 7, 8))
    told = Message.objects.filter(user=head, kind="reports.escalated", about_id=str(june.pk))
    assert told.count() == 1
    assert "东一村" in told[0].body
    assert "东二村" in told[0].body


def test_remind__filed_return__is_left_alone(june, city, staff):
    staff("a1x")
    june.returns.update(state=ReturnState.LOCKED)
    Return.objects.filter(period__month=MAY).update(state=ReturnState.LOCKED)
    assert reminders.remind(today=date(2025, 7, 7)) == 0


def test_indicators_command__no_network__says_what_to_run(db):
    with pytest.raises(CommandError, match="load_network"):
        call_command("indicators", "--from", "2025-01-01", "--to", "2025-06-30")

"""Working days around holidays, make-up Saturdays and the years nobody has announced yet."""

from datetime import date, timedelta

import pytest

from services.actions.network import extend_calendar
from services.models import CalendarDay
from services.models.calendar import CalendarSource
from veterans_portal.errors import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def calendar(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        extend_calendar(today=date(2026, 11, 24))
    yield CalendarDay.objects
    with django_db_blocker.unblock():
        CalendarDay.objects.all()._raw_delete("default")


def test_calendar__extended__has_every_day_to_the_end_of_the_year_after_next(calendar):
    days = list(calendar.order_by("day").values_list("day", flat=True))
    assert (days[0], days[-1]) == (date(2020, 1, 1), date(2028, 12, 31))
    assert len(days) == (days[-1] - days[0]).days + 1


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        # Spring Festival 2025: 28 January to 4 February off, Sunday 26 January worked.
        (date(2025, 1, 24), 1, date(2025, 1, 26)),
        (date(2025, 1, 27), 1, date(2025, 2, 5)),
        (date(2025, 1, 27), 4, date(2025, 2, 8)),  # a make-up Saturday counts
        (date(2025, 2, 5), -2, date(2025, 1, 26)),
        (date(2025, 2, 1), 0, date(2025, 2, 1)),
        # National Day 2025, eight days with Mid-autumn, Saturday 11 October worked.
        (date(2025, 9, 30), 3, date(2025, 10, 11)),
        # New Year into a year without an announced plan: 1 January is a Friday.
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
    ],
)
def test_add_workdays__around_holidays__counts_what_people_work(calendar, start, n, expected):
    assert calendar.add_workdays(start, n) == expected


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2025, 1, 24), date(2025, 2, 8), 6),
        (date(2025, 2, 8), date(2025, 1, 24), -6),
        (date(2025, 1, 28), date(2025, 2, 4), 0),
        (date(2025, 6, 3), date(2025, 6, 3), 0),
    ],
)
def test_workdays_between__two_days__counts_the_later_not_the_earlier(calendar, start, end, days):
    assert calendar.workdays_between(start, end) == days


def test_workdays__added_and_counted__agree(calendar):
    start = date(2025, 1, 20)
    for n in range(1, 60):
        assert calendar.workdays_between(start, calendar.add_workdays(start, n)) == n


@pytest.mark.parametrize(
    ("act", "given"),
    [
        ("add_workdays", (date(2028, 12, 1), 60)),
        ("add_workdays", (date(2020, 1, 5), -60)),
        ("workdays_between", (date(2028, 12, 1), date(2029, 2, 1))),
    ],
)
def test_workdays__beyond_the_calendar__say_who_mends_it(calendar, act, given):
    with pytest.raises(DomainError, match="请系统管理员补充日历"):
        getattr(calendar, act)(*given)


def test_year_without_a_plan__is_expected_by_weekday_and_fixed_holidays(calendar):
    days = calendar.in_bulk([date(2027, 1, 1), date(2027, 3, 6), date(2027, 3, 8)])
    assert [(d.is_workday, d.source) for d in days.values()] == [
        (False, CalendarSource.EXPECTED),
        (False, CalendarSource.EXPECTED),
        (True, CalendarSource.EXPECTED),
    ]


def test_make_up_day__says_what_it_makes_up_for(calendar):
    assert calendar.get(day=date(2025, 2, 8)).name == "春节调休上班"


def test_calendar__extended_again__keeps_what_staff_changed_and_corrects_the_rest(calendar):
    calendar.filter(day=date(2027, 3, 8)).update(is_workday=False, source=CalendarSource.STAFF)
    calendar.filter(day=date(2025, 3, 3)).update(is_workday=False, source=CalendarSource.EXPECTED)
    assert extend_calendar(today=date(2026, 11, 24))[2] == 1
    assert not calendar.get(day=date(2027, 3, 8)).is_workday
    assert calendar.get(day=date(2025, 3, 3)).is_workday


def test_calendar__a_year_later__grows_by_that_year(calendar):
    extend_calendar(today=date(2027, 1, 1))
    last = calendar.order_by("-day").first().day
    assert last == date(2029, 12, 31)
    assert last - timedelta(days=365) == date(2028, 12, 31)

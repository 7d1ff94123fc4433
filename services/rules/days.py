"""Days before and after, so that Python and the database draw the same lines."""

import calendar
from datetime import date, timedelta

FIRST_YEAR = 1000  # nothing in a file is older; subtracting never leaves the calendar


def years_before(day, years):
    """Who is born on or before this date has lived `years` years on `day`.

    29 February counts as reached on 1 March of ordinary years, as `Person.age` has it.
    """
    year = max(day.year - years, FIRST_YEAR)
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def birthday(birth, years):
    """The day on which somebody becomes `years` years old."""
    year = birth.year + years
    if birth.month == 2 and birth.day == 29 and not calendar.isleap(year):
        return date(year, 3, 1)
    return birth.replace(year=year)


def back(day, count, unit):
    """The date `count` days or months before `day`; a month without that day gives its last one."""
    if unit == "days":
        return day - timedelta(days=count)
    months = day.year * 12 + day.month - 1 - count
    year, month = max(months // 12, FIRST_YEAR), months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def first_day_when_past(since, count, unit):
    """The first day on which `since` lies `count` days or months back, as `back` reckons."""
    if unit == "days":
        return since + timedelta(days=count)
    months = since.year * 12 + since.month - 1 + count
    day = date(months // 12, months % 12 + 1, 1)
    day = day.replace(day=min(since.day, calendar.monthrange(day.year, day.month)[1]))
    while back(day, count, unit) < since:
        day += timedelta(days=1)
    return day

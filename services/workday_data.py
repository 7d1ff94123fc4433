"""What is known beforehand about working days: the State Council's plans, and the law for later."""

from datetime import date, timedelta

import chinese_calendar

from services.models.calendar import CalendarSource

FIRST_DAY = date(2020, 1, 1)
YEARS_AHEAD = 2
# Fixed by the solar calendar in 《全国年节及纪念日放假办法》 §2 (2024 revision); the days that
# follow the moon, and the exchanged weekends, are known only when the State Council announces them.
FIXED_HOLIDAYS = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}
SATURDAY = 5


def days(today):
    """Yield (day, is_workday, name, source) from 2020 to the end of the year after next."""
    day, last = FIRST_DAY, date(today.year + YEARS_AHEAD, 12, 31)
    while day <= last:
        try:
            yield day, *_announced(day)
        except NotImplementedError:  # the library knows no plan for that year yet
            yield day, *_expected(day)
        day += timedelta(days=1)


def _announced(day):
    off, holiday = chinese_calendar.get_holiday_detail(day)
    name = chinese_calendar.Holiday(holiday).chinese if holiday else ""
    if name and not off:
        name += "调休上班"
    return not off, name, CalendarSource.STATE_COUNCIL


def _expected(day):
    name = FIXED_HOLIDAYS.get((day.month, day.day), "")
    return day.weekday() < SATURDAY and not name, name, CalendarSource.EXPECTED

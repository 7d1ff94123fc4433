"""Notices that write themselves: holidays from the calendar, stations that opened or closed.

They appear in time and go away by themselves, so no notice on the home page is ever stale.
"""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from services.models import CalendarDay, Station
from services.models.calendar import CalendarSource
from veterans_portal.chinese_dates import day as day_in_words

HOLIDAY_DAYS_AHEAD = 45
STATION_DAYS_BACK = 60
MOST_STATIONS = 3


def notices(today=None):
    """Return dictionaries with title, body, on (a date) and url ("" when there is none)."""
    today = today or timezone.localdate()
    return _holidays(today) + _stations(today)


def _holidays(today):
    days = CalendarDay.objects.filter(
        day__range=(today, today + timedelta(days=HOLIDAY_DAYS_AHEAD)), is_workday=False
    ).exclude(name="")
    spans = []
    for row in days.order_by("day"):
        if spans and spans[-1][-1].day + timedelta(days=1) == row.day:
            spans[-1].append(row)
        else:
            spans.append([row])
    return [_holiday(span) for span in spans]


def _holiday(span):
    first, last = span[0], span[-1]
    days = day_in_words(first.day)
    if last.day != first.day:
        days += f"至{day_in_words(last.day)}"
    announced = first.source != CalendarSource.EXPECTED
    return {
        "title": f"{first.name}放假，服务窗口休息",
        "body": f"{days}休息。" + ("" if announced else "以国务院公布的放假安排为准。"),
        "on": first.day,
        "url": "",
    }


def _stations(today):
    since = today - timedelta(days=STATION_DAYS_BACK)
    changed = Station.objects.filter(
        Q(active_from__range=(since, today)) | Q(active_to__range=(since, today))
    )
    return [
        {
            "title": f"{station.name}{'已停用' if station.active_to else '已启用'}",
            "body": "停用后请到上级服务站办理。" if station.active_to else "欢迎就近办理。",
            "on": station.active_to or station.active_from,
            "url": station.get_absolute_url(),
        }
        for station in changed.order_by("-active_from", "path")[:MOST_STATIONS]
    ]

"""Dates and times as people say them: the day with its weekday, the hour with its part of the day."""

import datetime as dt

from django.utils import timezone

WEEKDAYS = "一二三四五六日"


def as_date(value):
    """The local calendar day of a date or a datetime."""
    if isinstance(value, dt.datetime):
        return _local(value).date()
    return value


def day(value):
    """4月4日 星期六; the year is said when it is not the present one."""
    if not value:
        return ""
    date = as_date(value)
    text = f"{date.month}月{date.day}日 {_weekday(date)}"
    return text if date.year == timezone.localdate().year else f"{date.year}年{text}"


def date_with_year(value):
    """2026年11月24日 星期二"""
    if not value:
        return ""
    date = as_date(value)
    return f"{date.year}年{date.month}月{date.day}日 {_weekday(date)}"


def plain(value):
    """1980年11月1日, for days long past whose weekday says nothing."""
    if not value:
        return ""
    date = as_date(value)
    return f"{date.year}年{date.month}月{date.day}日"


def short(value):
    """2026-11-24, for dense tables."""
    return as_date(value).isoformat() if value else ""


def month(value):
    """2026年11月"""
    if not value:
        return ""
    date = as_date(value)
    return f"{date.year}年{date.month}月"


def time_of_day(value):
    """上午9:00, 中午12:30, 下午2:05"""
    if value is None or value == "":
        return ""
    clock = _local(value) if isinstance(value, dt.datetime) else value
    part, hour = _part_of_day(clock.hour)
    return f"{part}{hour}:{clock.minute:02d}"


def moment(value):
    """2026年11月24日 星期二 上午9:00"""
    return f"{date_with_year(value)} {time_of_day(value)}" if value else ""


def span(start, end=None):
    """4月4日 星期六 上午9:00—9:30; both days are said when they differ."""
    if not end:
        return f"{day(start)} {time_of_day(start)}"
    if as_date(start) != as_date(end):
        return f"{day(start)} {time_of_day(start)}—{day(end)} {time_of_day(end)}"
    first, last = _part_of_day(_local(start).hour)[0], _part_of_day(_local(end).hour)[0]
    closing = time_of_day(end)
    return f"{day(start)} {time_of_day(start)}—{closing.removeprefix(last) if first == last else closing}"


def _local(value):
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _weekday(date):
    return f"星期{WEEKDAYS[date.weekday()]}"


def _part_of_day(hour):
    """Part of the day and the hour on a twelve-hour dial."""
    if hour < 6:
        return "凌晨", hour
    if hour < 12:
        return "上午", hour
    if hour == 12:
        return "中午", 12
    return ("下午" if hour < 18 else "晚上"), hour - 12

"""Dates as people say them."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from veterans_portal import chinese_dates

WUXI = ZoneInfo("Asia/Shanghai")


def test_a_moment__in_another_zone__is_said_in_local_time_with_its_weekday():
    at = dt.datetime(2026, 11, 24, 1, 0, tzinfo=dt.UTC)
    assert chinese_dates.moment(at) == "2026年11月24日 星期二 上午9:00"


def test_a_day__of_another_year__says_the_year():
    assert chinese_dates.day(dt.date(2020, 4, 4)) == "2020年4月4日 星期六"


def test_a_day__of_this_year__leaves_the_year_out():
    first = dt.date(dt.datetime.now(WUXI).year, 1, 2)
    assert chinese_dates.day(first).startswith("1月2日 星期")


@pytest.mark.parametrize(
    "hour, said",
    [
        (0, "凌晨0:05"),
        (9, "上午9:05"),
        (12, "中午12:05"),
        (13, "下午1:05"),
        (18, "晚上6:05"),
        (23, "晚上11:05"),
    ],
)
def test_the_hour__is_said_with_its_part_of_the_day(hour, said):
    assert chinese_dates.time_of_day(dt.time(hour, 5)) == said


def test_a_span__within_one_part_of_the_day__says_it_once():
    start = dt.datetime(2020, 4, 4, 9, 0, tzinfo=WUXI)
    assert (
        chinese_dates.span(start, start + dt.timedelta(minutes=30))
        == "2020年4月4日 星期六 上午9:00—9:30"
    )
    assert chinese_dates.span(start, start + dt.timedelta(hours=4)).endswith("上午9:00—下午1:00")


def test_a_span__over_midnight__says_both_days():
    start = dt.datetime(2020, 4, 4, 22, 0, tzinfo=WUXI)
    assert "4月5日" in chinese_dates.span(start, start + dt.timedelta(hours=4))


@pytest.mark.parametrize(
    "say",
    [chinese_dates.day, chinese_dates.date_with_year, chinese_dates.moment, chinese_dates.month],
)
def test_nothing__is_said_as_nothing(say):
    assert say(None) == ""

"""The desk's pages of hours and closures, and what the public reads of them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from services.actions import bookings
from services.enums import Role
from services.models import Closure, OpeningHours
from tests.factories.bookings import BookingFactory, OfferingFactory, SlotFactory
from tests.factories.hours import ClosureFactory, OpeningHoursFactory
from tests.factories.network import PostingFactory, StationFactory, WindowFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    return StationFactory()


@pytest.fixture
def clerk(station):
    return PostingFactory(station=station, role=Role.CLERK).user


@pytest.fixture
def desk(client, clerk):
    client.force_login(clerk)
    return client


def address(name, station, *more):
    return reverse(f"services:{name}", args=[station.code, *more])


def in_days(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_hours_page__nothing_entered__says_what_the_slots_follow(desk, station):
    page = desk.get(address("desk_hours", station))
    assert "还没有填" in page.content.decode()


def test_hours_edit__two_spans__are_kept_and_shown_to_the_public(desk, station):
    typed = {
        "workday_morning_start": "09:00", "workday_morning_end": "11:30",
        "workday_afternoon_start": "13:30", "workday_afternoon_end": "17:00",
    }  # fmt: skip
    answer = desk.post(address("desk_hours_edit", station), typed)
    assert answer.status_code == 302
    assert OpeningHours.objects.filter(station=station).count() == 2
    public = desk.get(station.get_absolute_url()).content.decode()
    assert "下午1:30" in public
    assert "工作日 9:00—17:00" not in public


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "请至少填写工作日的开放时间"),
        ({"workday_morning_start": "09:00"}, "开始和结束要一起填"),
        ({"workday_morning_start": "9点", "workday_morning_end": "10:00"}, "时:分"),
        ({"workday_morning_start": "10:00", "workday_morning_end": "09:00"}, "应晚于"),
    ],
)
def test_hours_edit__what_does_not_fit__is_said_beside_the_field_and_kept(
    desk, station, typed, words
):
    page = desk.post(address("desk_hours_edit", station), typed)
    assert page.status_code == 200
    assert words in page.content.decode()
    assert not OpeningHours.objects.exists()
    for value in typed.values():
        assert f'value="{value}"' in page.content.decode()


def test_close__check_first__says_whom_it_hits_and_writes_nothing(desk, station):
    slot = SlotFactory(offering=OfferingFactory(station=station), taken=1)
    BookingFactory(slot=slot)
    typed = {"first_day": slot.day.isoformat(), "reason": "国庆节放假", "step": "check"}
    page = desk.post(address("desk_close", station, "closure"), typed)
    assert "其中有1个预约" in page.content.decode()
    assert not Closure.objects.exists()
    answer = desk.post(address("desk_close", station, "closure"), typed | {"step": "save"})
    assert answer.status_code == 302
    closure = Closure.objects.get()
    assert (closure.slots_closed, closure.bookings_told) == (1, 1)


def test_close__reason_with_markup__is_shown_as_text(desk, station):
    typed = {"first_day": in_days(3), "reason": "<script>alert(1)</script>", "step": "save"}
    desk.post(address("desk_close", station, "closure"), typed)
    for page in (address("desk_hours", station), station.get_absolute_url()):
        assert "<script>alert" not in desk.get(page).content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"first_day": "", "reason": "放假"}, "请填写日期"),
        ({"first_day": "2026-02-30", "reason": "放假"}, "年-月-日"),
        ({"first_day": "1899-01-01", "reason": "放假"}, "1900年以后"),
        ({"first_day": "9999-12-31", "reason": "放假"}, "2100年以前"),
        ({"first_day": in_days(3), "reason": ""}, "请写明原因"),
        ({"first_day": in_days(3), "last_day": in_days(2), "reason": "放假"}, "不应早于第一天"),
        ({"first_day": in_days(3), "reason": "放假", "start": "09:00"}, "一起填"),
    ],
)
def test_close__what_does_not_fit__is_said_and_kept(desk, station, typed, words):
    page = desk.post(address("desk_close", station, "closure"), typed | {"step": "save"})
    assert page.status_code == 200
    assert words in page.content.decode()
    assert not Closure.objects.exists()


def test_absence__stand_in_chosen__keeps_the_window_open(desk, station, clerk):
    window = WindowFactory(station=station)
    other = PostingFactory(station=station).user
    typed = {
        "staff": clerk.pk, "window": window.pk, "stand_in": other.pk,
        "first_day": in_days(3), "reason": "年假", "step": "save",
    }  # fmt: skip
    answer = desk.post(address("desk_close", station, "absence"), typed, follow=True)
    assert "预约照常" in answer.content.decode()
    assert Closure.objects.get().stand_in == other


def test_absence__colleague_of_elsewhere__is_no_choice(desk, station, clerk):
    stranger = PostingFactory(station=StationFactory()).user
    page = desk.get(address("desk_close", station, "absence")).content.decode()
    assert clerk.name in page
    assert f'value="{stranger.pk}"' not in page


def test_lift__own_closure__offers_the_slots_again(desk, station):
    slot = SlotFactory(offering=OfferingFactory(station=station))
    closure = ClosureFactory(station=station, first_day=slot.day)
    bookings.close_slots(slots=[slot], by=closure.by, reason="检修", closure=closure)
    answer = desk.post(reverse("services:desk_closure_lift", args=[closure.pk]), follow=True)
    assert "1个时段重新开放" in answer.content.decode()
    slot.refresh_from_db()
    assert slot.closed_at is None


def test_hours_page__many_closures__asks_as_often_as_for_one(
    desk, station, django_assert_max_num_queries
):
    OpeningHoursFactory(station=station)
    for days in range(20):
        ClosureFactory(
            station=station, absence=True, first_day=timezone.localdate() + timedelta(days=days)
        )
    with django_assert_max_num_queries(14):
        desk.get(address("desk_hours", station))


def test_station_page__closure_ahead__warns_the_public_without_the_clerks_reason(client, station):
    OpeningHoursFactory(station=station)
    ClosureFactory(station=station, absence=True, reason="病假")
    page = client.get(station.get_absolute_url()).content.decode()
    assert "窗口人员不在岗" in page
    assert "病假" not in page

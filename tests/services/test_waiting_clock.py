"""Until when a place is held, and when people are told: by night, before holidays, never too late."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from accounts.enums import Channel
from accounts.models import Message
from services import waiting_rules as rules
from services.actions import bookings, waiting
from services.actions.bookings import Contact
from services.actions.network import extend_calendar
from services.enums import WaitingState
from services.models import Offering, Slot, WaitingEntry
from tests.factories.accounts import UserFactory
from tests.factories.bookings import OfferingFactory, SlotFactory
from tests.factories.network import PostingFactory
from tests.services.booking_scene import take, with_rules
from tests.services.waiting_scene import join

WEDNESDAY = date(2027, 3, 10)
# Spring Festival of 2026: rest from 15 to 23 February, made up on Saturdays 14 and 28.
LAST_WORKDAY, FIRST_WORKDAY = date(2026, 2, 14), date(2026, 2, 24)


def at(day, hour, minute=0):
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def a_slot(day, hour, *, lead=30, minutes=120):
    offering = Offering(title="综合窗口", lead_minutes=lead, offer_minutes=minutes)
    return Slot(offering=offering, starts_at=at(day, hour), ends_at=at(day, hour, 30), capacity=1)


LATER = WEDNESDAY + timedelta(days=5)
HELD = [
    # made at, slot, minutes held → until
    ("in the day", at(WEDNESDAY, 10), a_slot(LATER, 9), at(WEDNESDAY, 12)),
    ("until nine in the evening", at(WEDNESDAY, 19), a_slot(LATER, 9), at(WEDNESDAY, 21)),
    ("ends after nine", at(WEDNESDAY, 19, 1), a_slot(LATER, 9), at(WEDNESDAY + timedelta(1), 9)),
    ("at midnight", at(WEDNESDAY, 0, 30), a_slot(LATER, 9), at(WEDNESDAY, 9)),
    ("before breakfast", at(WEDNESDAY, 6, 30), a_slot(LATER, 9), at(WEDNESDAY, 9)),
    ("held for two days", at(WEDNESDAY, 23), a_slot(LATER, 9, minutes=2880), at(WEDNESDAY + timedelta(3), 9)),
    ("slot soon", at(WEDNESDAY, 10), a_slot(WEDNESDAY, 11), at(WEDNESDAY, 10, 30)),
    ("the night before an early slot", at(WEDNESDAY, 22), a_slot(WEDNESDAY + timedelta(1), 9), at(WEDNESDAY + timedelta(1), 8, 30)),
    ("lead of a day", at(WEDNESDAY, 10), a_slot(WEDNESDAY + timedelta(1), 11, lead=1440), at(WEDNESDAY, 11)),
    ("29 minutes would remain", at(WEDNESDAY, 10, 1), a_slot(WEDNESDAY, 11), None),
    ("lead has passed", at(WEDNESDAY, 10, 45), a_slot(WEDNESDAY, 11), None),
    ("slot has begun", at(WEDNESDAY, 11, 5), a_slot(WEDNESDAY, 11), None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("now", "slot", "until"), [row[1:] for row in HELD], ids=[row[0] for row in HELD]
)
def test_held_until__by_the_clock(now, slot, until):
    assert rules.held_until(slot, now=now) == until


@pytest.mark.parametrize(
    ("now", "is_workday", "expected"),
    [
        (at(WEDNESDAY, 10), True, at(WEDNESDAY, 10)),
        (at(WEDNESDAY, 7), True, at(WEDNESDAY, 9)),
        (at(WEDNESDAY, 17), True, at(LATER, 9)),
        (at(WEDNESDAY, 10), False, at(LATER, 9)),
    ],
)
def test_next_call__by_the_clock(now, is_workday, expected):
    assert rules.next_call(now, is_workday=is_workday, next_workday=LATER) == expected


@pytest.mark.parametrize(
    ("now", "until", "expected"),
    [
        (at(WEDNESDAY, 10), at(WEDNESDAY, 12), at(WEDNESDAY, 10)),
        (at(WEDNESDAY, 2), at(WEDNESDAY, 9), at(WEDNESDAY, 7, 30)),
        (at(WEDNESDAY, 22), at(LATER, 9), at(WEDNESDAY + timedelta(1), 7, 30)),
        (at(WEDNESDAY, 6), at(WEDNESDAY, 7), at(WEDNESDAY, 6, 30)),
        (at(WEDNESDAY, 6, 40), at(WEDNESDAY, 7, 10), at(WEDNESDAY, 6, 40)),
    ],
)
def test_sms_not_before__lets_people_sleep_but_leaves_time_to_answer(now, until, expected):
    assert rules.sms_not_before(now, until) == expected


@pytest.fixture
def calendar(db):
    extend_calendar(today=LAST_WORKDAY)


def waited_for(day, hour, **more):
    """A booked slot of one place on a day far ahead, and its booking."""
    offering = OfferingFactory(horizon_days=180, workdays_only=False, **more)
    slot = SlotFactory(
        offering=offering, capacity=1, starts_at=at(day, hour), ends_at=at(day, hour, 30)
    )
    now = at(day - timedelta(days=20), 10)
    return slot, take(with_rules(slot), UserFactory(), now=now), now


def free(slot, booking, now):
    bookings.cancel(booking=booking, by=booking.by, reason="时间不便", now=now)
    return WaitingEntry.objects.get(offering=slot.offering)


@pytest.mark.django_db
@pytest.mark.usefixtures("calendar")
def test_offer__on_the_last_evening_before_the_holiday__is_asked_the_next_morning():
    slot, booking, early = waited_for(FIRST_WORKDAY, 10)
    join(slot, now=early)
    entry = free(slot, booking, at(LAST_WORKDAY, 23))
    assert entry.offer_until == at(LAST_WORKDAY + timedelta(days=1), 9)
    sms = Message.objects.get(kind="services.waiting_offer", channel=Channel.SMS)
    assert sms.not_after == entry.offer_until


@pytest.mark.django_db
@pytest.mark.usefixtures("calendar")
def test_offer__in_the_holiday_to_somebody_the_station_calls__is_held_until_it_works_again():
    slot, booking, early = waited_for(FIRST_WORKDAY + timedelta(days=1), 10)
    clerk = PostingFactory(station=slot.offering.station).user
    join(slot, clerk, contact=Contact("赵老伯"), on_behalf=True, now=early)
    entry = free(slot, booking, at(date(2026, 2, 18), 10))
    assert entry.offer_until == at(FIRST_WORKDAY, 11)


@pytest.mark.django_db
@pytest.mark.usefixtures("calendar")
def test_offer__on_a_make_up_saturday__can_be_called_at_once():
    slot, booking, early = waited_for(FIRST_WORKDAY, 10)
    clerk = PostingFactory(station=slot.offering.station).user
    join(slot, clerk, contact=Contact("赵老伯"), on_behalf=True, now=early)
    entry = free(slot, booking, at(LAST_WORKDAY, 10))
    assert entry.offer_until == at(LAST_WORKDAY, 12)


@pytest.mark.django_db
@pytest.mark.usefixtures("calendar")
def test_offer__nobody_could_call_in_time__goes_to_the_next_who_can_be_told():
    slot, booking, early = waited_for(FIRST_WORKDAY, 9)
    clerk = PostingFactory(station=slot.offering.station).user
    called = join(slot, clerk, contact=Contact("赵老伯"), on_behalf=True, now=early)
    told = join(slot, now=early + timedelta(minutes=1))
    bookings.cancel(booking=booking, by=booking.by, reason="不便", now=at(date(2026, 2, 18), 10))
    called.refresh_from_db()
    told.refresh_from_db()
    assert [called.state, told.state] == [WaitingState.WAITING, WaitingState.OFFERED]


@pytest.mark.django_db
@pytest.mark.parametrize("late", [False, True])
def test_offer__half_an_hour_before_the_last_moment__is_the_last(late):
    slot, booking, early = waited_for(WEDNESDAY, 11)
    join(slot, now=early)
    entry = free(slot, booking, at(WEDNESDAY, 10) + timedelta(minutes=late))
    assert entry.state == (WaitingState.WAITING if late else WaitingState.OFFERED)
    if late:
        assert not Message.objects.filter(kind="services.waiting_offer").exists()
    else:
        assert entry.offer_until == at(WEDNESDAY, 10, 30)
        told = Message.objects.filter(kind="services.waiting_offer")
        assert {each.not_after for each in told} == {entry.offer_until}


@pytest.mark.django_db
def test_expire__in_the_night__the_next_is_not_woken():
    slot, booking, early = waited_for(WEDNESDAY, 11, offer_minutes=60)
    join(slot, now=early)
    second = join(slot, now=early + timedelta(minutes=1))
    bookings.cancel(booking=booking, by=booking.by, reason="不便",
                    now=at(WEDNESDAY - timedelta(days=1), 19, 59))  # fmt: skip
    assert waiting.expire(now=at(WEDNESDAY - timedelta(days=1), 21)) == 1
    second.refresh_from_db()
    assert second.offer_until == at(WEDNESDAY, 9)
    sms = Message.objects.get(
        kind="services.waiting_offer", channel=Channel.SMS, about_id=str(second.booking_id)
    )
    assert sms.not_before == at(WEDNESDAY - timedelta(days=1), 21)

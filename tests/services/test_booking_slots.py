"""Slots opened ahead, offerings changed, reminders written."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from accounts.models import Message
from services.actions import bookings
from services.actions.bookings import Contact
from services.models import Booking, CalendarDay, Slot
from services.models.calendar import CalendarSource
from services.notifications import spoken
from services.tasks import bookings as tasks
from tests.factories.accounts import UserFactory
from tests.factories.bookings import (
    BookingFactory,
    OfferingFactory,
    OfferingHoursFactory,
    SlotFactory,
)
from tests.factories.persons import PersonFactory
from veterans_portal import chinese_dates

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 30)


def at(day, hour, minute=0):
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


@pytest.fixture
def offering():
    offering = OfferingFactory(horizon_days=7, capacity=4)
    OfferingHoursFactory(offering=offering, start="09:00", end="10:30")
    return offering


def days_of(offering):
    return sorted({slot.day for slot in offering.slots.all()})


def test_open_slots__once__fills_the_horizon_on_working_days(offering):
    opened = bookings.open_slots(now=at(MONDAY, 0))
    assert opened == 6 * 3
    assert days_of(offering) == [MONDAY + timedelta(days=n) for n in (0, 1, 2, 3, 4, 7)]
    first = offering.slots.first()
    assert (first.starts_at, first.ends_at) == (at(MONDAY, 9), at(MONDAY, 9, 30))
    assert first.capacity == 4


def test_open_slots__again__adds_only_the_new_day(offering):
    bookings.open_slots(now=at(MONDAY, 0))
    assert bookings.open_slots(now=at(MONDAY, 0)) == 0
    assert bookings.open_slots(now=at(MONDAY + timedelta(days=1), 0)) == 3


def test_open_slots__make_up_saturday_and_holiday__follow_the_calendar(offering):
    saturday, wednesday = date(2026, 12, 5), date(2026, 12, 2)
    for day, is_workday in ((saturday, True), (wednesday, False)):
        CalendarDay.objects.update_or_create(
            day=day,
            defaults={"is_workday": is_workday, "source": CalendarSource.STAFF},
        )
    bookings.open_slots(now=at(MONDAY, 0))
    assert saturday in days_of(offering)
    assert wednesday not in days_of(offering)


def test_open_slots__hours_not_a_multiple__leaves_the_rest(offering):
    offering.slot_minutes = 40
    offering.save()
    bookings.open_slots(now=at(MONDAY, 0))
    assert offering.slots.on_day(MONDAY).count() == 2


def test_open_slots__season_closed_offering_or_station__opens_nothing_beyond(offering):
    offering.season_to = MONDAY
    offering.save()
    assert bookings.open_slots(now=at(MONDAY, 0)) == 3
    offering.is_open = False
    offering.save()
    assert bookings.open_slots(now=at(MONDAY, 0)) == 0


def test_open_slots__earlier_today__does_not_open_the_past(offering):
    bookings.open_slots(now=at(MONDAY, 9, 10))
    assert offering.slots.on_day(MONDAY).count() == 2


def test_save_offering__new_hours__replaces_free_slots_and_keeps_booked_ones(offering):
    clerk = UserFactory(staff=True)
    now = at(MONDAY, 0)
    bookings.open_slots(now=now)
    booked = offering.slots.on_day(MONDAY).first()
    Slot.objects.filter(pk=booked.pk).update(taken=3)
    BookingFactory(slot=booked, heads=3)
    offering.capacity = 2
    bookings.save_offering(offering=offering, hours=[(time(14), time(15))], by=clerk, now=now)
    slots = list(offering.slots.on_day(MONDAY))
    assert [timezone.localtime(slot.starts_at).hour for slot in slots] == [9, 14, 14]
    assert [slot.capacity for slot in slots] == [3, 2, 2]


def test_close_slots__without_reason__is_refused(offering):
    bookings.open_slots(now=at(MONDAY, 0))
    with pytest.raises(Exception, match="原因"):
        bookings.close_slots(slots=[offering.slots.first()], by=None, reason=" ")


def reminded(kind="SMS"):
    return Message.objects.filter(kind="services.booking_reminder", channel=kind)


@pytest.fixture
def booked():
    slot = SlotFactory(starts_at=at(MONDAY, 14))
    return BookingFactory(slot=slot, created_at=at(MONDAY - timedelta(days=4), 10))


def test_remind__moments_come__once_each(booked):
    sunday = MONDAY - timedelta(days=1)
    assert bookings.remind(now=at(sunday, 8, 59)) == 0
    assert bookings.remind(now=at(sunday, 9)) == 1
    assert bookings.remind(now=at(sunday, 9, 5)) == 0
    assert bookings.remind(now=at(MONDAY, 12)) == 1
    assert bookings.remind(now=at(MONDAY, 12, 5)) == 0
    assert reminded().count() == 2
    assert set(reminded().values_list("not_after", flat=True)) == {at(MONDAY, 14)}


def test_remind__written_at_night__rings_in_the_morning(booked):
    assert bookings.remind(now=at(MONDAY, 0, 30)) == 1  # the worker was away on Sunday
    assert reminded().get().not_before == at(MONDAY, 7, 30)


def test_remind__after_the_start__stays_silent(booked):
    assert bookings.remind(now=at(MONDAY, 14)) == 0


def test_remind__booked_after_the_moment__stays_silent(booked):
    Booking.objects.update(created_at=at(MONDAY, 13))
    assert bookings.remind(now=at(MONDAY, 13, 5)) == 0


def test_remind__cancelled_before_it_went_out__is_withdrawn(booked):
    booked.slot.taken = 1
    booked.slot.save()
    sunday = MONDAY - timedelta(days=1)
    bookings.remind(now=at(sunday, 9))
    bookings.cancel(booking=booked, by=booked.by, reason="时间不便", now=at(sunday, 10))
    assert set(reminded().values_list("state", flat=True)) == {"CANCELLED"}
    assert bookings.remind(now=at(MONDAY, 12)) == 0


def test_remind__person_with_file_and_no_account__goes_to_the_phone_of_the_file(booked):
    person = PersonFactory()
    Booking.objects.update(
        person=person, on_behalf=True, by=UserFactory(staff=True), contact_phone=person.phone
    )
    bookings.remind(now=at(MONDAY, 12))
    message = reminded().get()
    assert (message.user, message.phone) == (None, person.phone)


def test_remind__words__say_day_place_and_what_to_bring(booked):
    bookings.remind(now=at(MONDAY, 12))
    body = reminded().get().body
    for part in (
        f"{chinese_dates.day(MONDAY)}下午2点",
        booked.slot.offering.station.name,
        "请带身份证",
    ):
        assert part in body


def test_spoken__half_hour__is_said_as_people_do():
    assert spoken(at(MONDAY, 9, 30)) == f"{chinese_dates.day(MONDAY)}上午9点半"
    assert spoken(at(MONDAY, 9, 15)) == f"{chinese_dates.day(MONDAY)}上午9点15分"


def test_tasks__run_twice__change_nothing_more(offering):
    for _ in range(2):
        tasks.open_slots()
        tasks.remind_of_bookings()
        tasks.settle_past_bookings()
    first = offering.slots.count()
    tasks.open_slots()
    assert offering.slots.count() == first


def test_contact__without_phone__is_not_told_and_not_counted_with_others(offering):
    bookings.open_slots()
    slot = Slot.objects.with_rules().filter(offering=offering).last()
    clerk = UserFactory(staff=True)
    for key in ("k1", "k2"):
        bookings.book(
            slot=slot, heads=1, by=clerk, client_key=key, contact=Contact("李大爷"), on_behalf=True
        )
    assert not Message.objects.exists()

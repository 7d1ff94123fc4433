"""Opening hours, closures and absences: what they do to slots, and to those who booked."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from accounts.enums import MessageState
from accounts.models import AuditEntry, Message
from services import opening
from services.actions import bookings, waiting
from services.actions import hours as acts
from services.actions.bookings import rebooking
from services.actions.network import extend_calendar
from services.enums import BookingState, ClosureKind, DayKind, Role
from services.models import Booking, CalendarDay, Closure, Slot
from services.models.calendar import CalendarSource
from tests.factories.accounts import UserFactory
from tests.factories.bookings import (
    BookingFactory,
    OfferingFactory,
    OfferingHoursFactory,
)
from tests.factories.hours import ClosureFactory, OpeningHoursFactory
from tests.factories.network import PostingFactory, WindowFactory
from veterans_portal import chinese_dates

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
MONDAY = TODAY + timedelta(days=7 - TODAY.weekday())  # ahead: what is told then waits
TUESDAY = MONDAY + timedelta(days=1)
SATURDAY = MONDAY + timedelta(days=5)


def at(day, hour, minute=0):
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


NOW = at(MONDAY, 0)


@pytest.fixture
def offering():
    """Slots of half an hour from 9:00 to 10:30 every day, three a day."""
    offering = OfferingFactory(
        horizon_days=7, capacity=2, workdays_only=False, window=WindowFactory()
    )
    offering.station = offering.window.station
    offering.save()
    OfferingHoursFactory(offering=offering, start="09:00", end="10:30")
    return offering


@pytest.fixture
def clerk(offering):
    return PostingFactory(station=offering.station, role=Role.CLERK).user


def times_on(offering, day):
    slots = offering.slots.on_day(day).filter(closed_at__isnull=True).order_by("starts_at")
    return [f"{timezone.localtime(slot.starts_at):%H:%M}" for slot in slots]


def a_closure(offering, **facts):
    return Closure(
        **{
            "station": offering.station, "kind": ClosureKind.CLOSED, "first_day": TUESDAY,
            "last_day": TUESDAY, "reason": "窗口检修",
        } | facts
    )  # fmt: skip


def book(offering, day, heads=1):
    slot = offering.slots.on_day(day).order_by("starts_at").first()
    Slot.objects.filter(pk=slot.pk).update(taken=heads)
    return BookingFactory(slot=slot, heads=heads)


def test_open_slots__station_without_hours__keeps_the_offerings_own(offering):
    bookings.open_slots(now=NOW)
    assert times_on(offering, TUESDAY) == ["09:00", "09:30", "10:00"]


def test_open_slots__station_with_hours__keeps_within_them(offering):
    OpeningHoursFactory(station=offering.station, start="09:30", end="10:15")
    bookings.open_slots(now=NOW)
    assert times_on(offering, TUESDAY) == ["09:30"]
    assert times_on(offering, SATURDAY) == []


def test_open_slots__make_up_saturday__has_the_hours_of_a_working_day(offering):
    CalendarDay.objects.update_or_create(
        day=SATURDAY, defaults={"is_workday": True, "source": CalendarSource.STAFF}
    )
    OpeningHoursFactory(station=offering.station, start="09:00", end="10:00")
    OpeningHoursFactory(station=offering.station, on=DayKind.RESTDAY, start="10:00", end="10:30")
    bookings.open_slots(now=NOW)
    assert times_on(offering, SATURDAY) == ["09:00", "09:30"]
    assert times_on(offering, SATURDAY + timedelta(days=1)) == ["10:00"]


@pytest.mark.parametrize(
    ("facts", "left"),
    [
        ({}, []),
        ({"start": time(9, 45), "end": time(10)}, ["09:00", "10:00"]),
        ({"lifted_at": NOW, "lifted_by": "by"}, ["09:00", "09:30", "10:00"]),
    ],
)
def test_open_slots__closure_ahead__opens_nothing_into_it(offering, facts, left):
    by = UserFactory(staff=True)
    facts = {key: by if value == "by" else value for key, value in facts.items()}
    ClosureFactory(station=offering.station, first_day=TUESDAY, by=by, **facts)
    bookings.open_slots(now=NOW)
    assert times_on(offering, TUESDAY) == left


def test_open_slots__other_window_closed__is_not_touched(offering):
    other = WindowFactory(station=offering.station)
    ClosureFactory(station=offering.station, window=other, first_day=TUESDAY)
    bookings.open_slots(now=NOW)
    assert len(times_on(offering, TUESDAY)) == 3


def test_close_for__day_with_bookings__closes_slots_and_cancels_with_the_reason(offering, clerk):
    bookings.open_slots(now=NOW)
    booked = book(offering, TUESDAY)
    closure = acts.close_for(closure=a_closure(offering), by=clerk, now=NOW)
    booked.refresh_from_db()
    assert times_on(offering, TUESDAY) == []
    assert times_on(offering, MONDAY) != []
    assert (closure.slots_closed, closure.bookings_told) == (3, 1)
    assert (booked.state, booked.cancel_reason) == (BookingState.CANCELLED, "窗口检修")
    entry = AuditEntry.objects.get(act="services.closure_entered")
    assert entry.detail["bookings"] == 1


def test_close_for__hours_of_a_day__closes_only_what_they_touch(offering, clerk):
    bookings.open_slots(now=NOW)
    acts.close_for(closure=a_closure(offering, start=time(9, 30), end=time(10)), by=clerk, now=NOW)
    assert times_on(offering, TUESDAY) == ["09:00", "10:00"]


def test_close_for__absence_with_stand_in__leaves_the_window_open(offering, clerk):
    bookings.open_slots(now=NOW)
    other = PostingFactory(station=offering.station).user
    absence = a_closure(
        offering, kind=ClosureKind.ABSENCE, window=offering.window, staff=clerk, stand_in=other
    )
    acts.close_for(closure=absence, by=clerk, now=NOW)
    assert absence.slots_closed == 0
    assert len(times_on(offering, TUESDAY)) == 3


def test_close_for__absence__tells_people_nothing_about_the_clerk(offering, clerk):
    bookings.open_slots(now=NOW)
    booked = book(offering, TUESDAY)
    absence = a_closure(
        offering, kind=ClosureKind.ABSENCE, window=offering.window, staff=clerk, reason="病假"
    )
    acts.close_for(closure=absence, by=clerk, now=NOW)
    booked.refresh_from_db()
    assert booked.cancel_reason == "窗口人员不在岗"
    assert not any("病假" in message.body for message in Message.objects.all())


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"last_day": MONDAY}, "最后一天不应早于第一天"),
        (
            {"first_day": MONDAY - timedelta(days=9), "last_day": MONDAY - timedelta(days=2)},
            "已经过去",
        ),
        ({"last_day": TUESDAY + timedelta(days=366)}, "最长一年"),
    ],
)
def test_close_for__wrong_days__are_refused(offering, clerk, facts, words):
    with pytest.raises(acts.HoursError, match=words):
        acts.close_for(closure=a_closure(offering, **facts), by=clerk, now=NOW)


def test_close_for__clerk_of_elsewhere__is_refused(offering):
    with pytest.raises(acts.HoursError, match="不是这个站点的经办人"):
        acts.close_for(closure=a_closure(offering), by=UserFactory(staff=True), now=NOW)


def test_close_for__same_absence_again__is_refused(offering, clerk):
    facts = {"kind": ClosureKind.ABSENCE, "window": offering.window, "staff": clerk}
    acts.close_for(closure=a_closure(offering, **facts), by=clerk, now=NOW)
    with pytest.raises(acts.HoursError, match="不用重复登记"):
        acts.close_for(closure=a_closure(offering, **facts), by=clerk, now=NOW)


def test_lift__closure__offers_its_slots_again_once(offering, clerk):
    bookings.open_slots(now=NOW)
    closure = acts.close_for(closure=a_closure(offering), by=clerk, now=NOW)
    assert acts.lift(closure=closure, by=clerk, now=NOW) == 3
    assert len(times_on(offering, TUESDAY)) == 3
    with pytest.raises(acts.HoursError, match="已经解除"):
        acts.lift(closure=closure, by=clerk, now=NOW)


def test_lift__another_closure_over_the_same_day__keeps_its_slots_closed(offering, clerk):
    bookings.open_slots(now=NOW)
    first = acts.close_for(closure=a_closure(offering), by=clerk, now=NOW)
    second = a_closure(offering, start=time(9), end=time(9, 30), reason="消防演练")
    acts.close_for(closure=second, by=clerk, now=NOW)
    acts.lift(closure=first, by=clerk, now=NOW)
    assert times_on(offering, TUESDAY) == ["09:30", "10:00"]
    assert offering.slots.on_day(TUESDAY).get(closure=second).closed_reason == "消防演练"


def test_lift__closure_entered_before_the_slots_were_opened__opens_them(offering, clerk):
    closure = acts.close_for(closure=a_closure(offering), by=clerk, now=NOW)
    bookings.open_slots(now=NOW)
    acts.lift(closure=closure, by=clerk, now=NOW)
    assert len(times_on(offering, TUESDAY)) == 3


def test_set_hours__shorter__closes_booked_slots_outside_and_tells(offering, clerk):
    bookings.open_slots(now=NOW)
    booked = book(offering, TUESDAY)
    closed = acts.set_hours(
        station=offering.station, hours={"WORKDAY": [(time(9, 30), time(17))], "RESTDAY": []},
        by=clerk, now=NOW,
    )  # fmt: skip
    booked.refresh_from_db()
    assert closed > 3
    assert booked.state == BookingState.CANCELLED
    assert times_on(offering, TUESDAY) == ["09:30", "10:00"]
    assert times_on(offering, SATURDAY) == []


def test_set_hours__overlapping__is_refused(offering, clerk):
    spans = [(time(9), time(12)), (time(11), time(17))]
    with pytest.raises(acts.HoursError, match="重叠"):
        acts.set_hours(station=offering.station, hours={"WORKDAY": spans}, by=clerk, now=NOW)


def cancelled_by_closure(offering, clerk, **more):
    bookings.open_slots(now=NOW)
    booked = book(offering, TUESDAY, **more)
    acts.close_for(closure=a_closure(offering), by=clerk, now=NOW)
    return rebooking.with_all([booked.pk]).get()


def test_offer_other__slot_closed__holds_the_nearest_later_one_and_says_so_once(offering, clerk):
    lost = cancelled_by_closure(offering, clerk)
    plain = Message.objects.filter(kind="services.booking_cancelled")
    assert set(plain.values_list("state", flat=True)) == {MessageState.PENDING}
    held = rebooking.offer_other(booking=lost, now=NOW)
    assert held.state == BookingState.OFFERED
    assert held.slot.starts_at == at(TUESDAY + timedelta(days=1), 9)
    assert set(plain.values_list("state", flat=True)) == {MessageState.CANCELLED}
    told = Message.objects.filter(kind="services.booking_held")
    assert {each.user for each in told} == {lost.by}
    assert chinese_dates.day(TUESDAY + timedelta(days=1)) in told.first().body
    assert "检修" in told.first().body


def test_offer_other__again__holds_one_place_and_tells_once(offering, clerk):
    lost = cancelled_by_closure(offering, clerk)
    first = rebooking.offer_other(booking=lost, now=NOW)
    assert rebooking.offer_other(booking=lost, now=NOW).pk == first.pk
    assert Booking.objects.filter(state=BookingState.OFFERED).count() == 1
    assert Message.objects.filter(kind="services.booking_held", channel="INBOX").count() == 1


def test_offer_other__nobody_answers__the_place_is_free_again(offering, clerk):
    lost = cancelled_by_closure(offering, clerk)
    held = rebooking.offer_other(booking=lost, now=NOW)
    waiting.expire(now=held.held_until + timedelta(minutes=1))
    held.refresh_from_db()
    held.slot.refresh_from_db()
    assert (held.state, held.slot.taken) == (BookingState.CANCELLED, 0)


def test_offer_other__no_room_anywhere__leaves_the_plain_message(offering, clerk):
    lost = cancelled_by_closure(offering, clerk, heads=2)
    Slot.objects.filter(offering=offering, closed_at__isnull=True).update(taken=1)
    assert rebooking.offer_other(booking=lost, now=NOW) is None
    plain = Message.objects.filter(kind="services.booking_cancelled")
    assert set(plain.values_list("state", flat=True)) == {MessageState.PENDING}


def test_opening__closures_and_hours__say_open_now_and_when_next():
    hours = OpeningHoursFactory(start="09:00", end="12:00")
    station = hours.station
    OpeningHoursFactory(station=station, start="13:00", end="17:00")
    ClosureFactory(station=station, first_day=TUESDAY, start=time(9), end=time(10))
    shown = opening.opening_of(station, now=NOW)
    assert shown.is_open(at(MONDAY, 9))
    assert not shown.is_open(at(MONDAY, 12, 30))
    assert not shown.is_open(at(TUESDAY, 9, 30))
    assert shown.next_opening(at(MONDAY, 18)) == at(TUESDAY, 10)
    assert shown.next_opening(at(MONDAY, 12, 30)) == at(MONDAY, 13)


def test_opening__spring_festival_and_make_up_saturday__follow_the_calendar():
    """2026: 15 to 23 February are days off, the Saturdays 14 and 28 February are worked."""
    extend_calendar(today=date(2026, 2, 1))
    hours = OpeningHoursFactory(start="09:00", end="17:00")
    eve = at(date(2026, 2, 14), 17, 30)
    shown = opening.opening_of(hours.station, now=eve)
    assert shown.next_opening(eve) == at(date(2026, 2, 24), 9)
    assert shown.is_open(at(date(2026, 2, 28), 10))

"""Whoever booked, came and went away unserved: the booking ends with the visit, honestly."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from reports import counting
from reports.catalogue import BY_CODE
from services import hall as figures
from services.actions import arrivals, bookings
from services.booking_rules import BookingConflictError
from services.enums import ArrivalState, BookingState
from services.models import Booking
from services.tasks.hall import settle_hall
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory, SlotFactory
from tests.factories.network import PostingFactory
from tests.factories.persons import PersonFactory
from tests.services import hall_scene
from tests.services.hall_scene import booked, call, walk_in
from veterans_portal.indicators import Span

pytestmark = pytest.mark.django_db
WHY = "等不及，改天再来"


@pytest.fixture
def hall():
    return hall_scene.build()


def booking_of(arrival):
    return Booking.objects.get(pk=arrival.booking_id)


def test_leave__who_booked__ends_the_booking_as_left_with_its_reason(hall):
    mine = booked(hall)
    for _ in range(2):
        arrivals.leave(arrival=mine, by=hall.clerk, reason=WHY)
    booking = booking_of(mine)
    mine.refresh_from_db()
    assert (booking.state, booking.left_reason) == (BookingState.LEFT, WHY)
    assert booking.left_at == mine.ended_at
    assert booking.served_at is None
    assert AuditEntry.objects.filter(act="services.booking_left").count() == 1


def test_leave__after_being_passed_over__ends_the_booking_too(hall):
    mine = booked(hall)
    call(hall.windows[0], hall.clerk)
    arrivals.skip(arrival=mine, by=hall.clerk)
    arrivals.leave(arrival=mine, by=hall.clerk, reason=WHY)
    assert booking_of(mine).state == BookingState.LEFT


def test_left__may_book_the_same_again__and_comes_back_as_a_walk_in(hall):
    citizen = UserFactory()
    person = PersonFactory(station=hall.station, account=citizen)
    mine = booked(hall, person=person, by=citizen)
    arrivals.leave(arrival=mine, by=hall.clerk, reason=WHY)
    booking = booking_of(mine)
    with pytest.raises(BookingConflictError, match="现场取号") as refusal:
        bookings.check_in(booking=booking, by=hall.clerk)
    assert refusal.value.code == "left_before"
    with pytest.raises(BookingConflictError, match="现场取号"):
        bookings.serve(booking=booking, by=hall.clerk)
    again = BookingFactory(
        slot=SlotFactory(offering=booking.slot.offering), once_key=booking.once_key
    )
    assert again.state == BookingState.CONFIRMED  # the rule "once" counts no one who left
    assert Booking.objects.holding().filter(pk=booking.pk).exists()  # the place was kept for them


def test_settle__at_night__who_waited_in_vain_left__who_sat_down_was_served(hall):
    yesterday = timezone.now() - timedelta(days=1)
    slot = SlotFactory(offering__station=hall.station, starts_at=yesterday, capacity=9)
    slot.offering.item = hall.policy
    slot.offering.save()
    came = [BookingFactory(slot=slot, contact_name=name) for name in "甲乙丙"]
    for booking in came:
        bookings.check_in(booking=booking, by=hall.clerk, now=yesterday)
    window = hall.windows[0]
    arrivals.begin(arrival=call(window, hall.clerk, now=yesterday), by=hall.clerk, now=yesterday)
    passed = call(hall.windows[2], hall.clerk, now=yesterday)
    walk_in(hall, now=yesterday, client_key="walked")
    assert passed is None  # the item is the first window's work
    settle_hall()
    states = [Booking.objects.get(pk=each.pk).state for each in came]
    assert states == [BookingState.SERVED, BookingState.LEFT, BookingState.LEFT]
    assert Booking.objects.get(pk=came[1].pk).left_reason == "当天没有办，下班后由系统结束"


def test_day__of_those_who_left__figures_agree_and_consultations_count_only_the_served(hall):
    served, left, walked = booked(hall), booked(hall), walk_in(hall, item=hall.policy)
    arrivals.finish(arrival=served, by=hall.clerk)
    arrivals.finish(arrival=walked, by=hall.clerk)
    arrivals.leave(arrival=left, by=hall.clerk, reason=WHY)
    today = timezone.localdate()
    day = figures.figures_of_day(hall.station, today)
    assert (day["came"], day["booked"], day["served"], day["left"]) == (3, 2, 2, 1)
    states = Booking.objects.filter(station=hall.station).values_list("state", flat=True)
    assert sorted(states) == ["LEFT", "SERVED"]
    month = Span(today.replace(day=1), today)
    counted = counting.total(month, hall.station, BY_CODE["SVC-08"], own=True)
    assert counted.value == 2


def test_booking_page__of_one_who_left__says_so_kindly(client, hall):
    citizen = UserFactory()
    booking = BookingFactory(left=True, by=citizen)
    client.force_login(citizen)
    page = client.get(reverse("services:booking", args=[booking.code])).content.decode()
    assert "您到场了，但没有办成" in page
    assert "您没有到场" not in page
    assert WHY not in page  # what the desk wrote down is for the desk
    client.force_login(PostingFactory(station=booking.station).user)
    desk = client.get(reverse("services:desk_booking", args=[booking.code])).content.decode()
    assert WHY in desk


def test_migration__bookings_whose_party_left_before__end_with_it(hall):
    mine = booked(hall)
    arrivals.leave(arrival=mine, by=hall.clerk, reason=WHY)
    old = booked(hall)
    type(old).objects.filter(pk=old.pk).update(state=ArrivalState.LEFT, ended_at=timezone.now())
    migration = import_module("services.migrations.0005_bookings_of_those_who_left")
    migration.note_who_left(apps, None)
    booking = booking_of(old)
    assert (booking.state, booking.left_reason) == (BookingState.LEFT, migration.UNKNOWN)

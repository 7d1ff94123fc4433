"""Events: slots of their own times, offerings that only their own pages book."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from services.actions import bookings, hours
from services.booking_rules import BookingRefusedError
from services.enums import CancelledAs, DayKind, Role
from services.models import Slot
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory, OfferingFactory, SlotFactory
from tests.factories.staff import PostingFactory
from tests.services.booking_scene import take, with_rules

pytestmark = pytest.mark.django_db


def event(**more):
    return OfferingFactory(is_event=True, workdays_only=False, **more)


def times(*hours_, days=5, capacity=10):
    day = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    day += timedelta(days=days)
    return [
        (day + timedelta(hours=hour), day + timedelta(hours=hour + 2), capacity) for hour in hours_
    ]


def test_set_slots__of_an_event__are_these_and_no_others():
    offering, by = event(), UserFactory(staff=True)
    bookings.set_slots(offering=offering, times=times(9, 14), by=by)
    slots = bookings.set_slots(offering=offering, times=times(9, 19, capacity=20), by=by)
    assert [(timezone.localtime(each.starts_at).hour, each.capacity) for each in slots] == [
        (9, 20), (19, 20)
    ]  # fmt: skip


@pytest.mark.parametrize("act", ["confirm", "reject", "cancel", "check-in"])
def test_desk__something_with_its_own_pages__is_worked_there(client, act):
    offering = event(is_listed=False)
    state = "CONFIRMED" if act == "check-in" else "PENDING"
    booking = BookingFactory(slot=SlotFactory(offering=offering), state=state)
    client.force_login(PostingFactory(station=offering.station, role=Role.CLERK).user)
    url = reverse("services:desk_booking_act", args=[booking.code, act])
    page = client.post(url, {"reason": "不能接待"}, follow=True).content.decode()
    assert "有自己的页面" in page
    before = booking.state
    booking.refresh_from_db()
    assert booking.state == before
    desk = client.get(reverse("services:desk")).content.decode()
    assert reverse("services:desk_booking", args=[booking.code]) not in desk


def test_set_slots__of_daily_hours__is_refused():
    with pytest.raises(BookingRefusedError) as refused:
        bookings.set_slots(offering=OfferingFactory(), times=times(9), by=UserFactory(staff=True))
    assert refused.value.code == "not_an_event"


def test_set_slots__without_one_that_is_booked__is_refused():
    offering, by = event(), UserFactory(staff=True)
    (slot,) = bookings.set_slots(offering=offering, times=times(9), by=by)
    take(with_rules(slot), UserFactory())
    with pytest.raises(BookingRefusedError) as refused:
        bookings.set_slots(offering=offering, times=times(14), by=by)
    assert refused.value.code == "slot_in_use"
    assert Slot.objects.get(offering=offering).pk == slot.pk


def test_set_slots__fewer_places_than_taken__is_refused():
    offering, by = event(), UserFactory(staff=True)
    (slot,) = bookings.set_slots(offering=offering, times=times(9), by=by)
    take(with_rules(slot), UserFactory(), heads=3)
    with pytest.raises(BookingRefusedError) as refused:
        bookings.set_slots(offering=offering, times=times(9, capacity=2), by=by)
    assert refused.value.code == "below_taken"


def test_opening_hours__set_anew__leave_an_event_alone():
    offering = event()
    posting = PostingFactory(station=offering.station, role=Role.HEAD)
    (slot,) = bookings.set_slots(offering=offering, times=times(19), by=posting.user)
    day = [(timezone.datetime(2026, 1, 1, 9).time(), timezone.datetime(2026, 1, 1, 17).time())]
    hours.set_hours(
        station=offering.station, hours={DayKind.WORKDAY: day, DayKind.RESTDAY: []}, by=posting.user
    )
    slot.refresh_from_db()
    assert slot.closed_at is None


def test_unlisted_offering__general_pages_and_api__do_not_know_it(client):
    slot = SlotFactory(offering=event(is_listed=False, title="展位"))
    client.force_login(UserFactory())
    for address in (
        reverse("services:book_slots", args=[slot.offering_id]),
        reverse("services:book", args=[slot.pk]),
        f"/api/v1/offerings/{slot.offering_id}/slots/",
    ):
        assert client.get(address).status_code == 404
    station = client.get(slot.offering.station.get_absolute_url())
    assert "展位" not in station.content.decode()
    asked = {"slot": slot.pk, "heads": 1, "client_key": "abcdefgh"}
    assert client.post("/api/v1/bookings/", asked, "application/json").status_code == 400


def test_unlisted_offering__its_booking__is_not_cancelled_by_the_general_page():
    slot = SlotFactory(offering=event(is_listed=False))
    booking = take(with_rules(slot), UserFactory())
    with pytest.raises(BookingRefusedError) as refused:
        bookings.cancel(booking=booking, by=booking.by, reason="时间不便")
    assert refused.value.code == "own_pages"
    bookings.cancel(booking=booking, by=None, reason="停办", as_=CancelledAs.STATION)

"""Who came, who was served, who did not come, one rule each."""

from datetime import timedelta

import pytest
from django.utils import timezone

from services.actions import bookings
from services.booking_rules import BookingConflictError, BookingRefusedError
from services.enums import BookingState, CancelledAs
from tests.factories.accounts import UserFactory
from tests.factories.bookings import OfferingFactory, SlotFactory
from tests.factories.network import ServiceItemFactory
from tests.services.booking_scene import assert_counts_agree, take, with_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def citizen():
    return UserFactory()


@pytest.fixture
def clerk():
    return UserFactory(staff=True)


@pytest.fixture
def slot():
    return with_rules(SlotFactory(capacity=3))


def test_check_in__at_the_time__then_serve(citizen, clerk):
    slot = with_rules(SlotFactory(starts_at=timezone.now() + timedelta(hours=1)))
    booking = take(slot, citizen)
    with pytest.raises(BookingConflictError):
        bookings.serve(booking=booking, by=clerk)
    bookings.check_in(booking=booking, by=clerk)
    with pytest.raises(BookingConflictError, match="已经签到"):
        bookings.check_in(booking=booking, by=clerk)
    bookings.serve(booking=booking, by=clerk)
    booking.refresh_from_db()
    assert booking.state == BookingState.SERVED
    assert_counts_agree(slot)


def test_check_in__days_ahead__is_refused(slot, citizen, clerk):
    with pytest.raises(BookingRefusedError) as refusal:
        bookings.check_in(booking=take(slot, citizen), by=clerk)
    assert refusal.value.code == "too_early_to_check_in"


def test_no_show__noted_after_the_slot__may_still_check_in_late(slot, citizen, clerk):
    booking = take(slot, citizen)
    over = slot.ends_at + timedelta(minutes=31)
    assert bookings.note_no_shows(now=slot.ends_at + timedelta(minutes=29)) == 0
    assert bookings.note_no_shows(now=over) == 1
    assert bookings.note_no_shows(now=over) == 0
    booking.refresh_from_db()
    assert booking.state == BookingState.NO_SHOW
    assert_counts_agree(slot)
    bookings.check_in(booking=booking, by=clerk, now=over)
    booking.refresh_from_db()
    assert booking.state == BookingState.CHECKED_IN


def test_no_show__booked_again__late_check_in_points_to_the_new_booking(citizen, clerk):
    offering = OfferingFactory()
    morning = (timezone.localtime() + timedelta(days=1)).replace(hour=9, minute=0)
    early = with_rules(SlotFactory(offering=offering, starts_at=morning))
    late = SlotFactory(offering=offering, starts_at=early.starts_at + timedelta(hours=3))
    booking = take(early, citizen)
    over = early.ends_at + timedelta(minutes=31)
    bookings.note_no_shows(now=over)
    take(with_rules(late), citizen, key="k2", now=over)
    with pytest.raises(BookingConflictError) as refusal:
        bookings.check_in(booking=booking, by=clerk, now=over)
    assert refusal.value.code == "booked_again"


def test_drop_unreviewed__slot_over__cancels_by_the_system(citizen):
    slot = with_rules(SlotFactory(offering=OfferingFactory(needs_review=True)))
    booking = take(slot, citizen)
    assert bookings.drop_unreviewed(now=slot.ends_at + timedelta(minutes=1)) == 1
    booking.refresh_from_db()
    assert (booking.state, booking.cancelled_as) == ("CANCELLED", CancelledAs.SYSTEM)
    assert_counts_agree(slot)


def test_serve__with_a_ticket__ends_the_visit_too_and_only_once(citizen, clerk):
    item = ServiceItemFactory()
    slot = SlotFactory(offering=OfferingFactory(item=item), starts_at=timezone.now())
    booking = take(with_rules(slot), citizen, now=slot.starts_at - timedelta(days=1))
    bookings.check_in(booking=booking, by=clerk)
    bookings.serve(booking=booking, by=clerk)
    booking.refresh_from_db()
    assert (booking.state, booking.arrival.state) == ("SERVED", "SERVED")
    with pytest.raises(BookingConflictError):
        bookings.serve(booking=booking, by=clerk)

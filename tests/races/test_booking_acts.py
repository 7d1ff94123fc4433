"""Forced interleavings of the acts, each pair of steps held apart, guard off and on."""

import time
from datetime import timedelta

import pytest

from services.actions import bookings
from services.actions.bookings import Contact
from services.booking_rules import BookingConflictError, BookingRefusedError
from services.enums import CancelledAs
from services.models import Booking, Slot
from tests.factories.accounts import UserFactory
from tests.factories.bookings import SlotFactory
from tests.races import unguarded
from tests.races.arena import HOLD, after, all_at_once, coming, miscounted, oversold

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def take(slot, user, key="k1", heads=1):
    fresh = Slot.objects.with_rules().get(pk=slot.pk)
    contact = Contact(user.name, user.phone or "")
    return bookings.book(slot=fresh, heads=heads, by=user, client_key=key, contact=contact)


def cancel(booking, by):
    return bookings.cancel(booking=booking, by=by, reason="时间不便")


def test_cancel_twice__guard_off__frees_another_ones_place():
    slot = SlotFactory(capacity=2)
    mine = take(slot, UserFactory())
    take(slot, UserFactory())
    all_at_once(lambda: unguarded.cancel(mine.pk), after(0.5, lambda: unguarded.cancel(mine.pk)))
    slot.refresh_from_db()
    assert slot.taken == 0
    assert miscounted() == 1


@pytest.mark.parametrize("delay", [0, HOLD / 3, 2 * HOLD])
def test_cancel_twice__guard_on__frees_once(late_commit, delay):
    late_commit.add("services.booking_cancelled")
    slot, user = SlotFactory(capacity=2), UserFactory()
    mine = take(slot, user)
    take(slot, UserFactory())
    results = all_at_once(lambda: cancel(mine, user), after(delay, lambda: cancel(mine, user)))
    assert sorted(isinstance(each, BookingConflictError) for each in results) == [False, True]
    slot.refresh_from_db()
    assert (slot.taken, miscounted()) == (1, 0)


@pytest.mark.parametrize("delay", [0, HOLD / 3, 2 * HOLD])
def test_cancel_against_book__guard_on__the_freed_place_goes_to_one(late_commit, delay):
    late_commit.add("services.booking_cancelled")
    slot, user = SlotFactory(capacity=1), UserFactory()
    mine = take(slot, user)
    others = UserFactory.create_batch(3)
    results = all_at_once(
        lambda: cancel(mine, user),
        *(after(delay, lambda other=other: take(slot, other, key="k2")) for other in others),
    )
    assert coming(slot).count() == sum(isinstance(each, Booking) for each in results[1:]) <= 1
    assert (oversold(), miscounted()) == (0, 0)


def two_slots():
    first = SlotFactory(capacity=1)
    second = SlotFactory(
        offering=first.offering, capacity=1, starts_at=first.starts_at + timedelta(days=1)
    )
    return first, second


def with_rules(slot):
    return Slot.objects.with_rules().get(pk=slot.pk)


def test_change_against_book__guard_off__two_hold_one_place():
    first, second = two_slots()
    mine = take(first, UserFactory())
    other = UserFactory()
    all_at_once(
        lambda: unguarded.move(mine.pk, second.pk), lambda: unguarded.book(second.pk, other, "k2")
    )
    assert oversold() == 1


@pytest.mark.parametrize("delay", [0, HOLD / 3, 2 * HOLD])
def test_change_against_book__guard_on__one_holds_it_and_the_old_place_is_never_lost(
    late_commit, delay
):
    late_commit.add("services.booking_moved")
    first, second = two_slots()
    user, other = UserFactory(), UserFactory()
    mine = take(first, user)
    deeds = [
        lambda: bookings.move(booking=mine, to=with_rules(second), by=user),
        lambda: take(second, other, key="k2"),
    ]
    results = all_at_once(deeds[0], after(delay, deeds[1]))
    assert sum(isinstance(each, Booking) for each in results) == 1
    mine.refresh_from_db()
    assert coming(second).count() == 1
    assert coming(mine.slot_id).filter(pk=mine.pk).exists()
    assert (oversold(), miscounted()) == (0, 0)


def test_two_changes_across__guard_on__neither_blocks_the_other_for_ever(late_commit):
    late_commit.add("services.booking_moved")
    first, second = two_slots()
    Slot.objects.update(capacity=2)
    one, two = UserFactory(), UserFactory()
    mine, theirs = take(first, one), take(second, two)
    results = all_at_once(
        lambda: bookings.move(booking=mine, to=with_rules(second), by=one),
        lambda: bookings.move(booking=theirs, to=with_rules(first), by=two),
    )
    assert all(isinstance(each, Booking) for each in results), results
    assert (oversold(), miscounted()) == (0, 0)


def test_change_against_cancel__guard_on__ends_in_one_of_the_two(late_commit):
    late_commit |= {"services.booking_moved", "services.booking_cancelled"}
    first, second = two_slots()
    user = UserFactory()
    mine = take(first, user)
    all_at_once(
        lambda: bookings.move(booking=mine, to=with_rules(second), by=user),
        lambda: cancel(mine, user),
    )
    assert (oversold(), miscounted()) == (0, 0)


def test_close_against_book__guard_off__somebody_comes_to_a_closed_slot():
    slot, user, clerk = SlotFactory(capacity=5), UserFactory(), UserFactory(staff=True)
    all_at_once(
        lambda: unguarded.book(slot.pk, user, "k1", wait=lambda: time.sleep(4 * HOLD)),
        after(HOLD / 3, lambda: bookings.close_slot(slot=slot, by=clerk, reason="停电")),
    )
    assert coming(slot).count() == 1


@pytest.mark.parametrize("delay", [0, HOLD / 3, 2 * HOLD])
def test_close_against_book__guard_on__nobody_is_left_in_a_closed_slot(late_commit, delay):
    late_commit.add("services.slot_closed")
    slot, clerk = SlotFactory(capacity=5), UserFactory(staff=True)
    early = take(slot, UserFactory())
    others = UserFactory.create_batch(3)
    all_at_once(
        lambda: bookings.close_slot(slot=slot, by=clerk, reason="停电"),
        *(after(delay, lambda other=other: take(slot, other, key="k2")) for other in others),
    )
    slot.refresh_from_db()
    early.refresh_from_db()
    assert slot.closed_at is not None
    assert early.cancelled_as == CancelledAs.STATION
    assert coming(slot).count() == 0
    assert (slot.taken, miscounted()) == (0, 0)


def test_check_in_against_cancel__guard_on__ends_in_one_of_the_two(late_commit):
    from django.utils import timezone

    late_commit |= {"services.booking_checked_in", "services.booking_cancelled"}
    slot = SlotFactory(capacity=1, starts_at=timezone.now() + timedelta(hours=1))
    user, clerk = UserFactory(), UserFactory(staff=True)
    mine = take(slot, user)
    results = all_at_once(
        lambda: cancel(mine, user), lambda: bookings.check_in(booking=mine, by=clerk)
    )
    refused = [each for each in results if isinstance(each, BookingRefusedError)]
    assert len(refused) == 1
    assert miscounted() == 0


def test_capacity_lowered_against_book__guard_on__never_below_what_is_taken():
    from datetime import time as clock

    slot = SlotFactory(capacity=6)
    offering = slot.offering
    offering.capacity = 1
    clerk, people = UserFactory(staff=True), UserFactory.create_batch(5)
    all_at_once(
        lambda: bookings.save_offering(offering=offering, hours=[(clock(9), clock(10))], by=clerk),
        *(lambda person=person: take(slot, person) for person in people),
    )
    assert (oversold(), miscounted()) == (0, 0)

"""The last offered place, and getting on the list twice: each pair forced together, guard off and on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from services.actions import bookings, waiting
from services.booking_rules import BookingConflictError, BookingRefusedError
from services.enums import BookingState, CancelledAs, WaitingState
from services.models import Booking, WaitingEntry
from services.waiting_rules import WaitingConflictError
from tests.factories.accounts import UserFactory
from tests.races import unguarded
from tests.races.arena import HOLD, after, all_at_once, coming, miscounted, oversold
from tests.services.booking_scene import take, with_rules
from tests.services.waiting_scene import full_slot, join

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def cancel(booking):
    return bookings.cancel(booking=booking, by=booking.by, reason="时间不便")


def offered():
    """A slot of one place that is held for the first of two who wait."""
    slot, (booking,) = full_slot()
    first, second = join(slot), join(slot)
    cancel(booking)
    return slot, fresh(first), second


def fresh(entry):
    return WaitingEntry.objects.select_related("booking").get(pk=entry.pk)


def sound(slot):
    """Never more than one in the one place, every count right, every offer with its held place."""
    assert (oversold(), miscounted()) == (0, 0)
    assert coming(slot).count() <= 1
    standing = WaitingEntry.objects.filter(state=WaitingState.OFFERED)
    assert set(standing.values_list("booking__state", flat=True)) <= {BookingState.OFFERED}
    held = Booking.objects.filter(state=BookingState.OFFERED).count()
    assert held == standing.count()


def test_accept_against_expiry__guard_off__two_hold_the_last_place():
    _, first, _ = offered()
    all_at_once(
        lambda: unguarded.accept(first.booking_id),
        after(HOLD / 3, lambda: waiting.expire(now=first.offer_until)),
    )
    assert oversold() == 1


@pytest.mark.parametrize("delay", [0, HOLD / 3, 2 * HOLD])
def test_accept_against_expiry__guard_on__it_is_theirs_or_the_next_ones(late_commit, delay):
    late_commit |= {"services.booking_held_taken", "services.booking_let_go"}
    slot, first, second = offered()
    just_before = first.offer_until - timedelta(seconds=1)
    results = all_at_once(
        lambda: waiting.accept(entry=first, by=first.by, now=just_before),
        after(delay, lambda: waiting.expire(now=first.offer_until)),
    )
    taken = isinstance(results[0], Booking)
    assert taken or isinstance(results[0], BookingRefusedError | WaitingConflictError), results
    assert fresh(first).state == (WaitingState.TAKEN if taken else WaitingState.WAITING)
    assert fresh(second).state == (WaitingState.WAITING if taken else WaitingState.OFFERED)
    sound(slot)


def test_accept_twice__guard_off__one_person_takes_two_places():
    slot, first, _ = offered()
    all_at_once(
        lambda: unguarded.accept(first.booking_id), lambda: unguarded.accept(first.booking_id)
    )
    assert Booking.objects.filter(slot=slot, state=BookingState.CONFIRMED).count() == 2


def test_accept_twice__guard_on__is_one_booking_told_once(late_commit):
    late_commit.add("services.booking_held_taken")
    slot, first, _ = offered()
    results = all_at_once(
        *[lambda: waiting.accept(entry=first, by=first.by) for _ in range(3)],
    )
    assert {each.pk for each in results} == {first.booking_id}
    assert AuditEntry.objects.filter(act="services.booking_held_taken").count() == 1
    sound(slot)


@pytest.mark.parametrize("delay", [0, HOLD / 3, 2 * HOLD])
def test_accept_against_cancel__guard_on__ends_in_one_of_the_two(late_commit, delay):
    late_commit |= {"services.booking_held_taken", "services.booking_let_go"}
    slot, first, second = offered()

    def let_go():
        return bookings.let_go(
            booking=first.booking, by=first.by, reason="不合适", as_=CancelledAs.CITIZEN
        )

    results = all_at_once(lambda: waiting.accept(entry=first, by=first.by), after(delay, let_go))
    refused = [each for each in results if isinstance(each, Exception)]
    assert len(refused) == 1, results
    assert isinstance(refused[0], BookingConflictError | WaitingConflictError)
    went = isinstance(results[0], Exception)
    assert fresh(second).state == (WaitingState.OFFERED if went else WaitingState.WAITING)
    sound(slot)


def test_freed_place_against_book__guard_off__somebody_snaps_it_from_the_first_in_line():
    slot, (booking,) = full_slot()
    entry, other = join(slot), UserFactory()
    results = all_at_once(
        lambda: unguarded.cancel_then_offer(booking.pk),
        after(HOLD / 3, lambda: take(with_rules(slot), other, key="k2")),
    )
    assert isinstance(results[1], Booking)
    assert fresh(entry).state == WaitingState.WAITING


@pytest.mark.parametrize("delay", [0, HOLD / 3, 2 * HOLD])
def test_freed_place_against_book__guard_on__nobody_snaps_it(late_commit, delay):
    late_commit |= {"services.booking_cancelled", "services.waiting_offered"}
    slot, (booking,) = full_slot()
    entry = join(slot)
    others = UserFactory.create_batch(3)
    results = all_at_once(
        lambda: cancel(booking),
        *(
            after(delay, lambda other=other: take(with_rules(slot), other, key="k2"))
            for other in others
        ),
    )
    assert all(isinstance(each, BookingConflictError) for each in results[1:]), results
    assert fresh(entry).state == WaitingState.OFFERED
    sound(slot)


def test_join_twice__guard_off__stands_twice_in_line():
    slot, _ = full_slot()
    user = UserFactory()
    all_at_once(lambda: unguarded.join(slot.pk, user), lambda: unguarded.join(slot.pk, user))
    assert WaitingEntry.objects.filter(by=user).count() == 2


@pytest.mark.parametrize("same_key", [True, False])
def test_join_twice__guard_on__stands_once_in_line(late_commit, same_key):
    late_commit.add("services.waiting_joined")
    slot, _ = full_slot()
    user = UserFactory()
    results = all_at_once(
        lambda: join(slot, user, key="tap-one-1"),
        lambda: join(slot, user, key="tap-one-1" if same_key else "tap-two-2"),
    )
    assert WaitingEntry.objects.filter(by=user).count() == 1
    refused = [each for each in results if isinstance(each, WaitingConflictError)]
    assert len(refused) == (0 if same_key else 1), results


def test_join_against_cancel__guard_off__waits_beside_a_free_place():
    slot, (booking,) = full_slot()
    user = UserFactory()
    all_at_once(lambda: unguarded.join(slot.pk, user), after(HOLD / 3, lambda: cancel(booking)))
    slot.refresh_from_db()
    entry = WaitingEntry.objects.get(by=user)
    assert (slot.taken, entry.state) == (0, WaitingState.WAITING)


@pytest.mark.parametrize("first", ["join", "cancel"])
def test_join_against_cancel__guard_on__is_offered_it_or_told_to_book(late_commit, first):
    late_commit |= {"services.waiting_joined", "services.booking_cancelled"}
    slot, (booking,) = full_slot()
    user = UserFactory()
    deeds = {"join": lambda: join(slot, user), "cancel": lambda: cancel(booking)}
    second = "cancel" if first == "join" else "join"
    results = dict(
        zip(
            (first, second),
            all_at_once(deeds[first], after(HOLD / 3, deeds[second])),
            strict=True,
        )
    )
    if first == "join":
        assert fresh(results["join"]).state == WaitingState.OFFERED
    else:
        assert results["join"].code == "places_left"
    sound(slot)


@pytest.mark.parametrize("delay", [0, HOLD / 3])
def test_two_slots_freed_at_once__guard_on__one_wish_gets_one_place(late_commit, delay):
    late_commit |= {"services.waiting_offered", "services.booking_cancelled"}
    slot, (booking,) = full_slot()
    other, (theirs,) = full_slot(
        offering=slot.offering, starts_at=slot.starts_at + timedelta(hours=1)
    )
    first, second = join(slot), join(slot)
    results = all_at_once(lambda: cancel(booking), after(delay, lambda: cancel(theirs)))
    assert all(isinstance(each, Booking) for each in results), results
    waiting.sweep(now=timezone.now())
    assert {fresh(each).state for each in (first, second)} == {WaitingState.OFFERED}
    assert fresh(first).booking.slot_id != fresh(second).booking.slot_id
    sound(slot)
    sound(other)


def test_leave_against_cancel__guard_on__nothing_is_held_for_who_has_left(late_commit):
    late_commit |= {"services.waiting_ended", "services.waiting_offered"}
    slot, (booking,) = full_slot()
    entry = join(slot)
    results = all_at_once(lambda: waiting.leave(entry=entry, by=entry.by), lambda: cancel(booking))
    assert isinstance(results[1], Booking)
    left = fresh(entry).state == WaitingState.LEFT
    assert left or isinstance(results[0], WaitingConflictError), results
    waiting.sweep()
    assert fresh(entry).state == (WaitingState.LEFT if left else WaitingState.OFFERED)
    sound(slot)

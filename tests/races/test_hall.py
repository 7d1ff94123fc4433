"""Windows that call at once, people who come at once: guard off it goes wrong, on it holds."""

from collections import Counter
from itertools import chain

import pytest
from django.db import IntegrityError
from django.utils import timezone

from services.actions import arrivals, bookings
from services.arrival_rules import ArrivalRefusedError
from services.enums import ArrivalState, BookingState
from services.models import Arrival, ArrivalEvent, Booking
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory, OfferingFactory, SlotFactory
from tests.races import unguarded_hall
from tests.races.arena import after, all_at_once
from tests.services import hall_scene

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
PEOPLE = 40
HOLD = 0.25  # seconds an act stays between its last write and its commit


@pytest.fixture
def hall():
    hall = hall_scene.build()
    for window in hall.windows:
        window.items.clear()
    return hall


def fill(hall, people):
    for number in range(people):
        hall_scene.walk_in(hall, client_key=f"race-{number:03d}")


def called():
    """How often each ticket was called, by the history."""
    events = ArrivalEvent.objects.filter(act="CALLED").values_list("arrival__ticket", flat=True)
    return Counter(events)


def test_call__guard_off__two_windows_call_the_same_ticket(hall):
    fill(hall, 2)
    one, two, _ = hall.windows
    results = all_at_once(
        lambda: unguarded_hall.call_next(one, hall.clerk),
        lambda: unguarded_hall.call_next(two, hall.clerk),
    )
    assert results[0] == results[1]
    assert Arrival.objects.filter(state=ArrivalState.CALLED).count() == 1


def test_call__guard_on__three_windows_serve_forty_each_ticket_once(hall):
    fill(hall, PEOPLE)

    def serve_all(window, clerk):
        done = []
        while mine := arrivals.call_next(window=window, by=clerk):
            arrivals.begin(arrival=mine, by=clerk, window=window)
            arrivals.finish(arrival=mine, by=clerk, window=window)
            done.append(mine.ticket)
        return done

    deeds = [
        lambda window=window, clerk=clerk: serve_all(window, clerk)
        for window, clerk in zip(hall.windows, UserFactory.create_batch(3, staff=True), strict=True)
    ]
    results = all_at_once(*deeds)
    assert all(isinstance(each, list) for each in results), results
    assert sorted(chain.from_iterable(results)) == [f"A{n:03d}" for n in range(1, PEOPLE + 1)]
    assert set(called().values()) == {1}
    assert Arrival.objects.filter(state=ArrivalState.SERVED).count() == PEOPLE


@pytest.mark.parametrize("delay", [0, HOLD / 3, 2 * HOLD])
def test_call__guard_on__a_slow_window_is_passed_by(hall, late_commit, delay):
    late_commit.add("services.arrival_called")
    fill(hall, 3)
    one, two, three = hall.windows
    results = all_at_once(
        *(
            after(
                delay * number,
                lambda window=window: arrivals.call_next(window=window, by=hall.clerk),
            )
            for number, window in enumerate((one, two, three))
        )
    )
    assert {each.ticket for each in results} == {"A001", "A002", "A003"}
    assert set(called().values()) == {1}


@pytest.mark.parametrize("delay", [0, HOLD / 3, 2 * HOLD])
@pytest.mark.parametrize("key", ["", "same-tap-1"])
def test_call__tapped_twice_at_one_window__calls_one(hall, late_commit, delay, key):
    late_commit.add("services.arrival_called")
    fill(hall, 2)
    window = hall.windows[0]

    def tap():
        return arrivals.call_next(window=window, by=hall.clerk, client_key=key)

    results = all_at_once(tap, after(delay, tap))
    assert results[0] == results[1]
    assert called() == {"A001": 1}


def test_finish_and_call__sent_twice__finishes_once_and_calls_one(hall, late_commit):
    late_commit |= {"services.arrival_called", "services.arrival_served"}
    fill(hall, 3)
    window = hall.windows[0]
    first = arrivals.call_next(window=window, by=hall.clerk)

    def press():
        return arrivals.finish_and_call(
            arrival=first, window=window, by=hall.clerk, client_key="press-001"
        )

    results = all_at_once(press, after(HOLD / 3, press))
    assert {each.ticket for each in results} == {"A002"}
    assert called() == {"A001": 1, "A002": 1}
    assert ArrivalEvent.objects.filter(act="SERVED").count() == 1


def test_hand_over_against_finish__ends_in_one_of_the_two(hall, late_commit):
    late_commit |= {"services.arrival_handed_over", "services.arrival_served"}
    fill(hall, 1)
    one, two, _ = hall.windows
    mine = arrivals.call_next(window=one, by=hall.clerk)
    results = all_at_once(
        lambda: arrivals.hand_over(arrival=mine, to_window=two, by=hall.clerk, window=one),
        lambda: arrivals.finish(arrival=mine, by=hall.clerk, window=one),
    )
    mine.refresh_from_db()
    refused = [each for each in results if isinstance(each, ArrivalRefusedError)]
    # finished after it was handed over it was served without a call; handed over after: refused
    assert mine.state == ArrivalState.SERVED
    assert len(refused) <= 1


def test_ticket__guard_off__two_take_the_same_number_and_one_is_turned_away(hall):
    results = all_at_once(
        *(
            lambda key=key: unguarded_hall.take_ticket(hall.station, hall.clerk, key)
            for key in ("k-1", "k-2")
        )
    )
    assert sum(isinstance(each, IntegrityError) for each in results) == 1


def test_ticket__guard_on__check_ins_and_walk_ins_count_without_gap_or_double(hall, late_commit):
    late_commit.add("services.arrival_arrived")
    offering = OfferingFactory(station=hall.station, window=hall.windows[0])
    slot = SlotFactory(offering=offering, starts_at=timezone.now(), capacity=20)
    booked = BookingFactory.create_batch(5, slot=slot)
    walk_ins = [
        lambda number=number: hall_scene.walk_in(hall, client_key=f"race-{number:03d}")
        for number in range(5)
    ]
    check_ins = [
        lambda booking=booking: bookings.check_in(booking=booking, by=hall.clerk)
        for booking in booked
    ]
    results = all_at_once(*walk_ins, *check_ins)
    assert not [each for each in results if isinstance(each, Exception)], results
    tickets = sorted(Arrival.objects.values_list("ticket", flat=True))
    assert tickets == [f"{letter}{n:03d}" for letter in "AB" for n in range(1, 6)]


def test_walk_in__sent_twice_at_once__is_one_ticket(hall, late_commit):
    late_commit.add("services.arrival_arrived")
    results = all_at_once(
        *[lambda: hall_scene.walk_in(hall, client_key="same-key-1")] * 3,
    )
    assert {each.ticket for each in results} == {"A001"}


def test_serve_against_finish__of_a_booked_visit__is_served_once(hall, late_commit):
    late_commit |= {"services.arrival_served", "services.booking_served"}
    mine = hall_scene.booked(hall)
    arrivals.call_next(window=hall.windows[0], by=hall.clerk)
    results = all_at_once(
        lambda: arrivals.finish(arrival=mine, by=hall.clerk),
        after(HOLD / 3, lambda: bookings.serve(booking=mine.booking, by=hall.clerk)),
    )
    assert isinstance(results[0], Arrival)
    assert Booking.objects.get().state == BookingState.SERVED
    assert ArrivalEvent.objects.filter(act="SERVED").count() == 1

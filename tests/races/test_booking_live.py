"""Races over a live server, guard off (it must go wrong) and on (it must hold)."""

import pytest

from services.enums import Role
from services.models import Booking
from tests.factories.accounts import UserFactory
from tests.factories.bookings import SlotFactory
from tests.factories.network import PostingFactory
from tests.races.arena import all_at_once, miscounted, oversold, post, server, sign_in, slow_insert

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
PEOPLE = 8


def body(slot, key, **more):
    return {
        "slot": slot.pk, "heads": 1, "client_key": key,
        "contact": {"name": "王建国", "phone": "13812345678"},
    } | more  # fmt: skip


def rush(address, slot, people):
    """Everybody wants a place of the slot at the same moment; returns the statuses."""
    sessions = [sign_in(user) for user in people]
    deeds = [
        lambda session=session, number=number: post(
            address, session, body(slot, f"rush-{number:04d}")
        )
        for number, session in enumerate(sessions)
    ]
    return [status for status, _ in all_at_once(*deeds)]


def test_last_place__guard_off__is_sold_more_than_once():
    slot = SlotFactory(capacity=1)
    with server(guarded=False) as address:
        statuses = rush(address, slot, UserFactory.create_batch(PEOPLE))
    assert statuses.count(201) > 1
    assert oversold() == 1


def test_last_place__guard_on__is_sold_once():
    slot, wide = SlotFactory(capacity=1), SlotFactory(capacity=3)
    with server() as address:
        last = rush(address, slot, UserFactory.create_batch(PEOPLE))
        with slow_insert(0.1):
            three = rush(address, wide, UserFactory.create_batch(PEOPLE))
    assert sorted(last) == [201] + [409] * (PEOPLE - 1)
    assert sorted(three) == [201] * 3 + [409] * (PEOPLE - 3)
    assert (oversold(), miscounted()) == (0, 0)


def double_tap(address, slot, user):
    session = sign_in(user)
    return all_at_once(
        *[lambda: post(address, session, body(slot, "tap-0001"))] * 6,
    )


def test_double_tap__guard_off__books_more_than_once():
    slot, user = SlotFactory(capacity=9), UserFactory()
    with server(guarded=False) as address:
        double_tap(address, slot, user)
    assert Booking.objects.count() > 1


def test_double_tap__guard_on__books_once_and_answers_alike():
    slot, last, user = SlotFactory(capacity=9), SlotFactory(capacity=1), UserFactory()
    with server() as address:
        answers = double_tap(address, slot, user)
        with slow_insert(0.1):
            on_the_last_place = double_tap(address, last, UserFactory())
    for taps in (answers, on_the_last_place):
        assert sorted(status for status, _ in taps) == [200] * 5 + [201]
        assert len({answer["code"] for _, answer in taps}) == 1
    assert Booking.objects.count() == 2
    assert miscounted() == 0


def test_two_clerks__guard_off__give_one_place_twice():
    slot = SlotFactory(capacity=1)
    clerks = clerks_of(slot)
    with server(guarded=False) as address:
        rush(address, slot, clerks)
    assert oversold() == 1


def test_two_clerks__guard_on__one_is_told_that_it_is_gone():
    slot = SlotFactory(capacity=1)
    clerks = clerks_of(slot)
    sessions = [sign_in(clerk) for clerk in clerks]
    with server() as address, slow_insert(0.1):
        answers = all_at_once(
            *[
                lambda session=session: post(
                    address, session, body(slot, "desk-0001", contact={"name": "来人"})
                )
                for session in sessions
            ]
        )
    assert sorted(status for status, _ in answers) == [201, 409]
    refusal = next(answer for status, answer in answers if status == 409)
    assert refusal["code"] == "slot_full"
    assert (oversold(), miscounted()) == (0, 0)


def clerks_of(slot):
    return [PostingFactory(station=slot.offering.station, role=Role.CLERK).user for _ in range(2)]


def test_cancel_against_book__over_the_api__the_place_is_never_held_twice():
    slot = SlotFactory(capacity=1)
    holder, others = UserFactory(), UserFactory.create_batch(4)
    with server() as address:
        session = sign_in(holder)
        code = post(address, session, body(slot, "first-001"))[1]["code"]
        waiting = [sign_in(user) for user in others]
        cancels = [
            lambda: post(address, session, {"reason": "不便"}, f"/api/v1/bookings/{code}/cancel/")
        ] * 3
        books = [lambda each=each: post(address, each, body(slot, "second-01")) for each in waiting]
        answers = all_at_once(*cancels, *books)
    assert [status for status, _ in answers[:3]].count(200) == 1
    assert [status for status, _ in answers[3:]].count(201) <= 1
    assert (oversold(), miscounted()) == (0, 0)

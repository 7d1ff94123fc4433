"""Each constraint of the waiting list, tried against the database itself."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from services.enums import BookingState, WaitingState
from services.models import Booking, WaitingEntry
from tests.factories.bookings import BookingFactory
from tests.factories.waiting import WaitingEntryFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def refused(constraint, change):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        change()


ENTRY = [
    ("waiting_has_heads", {}, {"heads": 0}),
    ("waiting_offer_holds_a_place_until_a_time", {}, {"state": WaitingState.OFFERED}),
    ("waiting_offer_holds_a_place_until_a_time", {}, {"offer_until": NOW}),
    ("waiting_offer_holds_a_place_until_a_time", {"offered": True}, {"offer_until": None}),
    ("waiting_ended_has_its_time", {}, {"state": WaitingState.LEFT}),
    ("waiting_ended_has_its_time", {}, {"ended_at": NOW}),
    (
        "waiting_taken_has_its_booking",
        {"offered": True},
        {"state": WaitingState.TAKEN, "ended_at": NOW, "offer_until": None, "booking": None},
    ),
]


@pytest.mark.parametrize(("constraint", "traits", "values"), ENTRY)
def test_entry__against_its_rule__database_refuses(constraint, traits, values):
    entry = WaitingEntryFactory(**traits)
    refused(constraint, lambda: WaitingEntry.objects.filter(pk=entry.pk).update(**values))


def test_entry__twice_for_a_person_and_day__database_refuses_while_on_the_list():
    entry = WaitingEntryFactory()
    again = {"offering": entry.offering, "day": entry.day, "who": entry.who}
    refused("waiting_once_per_person_and_day", lambda: WaitingEntryFactory(**again))
    WaitingEntryFactory(**again, left=True)


def test_entry__same_client_key_twice__database_refuses():
    entry = WaitingEntryFactory()
    refused(
        "waiting_client_key_once",
        lambda: WaitingEntryFactory(by=entry.by, client_key=entry.client_key),
    )


@pytest.mark.parametrize("state", [WaitingState.WAITING, WaitingState.OFFERED, WaitingState.TAKEN])
def test_entry__that_has_left__stays_away(state):
    entry = WaitingEntryFactory(left=True)
    with pytest.raises(Exception, match="transition"), transaction.atomic():
        WaitingEntry.objects.filter(pk=entry.pk).update(state=state)


def test_held_booking__without_a_time__database_refuses():
    booking = BookingFactory()
    refused(
        "booking_held_until_a_time",
        lambda: BookingFactory(slot=booking.slot, state=BookingState.OFFERED),
    )


@pytest.mark.parametrize("state", [BookingState.CONFIRMED, BookingState.NO_SHOW])
def test_held_booking__let_go__never_comes_back(state):
    booking = BookingFactory(cancelled=True)
    with pytest.raises(Exception, match="transition"), transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(
            state=state, cancelled_at=None, cancelled_as=None, cancel_reason=""
        )


def test_constraints__all_of_them__are_tried_here():
    tried = {name for name, _, _ in ENTRY} | {
        "waiting_once_per_person_and_day",
        "waiting_client_key_once",
    }
    assert {each.name for each in WaitingEntry._meta.constraints} <= tried

"""Closures that are entered and lifted at once: no slot is left open under one that stands."""

from datetime import timedelta

import pytest
from django.utils import timezone

from services.actions import hours
from services.enums import ClosureKind, DayKind, Role
from services.models import Closure, OpeningHours, Slot
from tests.factories.bookings import OfferingFactory, SlotFactory
from tests.factories.network import PostingFactory, StationFactory
from tests.races.arena import HOLD, after, all_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def slot():
    return SlotFactory(offering=OfferingFactory(station=StationFactory()))


@pytest.fixture
def head(slot):
    return PostingFactory(station=slot.offering.station, role=Role.HEAD).user


def close(slot, by, reason):
    closure = Closure(
        station=slot.offering.station,
        kind=ClosureKind.CLOSED,
        reason=reason,
        first_day=slot.day,
        last_day=slot.day,
    )
    return hours.close_for(closure=closure, by=by)


@pytest.mark.parametrize("delay", [0, HOLD / 3, 2 * HOLD])
def test_lift_against_close__whichever_comes_first__leaves_the_slot_closed(
    late_commit, slot, head, delay
):
    late_commit.add("services.closure_lifted")
    first = close(slot, head, "检修")
    all_at_once(
        lambda: hours.lift(closure=first, by=head),
        after(delay, lambda: close(slot, head, "停电")),
    )
    slot.refresh_from_db()
    assert Closure.objects.standing().get().reason == "停电"
    assert slot.closed_at is not None


def test_close_twice__at_once__each_slot_is_counted_for_one(late_commit, slot, head):
    late_commit.add("services.closure_entered")
    made = all_at_once(
        lambda: close(slot, head, "检修"), after(HOLD / 3, lambda: close(slot, head, "停电"))
    )
    assert sorted(each.slots_closed for each in made) == [0, 1]
    assert Slot.objects.get().closure in made


def test_set_hours_twice__at_once__the_last_ones_stand_alone(late_commit, slot, head):
    late_commit.add("services.hours_set")
    start = timezone.localtime(slot.starts_at) - timedelta(hours=1)
    spans = {DayKind.WORKDAY: [(start.time(), (start + timedelta(hours=3)).time())]}
    station = slot.offering.station
    closed = all_at_once(
        lambda: hours.set_hours(station=station, hours=spans, by=head),
        after(HOLD / 3, lambda: hours.set_hours(station=station, hours=spans, by=head)),
    )
    assert all(isinstance(each, int) for each in closed)
    assert OpeningHours.objects.filter(station=station).count() == 1

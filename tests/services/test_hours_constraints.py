"""What the database refuses about hours and closures."""

from datetime import date, time

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from services.models import Slot
from tests.factories.accounts import UserFactory
from tests.factories.bookings import SlotFactory
from tests.factories.hours import ClosureFactory, OpeningHoursFactory

pytestmark = pytest.mark.django_db


def refused(name, make):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


def test_opening_hours_end_after_start():
    refused("opening_hours_end_after_start", lambda: OpeningHoursFactory(start="17:00", end="9:00"))


def test_opening_hours_start_once():
    first = OpeningHoursFactory()
    refused("opening_hours_start_once", lambda: OpeningHoursFactory(station=first.station))


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("closure_days_in_order", {"last_day": date(2020, 1, 1)}),
        ("closure_hours_whole_and_in_order", {"start": time(9)}),
        ("closure_hours_whole_and_in_order", {"start": time(9), "end": time(8)}),
        ("closure_absence_names_who_and_where", {"kind": "ABSENCE"}),
        ("closure_says_why", {"reason": ""}),
        ("closure_lifted_says_by_whom", {"lifted_at": timezone.now()}),
    ],
)
def test_closure__breaking_a_rule__is_refused_by_name(name, facts):
    refused(name, lambda: ClosureFactory(**facts))


def test_closure_nobody_stands_in_for_oneself():
    clerk = UserFactory(staff=True)
    refused(
        "closure_nobody_stands_in_for_oneself",
        lambda: ClosureFactory(absence=True, staff=clerk, stand_in=clerk),
    )


def test_slot_of_a_closure_is_closed():
    slot, closure = SlotFactory(), ClosureFactory()
    refused(
        "slot_of_a_closure_is_closed",
        lambda: Slot.objects.filter(pk=slot.pk).update(closure=closure),
    )

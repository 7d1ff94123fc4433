"""Each constraint of offerings, slots and bookings, tried against the database itself."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from services.enums import BookingState, OncePer
from services.models import Booking, Offering, OfferingHours, Slot
from tests.factories.bookings import (
    BookingFactory,
    OfferingFactory,
    OfferingHoursFactory,
    SlotFactory,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def refused(constraint, change):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        change()


OFFERING = [
    ("offering_party_from_one_up", {"party_min": 0}),
    ("offering_party_from_one_up", {"party_min": 3, "party_max": 2, "capacity": 9}),
    ("offering_party_fits_a_slot", {"party_min": 3, "party_max": 3, "capacity": 2}),
    ("offering_slot_takes_time", {"slot_minutes": 4}),
    ("offering_season_is_named_and_ordered", {"once_per": OncePer.SEASON, "season": ""}),
    ("offering_holds_an_offer_for_a_while", {"offer_minutes": 9}),
    (
        "offering_season_dates_in_order",
        {"season_from": date(2026, 4, 5), "season_to": date(2026, 4, 4)},
    ),
]


@pytest.mark.parametrize(("constraint", "values"), OFFERING)
def test_offering__against_its_rule__database_refuses(constraint, values):
    offering = OfferingFactory()
    refused(constraint, lambda: Offering.objects.filter(pk=offering.pk).update(**values))


def test_offering__same_title_twice_at_a_station__database_refuses():
    offering = OfferingFactory()
    refused(
        "offering_title_once_per_station",
        lambda: OfferingFactory(station=offering.station, title=offering.title),
    )


def test_hours__against_their_rules__database_refuses():
    hours = OfferingHoursFactory()
    mine = OfferingHours.objects.filter(pk=hours.pk)
    refused("offering_hours_end_after_start", lambda: mine.update(end="09:00"))
    refused(
        "offering_hours_start_once",
        lambda: OfferingHoursFactory(offering=hours.offering, start=hours.start),
    )


SLOT = [
    ("slot_never_oversold", {"taken": F("capacity") + 1}),
    ("services_slot_taken_check", {"taken": -1}),
    ("slot_ends_after_it_starts", {"ends_at": F("starts_at")}),
    ("slot_closed_says_why", {"closed_at": NOW, "closed_reason": ""}),
]


@pytest.mark.parametrize(("constraint", "values"), SLOT)
def test_slot__against_its_rule__database_refuses(constraint, values):
    slot = SlotFactory()
    refused(constraint, lambda: Slot.objects.filter(pk=slot.pk).update(**values))


def test_slot__same_start_twice__database_refuses():
    slot = SlotFactory()
    refused(
        "slot_starts_once_per_offering",
        lambda: SlotFactory(offering=slot.offering, starts_at=slot.starts_at),
    )


BOOKING = [
    ("booking_has_heads", {"heads": 0}),
    ("booking_is_for_a_person_or_a_contact", {"contact_name": ""}),
    ("booking_cancelled_says_who_when_why", {"state": BookingState.CANCELLED}),
    ("booking_cancelled_says_who_when_why", {"cancelled_at": NOW}),
    ("booking_checked_in_has_its_time", {"state": BookingState.CHECKED_IN}),
    ("booking_served_has_its_time", {"served_at": NOW}),
    ("booking_no_show_has_its_time", {"state": BookingState.NO_SHOW}),
    ("booking_left_says_when_why", {"left_at": NOW}),
]


@pytest.mark.parametrize(("constraint", "values"), BOOKING)
def test_booking__against_its_rule__database_refuses(constraint, values):
    booking = BookingFactory()
    refused(constraint, lambda: Booking.objects.filter(pk=booking.pk).update(**values))


def test_booking__keys_and_code__are_given_once():
    booking = BookingFactory()
    refused("booking_code_once", lambda: BookingFactory(code=booking.code))
    refused(
        "booking_client_key_once",
        lambda: BookingFactory(by=booking.by, client_key=booking.client_key),
    )
    refused("booking_once_per_person_and_rule", lambda: BookingFactory(once_key=booking.once_key))


@pytest.mark.parametrize("trait", ["cancelled", "no_show"])
def test_booking__cancelled_or_missed__leaves_its_rule_free(trait):
    booking = BookingFactory(**{trait: True})
    BookingFactory(once_key=booking.once_key)


def test_constraints__all_of_them__are_tried_here():
    tried = {name for name, _ in [*OFFERING, *SLOT, *BOOKING]} | {
        "offering_title_once_per_station",
        "offering_hours_end_after_start",
        "offering_hours_start_once",
        "slot_starts_once_per_offering",
        "booking_code_once",
        "booking_client_key_once",
        "booking_once_per_person_and_rule",
        "booking_held_until_a_time",  # in test_waiting_constraints
        "slot_of_a_closure_is_closed",  # in test_hours_constraints
    }
    models = [apps.get_model("services", name) for name in ("Offering", "OfferingHours", "Slot")]
    there = {each.name for model in [*models, Booking] for each in model._meta.constraints}
    assert there <= tried


def test_slot__with_bookings__cannot_be_deleted():
    booking = BookingFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        booking.slot.delete()


def test_slot__a_day__is_the_local_one():
    late = timezone.localtime().replace(hour=23, minute=30, second=0, microsecond=0)
    slot = SlotFactory(starts_at=late + timedelta(days=1))
    assert slot.day == timezone.localdate() + timedelta(days=1)
    assert list(Slot.objects.on_day(slot.day)) == [slot]


def test_booking__left_without_a_reason__database_refuses():
    booking = BookingFactory(checked_in=True)
    left = {"state": BookingState.LEFT, "left_at": NOW}
    mine = Booking.objects.filter(pk=booking.pk)
    refused("booking_left_says_when_why", lambda: mine.update(**left))
    mine.update(**left, left_reason="等不及")

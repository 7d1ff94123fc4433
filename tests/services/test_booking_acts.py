"""The engine's acts, one rule each: success and refusal share their set-up."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry, Message
from services.actions import bookings
from services.actions.bookings import Contact
from services.booking_rules import BookingConflictError, BookingRefusedError
from services.enums import BookingState, CancelledAs, OncePer
from services.models import Booking, Slot
from tests.factories.accounts import UserFactory
from tests.factories.bookings import OfferingFactory, SlotFactory
from tests.factories.persons import PersonFactory
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


def test_book__place_free__takes_it_with_trail_and_messages(slot, citizen):
    booking = take(slot, citizen, heads=2)
    stored = Booking.objects.get(pk=booking.pk)
    assert (stored.code, stored.state, stored.heads) == (booking.code, "CONFIRMED", 2)
    assert stored.contact_phone == citizen.phone
    assert stored.station_id == slot.offering.station_id
    assert_counts_agree(slot)
    entry = AuditEntry.objects.get(act="services.booking_booked")
    assert (entry.target_id, entry.actor) == (str(booking.pk), citizen)
    told = Message.objects.filter(about_type="services.booking", about_id=str(booking.pk))
    assert sorted(told.values_list("channel", flat=True)) == ["INBOX", "SMS"]
    assert all(booking.spoken_code in message.body for message in told)


def test_book__any__is_one_statement(slot, citizen):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        take(slot, citizen)
    statements = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(statements) == 1


def test_book__row__is_what_the_model_would_save(slot, citizen):
    """The statement fills in by itself what `save()` fills in elsewhere."""
    booking = take(slot, citizen, heads=2)
    written = Booking.objects.filter(pk=booking.pk).values().get()
    copy = Booking.objects.get(pk=booking.pk)
    copy.pk, copy.code, copy.client_key, copy.once_key = None, "X", "X", "X"
    copy.save(force_insert=True)
    saved = Booking.objects.filter(pk=copy.pk).values().get()
    own = {"id", "code", "client_key", "once_key"}
    assert {k: v for k, v in written.items() if k not in own} == {
        k: v for k, v in saved.items() if k not in own
    }


def test_book__phone__is_not_clear_in_the_database(slot, citizen):
    take(slot, citizen)
    with connection.cursor() as cursor:
        for table in ("services_booking", "accounts_message", "accounts_auditentry"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            assert citizen.phone not in str(cursor.fetchall())


def test_book__same_key_again__returns_the_first_booking(slot, citizen):
    first = take(slot, citizen)
    again = take(with_rules(slot), citizen)
    assert (again.pk, again.replayed, first.replayed) == (first.pk, True, False)
    assert_counts_agree(slot)
    assert slot.taken == 1


def test_book__same_key_when_full__still_returns_the_first_booking(slot, citizen):
    first = take(slot, citizen)
    for number in range(2):
        take(slot, UserFactory(), key=f"other{number}")
    assert take(with_rules(slot), citizen).pk == first.pk


def test_book__same_key_other_content__is_refused(slot, citizen):
    take(slot, citizen)
    with pytest.raises(BookingConflictError) as refusal:
        take(slot, citizen, heads=2)
    assert refusal.value.code == "client_key_reused"
    assert_counts_agree(slot)


def test_book__full__is_refused_and_nothing_is_written(citizen):
    slot = with_rules(SlotFactory(capacity=1, full=True))
    with pytest.raises(BookingConflictError, match="约满") as refusal:
        take(slot, citizen)
    assert refusal.value.code == "slot_full"
    assert not Booking.objects.exists()
    assert not AuditEntry.objects.exists()
    assert not Message.objects.exists()


def test_book__party_larger_than_what_is_left__says_how_many_are_left(slot, citizen):
    take(slot, UserFactory(), heads=2)
    with pytest.raises(BookingConflictError, match="只剩1个名额"):
        take(slot, citizen, heads=2)


def test_book__second_booking_of_the_day__is_refused_and_frees_its_place(slot, citizen):
    take(slot, citizen)
    later = with_rules(
        SlotFactory(offering=slot.offering, starts_at=slot.starts_at + timedelta(minutes=1))
    )
    with pytest.raises(BookingConflictError) as refusal:
        take(later, citizen, key="k2")
    assert refusal.value.code == "already_booked"
    assert_counts_agree(later)
    assert later.taken == 0


def test_book__once_per_slot__another_slot_of_the_day_is_fine(citizen):
    offering = OfferingFactory(once_per=OncePer.SLOT)
    one, two = SlotFactory(offering=offering), SlotFactory(offering=offering)
    take(with_rules(one), citizen)
    take(with_rules(two), citizen, key="k2")
    with pytest.raises(BookingConflictError):
        take(with_rules(two), citizen, key="k3")


def test_book__refused_inside_a_transaction__leaves_the_transaction_usable(slot, citizen):
    with transaction.atomic():
        take(slot, citizen)
        with pytest.raises(BookingConflictError):
            take(slot, citizen, key="k2")
        assert Booking.objects.count() == 1


def test_book__file_and_account__count_as_one_person(slot, citizen, clerk):
    person = PersonFactory(account=citizen, station=slot.offering.station)
    take(slot, citizen, person=person)
    with pytest.raises(BookingConflictError) as refusal:
        take(slot, clerk, key="k2", person=person, on_behalf=True)
    assert refusal.value.code == "already_booked"


def test_book__code_already_given__takes_another(slot, citizen, monkeypatch):
    from services.actions.bookings import taking

    codes = iter(["AAAAAAAAAA", "AAAAAAAAAA", "CCCCCCCCCC"])
    monkeypatch.setattr(taking, "new_code", lambda: next(codes))
    take(slot, UserFactory())
    assert take(slot, citizen, key="k2").code == "CCCCCCCCCC"


@pytest.mark.parametrize(
    ("offering", "hours_ahead", "heads", "code"),
    [
        ({"is_open": False}, 72, 1, "offering_closed"),
        ({"lead_minutes": 120}, 1, 1, "too_late"),
        ({}, -1, 1, "slot_started"),
        ({"horizon_days": 2}, 24 * 5, 1, "too_early"),
        ({"party_max": 2}, 72, 3, "party_too_large"),
        ({"party_min": 2, "party_max": 3}, 72, 1, "party_too_small"),
        ({"season_to": timezone.localdate()}, 72, 1, "out_of_season"),
        ({"season_from": timezone.localdate() + timedelta(days=30)}, 72, 1, "out_of_season"),
    ],
)
def test_book__rule_broken__is_refused_with_its_code(citizen, offering, hours_ahead, heads, code):
    starts = timezone.now() + timedelta(hours=hours_ahead)
    slot = SlotFactory(offering=OfferingFactory(**offering), starts_at=starts, capacity=9)
    with pytest.raises(BookingRefusedError) as refusal:
        take(with_rules(slot), citizen, heads=heads)
    assert refusal.value.code == code
    assert Slot.objects.get(pk=slot.pk).taken == 0


def test_book__station_closed_by_then__is_refused(slot, citizen):
    station = slot.offering.station
    station.active_to = timezone.localdate() + timedelta(days=1)
    station.save()
    with pytest.raises(BookingRefusedError) as refusal:
        take(with_rules(slot), citizen)
    assert refusal.value.code == "station_closed"


def test_book__slot_closed__is_refused_with_its_reason(citizen):
    with pytest.raises(BookingConflictError, match="窗口检修"):
        take(with_rules(SlotFactory(closed=True)), citizen)


def test_book__on_behalf__needs_no_lead_time_and_no_review(clerk):
    offering = OfferingFactory(lead_minutes=600, needs_review=True)
    starts = timezone.now() - timedelta(minutes=5)
    slot = with_rules(SlotFactory(offering=offering, starts_at=starts))
    booking = take(slot, clerk, on_behalf=True, contact=Contact("李大爷"))
    assert (booking.state, booking.on_behalf, booking.contact_phone) == ("CONFIRMED", True, None)
    entry = AuditEntry.objects.get(act="services.booking_booked")
    assert entry.on_behalf_of == "李*爷"


def test_book__needs_review__waits_for_the_station(citizen, clerk):
    slot = with_rules(SlotFactory(offering=OfferingFactory(needs_review=True)))
    booking = take(slot, citizen)
    assert booking.state == BookingState.PENDING
    bookings.confirm(booking=booking, by=clerk)
    booking.refresh_from_db()
    assert booking.state == BookingState.CONFIRMED


def test_reject__with_reason__gives_the_place_back_and_tells(citizen, clerk):
    slot = with_rules(SlotFactory(offering=OfferingFactory(needs_review=True)))
    booking = take(slot, citizen)
    bookings.reject(booking=booking, by=clerk, reason="材料不全")
    booking.refresh_from_db()
    assert (booking.state, booking.cancelled_as) == ("CANCELLED", CancelledAs.STATION)
    assert_counts_agree(slot)
    assert any("材料不全" in m.body for m in Message.objects.all())


def test_cancel__twice__frees_once(slot, citizen):
    booking = take(slot, citizen, heads=2)
    bookings.cancel(booking=booking, by=citizen, reason="时间不便")
    with pytest.raises(BookingConflictError):
        bookings.cancel(booking=booking, by=citizen, reason="时间不便")
    assert_counts_agree(slot)
    assert slot.taken == 0


def test_cancel__citizen_too_late__is_refused_but_the_station_may(citizen, clerk):
    offering = OfferingFactory(cancel_minutes=24 * 60)
    starts = timezone.now() + timedelta(hours=3)
    slot = with_rules(SlotFactory(offering=offering, starts_at=starts))
    booking = take(slot, citizen)
    with pytest.raises(BookingConflictError) as refusal:
        bookings.cancel(booking=booking, by=citizen, reason="时间不便")
    assert refusal.value.code == "too_late_to_cancel"
    bookings.cancel(booking=booking, by=clerk, reason="停电", as_=CancelledAs.STATION)
    assert_counts_agree(slot)


def test_cancel__without_reason__is_refused(slot, citizen):
    booking = take(slot, citizen)
    with pytest.raises(BookingRefusedError, match="原因"):
        bookings.cancel(booking=booking, by=citizen, reason="  ")


def test_cancel__then_book_again__is_possible(slot, citizen):
    bookings.cancel(booking=take(slot, citizen), by=citizen, reason="时间不便")
    take(with_rules(slot), citizen, key="k2")
    assert_counts_agree(slot)


def test_move__new_slot_free__takes_it_and_frees_the_old(slot, citizen):
    other = with_rules(
        SlotFactory(offering=slot.offering, starts_at=slot.starts_at + timedelta(days=1))
    )
    booking = bookings.move(booking=take(slot, citizen, heads=2), to=other, by=citizen)
    booking.refresh_from_db()
    assert (booking.slot_id, booking.moved_at is not None) == (other.pk, True)
    assert_counts_agree(slot)
    assert_counts_agree(other)
    assert (slot.taken, other.taken) == (0, 2)


def test_move__new_slot_full__keeps_the_old_place(slot, citizen):
    other = SlotFactory(
        offering=slot.offering, starts_at=slot.starts_at + timedelta(days=1), full=True
    )
    booking = take(slot, citizen)
    with pytest.raises(BookingConflictError) as refusal:
        bookings.move(booking=booking, to=with_rules(other), by=citizen)
    assert refusal.value.code == "slot_full"
    assert_counts_agree(slot)
    assert slot.taken == 1


def test_move__other_offering__is_refused(slot, citizen):
    with pytest.raises(BookingRefusedError) as refusal:
        bookings.move(booking=take(slot, citizen), to=with_rules(SlotFactory()), by=citizen)
    assert refusal.value.code == "other_offering"


def test_move__onto_another_booked_day__is_refused(slot, citizen):
    other = with_rules(
        SlotFactory(offering=slot.offering, starts_at=slot.starts_at + timedelta(days=1))
    )
    take(other, citizen, key="k2")
    third = with_rules(
        SlotFactory(offering=slot.offering, starts_at=other.starts_at + timedelta(minutes=40))
    )
    with pytest.raises(BookingConflictError) as refusal:
        bookings.move(booking=take(slot, citizen), to=third, by=citizen)
    assert refusal.value.code == "already_booked"
    assert_counts_agree(slot)


def test_close_slot__with_bookings__cancels_and_tells_each(slot, citizen, clerk):
    booking = take(slot, citizen)
    assert bookings.close_slot(slot=slot, by=clerk, reason="窗口检修") == 1
    booking.refresh_from_db()
    assert (booking.state, booking.cancelled_as, booking.cancel_reason) == (
        "CANCELLED",
        CancelledAs.STATION,
        "窗口检修",
    )
    assert_counts_agree(slot)
    assert Message.objects.filter(kind="services.booking_cancelled", channel="SMS").count() == 1
    bookings.reopen_slot(slot=slot, by=clerk)
    take(with_rules(slot), citizen, key="k2")


def test_state__moved_against_the_rules__database_refuses(slot, citizen):
    booking = take(slot, citizen)
    with pytest.raises(Exception, match="SERVED"), transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(
            state="SERVED", checked_in_at=timezone.now(), served_at=timezone.now()
        )

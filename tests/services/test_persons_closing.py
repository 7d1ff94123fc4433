"""What ends with a file that is moved out or closed: its bookings ahead."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Message
from services import notifications
from services.actions import bookings
from services.actions import persons as acts
from services.booking_rules import BookingConflictError
from services.enums import BookingState, CancelledAs, FileState
from services.models import Booking
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory, OfferingFactory, SlotFactory
from tests.factories.network import StationFactory
from tests.factories.persons import PersonFactory
from tests.factories.staff import reviewer_at
from tests.services.booking_scene import assert_counts_agree, take, with_rules

pytestmark = pytest.mark.django_db
CLOSE = {FileState.MOVED: acts.move_out, FileState.CLOSED: acts.close_file}


@pytest.fixture
def village():
    return StationFactory()


@pytest.fixture
def reviewer(village):
    return reviewer_at(village.parent)


@pytest.fixture
def person(village):
    return PersonFactory(station=village, claimed=True)


@pytest.fixture
def slots():
    return [with_rules(SlotFactory(capacity=3)) for _ in range(2)]


def cancellations():
    return Message.objects.filter(kind=notifications.CANCELLED)


@pytest.mark.parametrize(
    ("state", "reason", "said"),
    [
        (FileState.MOVED, "户口迁往苏州", "档案已转出无锡"),
        (FileState.CLOSED, "身份撤销", "档案已注销"),
    ],
)
def test_closing__with_bookings_ahead__frees_their_places_and_tells_the_person(
    person, reviewer, slots, state, reason, said
):
    for number, slot in enumerate(slots):
        take(slot, person.account, key=f"key-{number}", person=person)
    CLOSE[state](person=person, by=reviewer, reason=reason)
    for slot in slots:
        assert_counts_agree(slot)
        assert slot.taken == 0
    for booking in Booking.objects.all():
        assert (booking.state, booking.cancelled_as) == ("CANCELLED", CancelledAs.STATION)
        assert (booking.cancelled_by, booking.cancel_reason) == (reviewer, said)
    assert AuditEntry.objects.filter(act="services.booking_cancelled", actor=reviewer).count() == 2
    assert cancellations().filter(channel="SMS").count() == 2
    for message in cancellations():
        assert said in message.body
        assert "重新" not in message.body


@pytest.mark.parametrize("reason", ["本人去世", "因病病故", "已故，家属来办"])
def test_closing__of_somebody_who_died__is_silent_and_withdraws_what_waits(
    person, reviewer, slots, reason
):
    take(slots[0], person.account, person=person)
    acts.close_file(person=person, by=reviewer, reason=reason)
    assert Booking.objects.get().state == BookingState.CANCELLED
    assert_counts_agree(slots[0])
    assert not cancellations().exists()
    assert set(Message.objects.filter(channel="SMS").values_list("state", flat=True)) == {
        "CANCELLED"
    }


def test_closing__leaves_alone_what_is_over_or_under_way_and_what_others_booked(person, reviewer):
    over = BookingFactory(slot=SlotFactory(past=True), person=person)
    here = BookingFactory(checked_in=True, person=person)
    another = BookingFactory(person=PersonFactory(station=person.station))
    acts.close_file(person=person, by=reviewer, reason="身份撤销")
    states = {each.pk: each.state for each in Booking.objects.all()}
    assert states == {over.pk: "CONFIRMED", here.pk: "CHECKED_IN", another.pk: "CONFIRMED"}


def test_closing__within_the_citizens_time_to_cancel__still_frees_the_place(person, reviewer):
    offering = OfferingFactory(cancel_minutes=24 * 60)
    slot = SlotFactory(offering=offering, starts_at=timezone.now() + timedelta(hours=3))
    take(with_rules(slot), person.account, person=person)
    acts.move_out(person=person, by=reviewer, reason="户口迁往苏州")
    assert Booking.objects.get().state == BookingState.CANCELLED


def test_closing__whose_booking_cannot_be_cancelled__closes_nothing(
    person, reviewer, slots, monkeypatch
):
    def moved_meanwhile(**_):
        raise BookingConflictError("请刷新页面后再办。", code="changed_meanwhile")

    take(slots[0], person.account, person=person)
    monkeypatch.setattr("services.actions.bookings.changing.cancel", moved_meanwhile)
    with pytest.raises(BookingConflictError):
        acts.close_file(person=person, by=reviewer, reason="身份撤销")
    person.refresh_from_db()
    assert person.state == FileState.FILED


def test_unlinking__an_account__keeps_the_bookings(person, reviewer, slots):
    take(slots[0], person.account, person=person)
    acts.unlink_account(person=person, by=reviewer, reason="误关联。")
    assert Booking.objects.get().state == BookingState.CONFIRMED


def test_cancel_coming__of_a_file_without_bookings__does_nothing(person):
    assert bookings.cancel_coming(person=person, by=UserFactory(staff=True), reason="无") == 0

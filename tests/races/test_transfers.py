"""A file moves to another station while somebody else decides, takes it back, or enters a matter."""

import pytest

from services.actions import bookings, matters, persons, transfers
from services.enums import (
    FileState,
    MatterChannel,
    MatterState,
    TransferConsent,
    TransferState,
)
from services.models import Matter, Person, Slot, Transfer
from tests.factories.accounts import UserFactory
from tests.factories.bookings import SlotFactory
from tests.factories.guides import MatterKindFactory
from tests.factories.network import DivisionFactory, StationFactory
from tests.factories.persons import PersonFactory
from tests.factories.staff import clerk_at, reviewer_at
from tests.races.arena import HOLD, after, all_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def asked():
    person = PersonFactory()
    other = StationFactory(division=DivisionFactory(code="320281101779"))
    giver = clerk_at(person.station)
    made = transfers.ask(person=person, to_station=other, by=giver, reason="搬家",
                         consent=TransferConsent.PHONE)  # fmt: skip
    return made, giver, clerk_at(other)


def refused(results):
    return sum(isinstance(each, transfers.TransferError) for each in results)


def test_two_accepts__one_moves_the_file():
    made, _, taker = asked()
    deed = lambda: transfers.accept(transfer=made, by=taker)  # noqa: E731
    assert refused(all_at_once(deed, deed)) == 1
    assert Transfer.objects.get().state == TransferState.ACCEPTED


def test_accept_against_withdraw__one_holds_and_the_file_agrees():
    made, giver, taker = asked()
    results = all_at_once(
        lambda: transfers.accept(transfer=made, by=taker),
        lambda: transfers.withdraw(transfer=made, by=giver),
    )
    assert refused(results) == 1
    made = Transfer.objects.select_related("person").get()
    to = made.to_station_id if made.state == TransferState.ACCEPTED else made.station_id
    assert made.person.station_id == to


@pytest.mark.parametrize("delay", [0, HOLD / 3, 2 * HOLD])
def test_accept_against_a_booking__both_stand_and_the_booking_stays_where_it_was(
    late_commit, delay
):
    late_commit.add("services.transfer_accepted")
    made, giver, taker = asked()
    slot = SlotFactory(offering__station=made.station)
    fresh = Slot.objects.with_rules().get(pk=slot.pk)
    accepted, booked = all_at_once(
        lambda: transfers.accept(transfer=made, by=taker),
        after(delay, lambda: bookings.book(
            slot=fresh, heads=1, by=giver, client_key="k1", person=made.person, on_behalf=True
        )),
    )  # fmt: skip
    assert (accepted.state, booked.station) == (TransferState.ACCEPTED, made.station)
    assert Person.objects.get().station == made.to_station


@pytest.mark.parametrize("delay", [0, HOLD / 3, 2 * HOLD])
def test_accept_against_entering_a_matter__it_ends_at_the_new_station(late_commit, delay):
    late_commit.update({"services.transfer_accepted", "services.matter_submitted"})
    made, giver, taker = asked()
    kind = MatterKindFactory()
    accepted, entered = all_at_once(
        lambda: transfers.accept(transfer=made, by=taker),
        after(delay, lambda: matters.enter(
            by=giver, kind=kind, station=made.station, client_key="key-00000001", accept=True,
            applicant_name="王建国", person=made.person, channel=MatterChannel.COUNTER,
            answers={"question": "怎么办"},
        )),
    )  # fmt: skip
    assert accepted.state == TransferState.ACCEPTED
    matter = Matter.objects.get(pk=entered.pk)
    moved = Transfer.objects.get().matters_moved
    assert matter.station == made.to_station
    assert matter.events.filter(act="TRANSFERRED").count() == moved
    # entered where its clerk has no right to accept, it waits there for those who have
    assert matter.state == (MatterState.ACCEPTED if moved else MatterState.SUBMITTED)


@pytest.mark.parametrize("delay", [0, HOLD / 3, 2 * HOLD])
def test_accept_against_handing_in_a_draft__it_ends_at_the_new_station(late_commit, delay):
    late_commit.update({"services.transfer_accepted", "services.matter_submitted"})
    made, _, taker = asked()
    citizen = UserFactory()
    Person.objects.filter(pk=made.person_id).update(account=citizen)
    person = Person.objects.get()
    draft = matters.save_draft(
        by=citizen, kind=MatterKindFactory(), station=made.station, client_key="key-00000001",
        applicant_name="王建国", person=person, channel=MatterChannel.WEB,
        answers={"question": "怎么办"},
    )  # fmt: skip
    _, handed_in = all_at_once(
        lambda: transfers.accept(transfer=made, by=taker),
        after(delay, lambda: matters.submit(matter=draft, by=citizen)),
    )
    matter = Matter.objects.get(pk=handed_in.pk)
    assert (matter.state, matter.station) == (MatterState.SUBMITTED, made.to_station)


@pytest.mark.parametrize("delay", [0, HOLD / 3, 2 * HOLD])
def test_accept_against_closing__the_file_ends_and_the_transfer_agrees(late_commit, delay):
    late_commit.update({"services.transfer_accepted", "services.file_closed"})
    made, _, taker = asked()
    reviewer = reviewer_at(made.station.parent.parent)
    accepted, closed = all_at_once(
        lambda: transfers.accept(transfer=made, by=taker),
        after(
            delay,
            lambda: persons.close_file(person=made.person, by=reviewer, reason="身份撤销"),
        ),
    )
    assert not isinstance(closed, Exception)
    person, made = Person.objects.get(), Transfer.objects.get()
    assert person.state == FileState.CLOSED
    if refused([accepted]):
        assert (made.state, person.station) == (TransferState.WITHDRAWN, made.station)
    else:
        assert (made.state, person.station) == (TransferState.ACCEPTED, made.to_station)

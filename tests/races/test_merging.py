"""Two files become one while somebody edits, books or merges: nothing is lost, nothing is left behind."""

import pytest

from services.actions import bookings, changes, duplicates, merging
from services.actions.bookings import Contact
from services.actions.merging import DuplicateError
from services.enums import DuplicateState, FileState, Role
from services.models import Booking, Person, Slot
from tests.factories.accounts import UserFactory
from tests.factories.bookings import SlotFactory
from tests.factories.duplicates import DuplicateFactory
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.persons import PersonFactory
from tests.races.arena import HOLD, after, all_at_once
from veterans_portal.errors import DomainError

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
DELAYS = [0, HOLD / 3, 2 * HOLD]


@pytest.fixture
def station():
    return StationFactory()


@pytest.fixture
def reviewer(station):
    return PostingFactory(station=station.parent, role=Role.REVIEWER).user


@pytest.fixture
def pair(station):
    return DuplicateFactory(first=PersonFactory(station=station))


def merge(pair, by):
    return duplicates.propose(pair=pair, survivor=pair.first, by=by, reason="本人到场")


@pytest.mark.parametrize("delay", DELAYS)
def test_merge_against_edit__one_waits_for_the_other__nothing_hangs_on_the_absorbed_file(
    late_commit, pair, station, reviewer, delay
):
    late_commit.add("services.duplicate_merged")
    clerk = PostingFactory(station=station).user
    merged, asked = all_at_once(
        lambda: merge(pair, reviewer),
        after(
            delay,
            lambda: changes.ask_change(
                person=pair.second, by=clerk, wanted={"lives_alone": True}, reason="独居"
            ),
        ),
    )
    gone = Person.objects.get(pk=pair.second.pk)
    if isinstance(asked, DomainError):
        assert gone.state == FileState.MERGED
        assert not gone.change_requests.exists()
    else:
        assert isinstance(merged, DuplicateError)
        assert gone.state == FileState.CHANGE_PENDING


@pytest.mark.parametrize("delay", DELAYS)
def test_merge_against_booking__booked_in_the_same_moment__is_the_surviving_files(
    late_commit, pair, reviewer, delay
):
    late_commit.add("services.duplicate_merged")
    slot = SlotFactory(capacity=2)
    citizen = UserFactory()

    def book():
        fresh = Slot.objects.with_rules().get(pk=slot.pk)
        return bookings.book(
            slot=fresh, heads=1, by=citizen, client_key="merge-race", person=pair.second,
            contact=Contact(citizen.name, citizen.phone),
        )  # fmt: skip

    merged, booked = all_at_once(lambda: merge(pair, reviewer), after(delay, book))
    assert merged.state == DuplicateState.MERGED
    assert isinstance(booked, Booking)
    assert Booking.objects.get(pk=booked.pk).person_id == pair.first.pk


def test_merge_twice__two_reviewers_at_once__is_done_once(late_commit, pair, station, reviewer):
    late_commit.add("services.duplicate_merged")
    other = PostingFactory(station=station.parent, role=Role.REVIEWER).user
    results = all_at_once(lambda: merge(pair, reviewer), lambda: merge(pair, other))
    assert sorted(isinstance(each, DuplicateError) for each in results) == [False, True]


def test_merge_overlapping_pairs__at_once__leave_no_file_merged_into_a_merged_one(
    late_commit, station, reviewer
):
    late_commit.add("services.duplicate_merged")
    people = [PersonFactory(station=station) for _ in range(3)]
    one = DuplicateFactory(first=people[0], second=people[1])
    two = DuplicateFactory(first=people[1], second=people[2])
    all_at_once(
        lambda: merge(one, reviewer),
        lambda: duplicates.propose(pair=two, survivor=people[1], by=reviewer, reason="本人到场"),
    )
    for person in Person.objects.filter(state=FileState.MERGED):
        assert person.merged_into.state != FileState.MERGED


def test_undo_against_new_booking__keeps_the_new_one_with_the_file_that_stayed(
    late_commit, pair, reviewer
):
    merge(pair, reviewer)
    late_commit.add("services.duplicate_undone")
    slot, citizen = SlotFactory(capacity=2), UserFactory()
    survivor = Person.objects.get(pk=pair.first.pk)

    def book():
        fresh = Slot.objects.with_rules().get(pk=slot.pk)
        return bookings.book(
            slot=fresh, heads=1, by=citizen, client_key="undo-race", person=survivor
        )

    undone, booked = all_at_once(
        lambda: merging.undo(pair=pair, by=reviewer, reason="弄错了"), after(HOLD / 3, book)
    )
    assert undone[0].state == DuplicateState.UNDONE
    assert Booking.objects.get(pk=booked.pk).person_id == survivor.pk

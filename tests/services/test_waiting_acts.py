"""The waiting list: who may join, to whom freed places go, what people are told."""

from datetime import time as clock
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Channel
from accounts.models import Message
from services import waiting_rules
from services.actions import bookings, hours, waiting
from services.actions.bookings import Contact
from services.booking_rules import BookingConflictError, BookingRefusedError
from services.enums import ClosureKind, FileState, WaitingState
from services.models import Closure, WaitingEntry
from tests.factories.accounts import UserFactory
from tests.factories.bookings import OfferingFactory, SlotFactory, weekday_ahead
from tests.factories.persons import PersonFactory
from tests.services.booking_scene import assert_counts_agree, take, with_rules
from tests.services.waiting_scene import (
    acts_on,
    cancel,
    clerk_of,
    fresh,
    full_slot,
    join,
    last_news,
)

pytestmark = pytest.mark.django_db
Conflict, Refused = waiting_rules.WaitingConflictError, waiting_rules.WaitingRefusedError


@pytest.fixture
def scene():
    """A full slot of one place, its booking, and the first two who wait for it."""
    slot, (booking,) = full_slot(starts_at=weekday_ahead())
    return slot, booking, join(slot), join(slot)


def test_join__full_day__stands_on_the_list_with_trail_and_inbox_message():
    slot, _ = full_slot()
    entry = join(slot, heads=2) if slot.capacity > 1 else join(slot)
    assert (entry.state, entry.station, entry.day) == ("WAITING", slot.offering.station, slot.day)
    assert acts_on(entry) == ["services.waiting_joined"]
    said = Message.objects.get(about_type="services.waitingentry", about_id=str(entry.pk))
    assert (said.channel, said.user) == (Channel.INBOX, entry.by)


def test_join__while_a_place_is_free__is_told_to_book():
    slot = SlotFactory()
    with pytest.raises(Conflict, match="直接预约") as refusal:
        join(slot)
    assert refusal.value.code == "places_left"
    assert not WaitingEntry.objects.exists()


def test_join__free_places_too_few_for_the_party__may_wait():
    slot = SlotFactory(capacity=3)
    take(with_rules(slot), UserFactory(), heads=2)
    assert join(slot, heads=2).pk


def test_join__another_slot_of_the_day_is_free__only_that_one_can_be_waited_for():
    slot, _ = full_slot()
    SlotFactory(offering=slot.offering, starts_at=slot.starts_at + timedelta(hours=1))
    with pytest.raises(Conflict, match="直接预约"):
        join(slot)
    assert join(slot, only=True).slot == slot


def test_join__twice_for_a_day__is_refused_and_same_key_gives_the_same():
    slot, _ = full_slot()
    user = UserFactory()
    first = join(slot, user, key="key-one-1")
    assert join(slot, user, key="key-one-1") == first
    with pytest.raises(Conflict) as refusal:
        join(slot, user, key="key-two-2")
    assert refusal.value.code == "already_waiting"


@pytest.mark.parametrize("other", [{"heads": 2}, {"only": True}, {"contact": Contact("李二")}])
def test_join__same_key_for_something_else__is_refused(other):
    slot, _ = full_slot(capacity=2)
    user = UserFactory()
    join(slot, user, key="key-one-1")
    with pytest.raises(Conflict) as refusal:
        join(slot, user, key="key-one-1", **other)
    assert refusal.value.code == "client_key_reused"
    assert WaitingEntry.objects.count() == 1


def test_join__again_after_leaving__starts_at_the_end():
    slot, _ = full_slot()
    user = UserFactory()
    first, other = join(slot, user, key="key-one-1"), join(slot)
    waiting.leave(entry=first, by=user)
    again = join(slot, user, key="key-two-2")
    assert list(WaitingEntry.objects.in_turn()) == [other, again]


def test_join__with_a_booking_of_that_day__is_refused():
    slot, (booking,) = full_slot()
    with pytest.raises(BookingConflictError, match="不能重复预约"):
        join(slot, booking.by)


def test_join__no_list_or_closed_or_too_late_or_wrong_party__is_refused():
    slot, _ = full_slot()
    offering = slot.offering
    with pytest.raises(BookingRefusedError, match="最多3人"):
        join(slot, heads=4)
    with pytest.raises(Refused, match="每个时段最多1人"):
        join(slot, heads=2)
    later = slot.starts_at - timedelta(minutes=offering.lead_minutes + 29)
    with pytest.raises(Refused, match="来不及"):
        join(slot, now=later)
    with pytest.raises(Refused, match="姓名"):
        join(slot, contact=Contact(" "))
    offering.waiting_list = False
    offering.save()
    with pytest.raises(Refused, match="没有候补名单"):
        join(slot)
    offering.waiting_list, offering.is_open = True, False
    offering.save()
    with pytest.raises(Refused, match="没有候补名单"):
        join(slot)


def test_join__slot_of_another_day_or_offering__is_refused():
    slot, _ = full_slot()
    other, _ = full_slot()
    with pytest.raises(Refused, match="不在这一天"):
        waiting.join(
            offering=slot.offering, day=slot.day, slot=with_rules(other), heads=1,
            by=UserFactory(), client_key="k-12345678", contact=Contact("王建国"),
        )  # fmt: skip


def test_join__file_that_has_gone__is_refused():
    slot, _ = full_slot()
    person = PersonFactory(state=FileState.MOVED, closed_at=timezone.now(), closed_reason="转出")
    with pytest.raises(BookingRefusedError, match="档案"):
        join(slot, UserFactory(staff=True), person=person, on_behalf=True)


def test_join__by_a_clerk_for_somebody_without_a_phone__stands_and_is_not_messaged():
    slot, _ = full_slot()
    entry = join(slot, clerk_of(slot), contact=Contact("赵老伯"), on_behalf=True)
    assert (entry.on_behalf, entry.contact_phone) == (True, None)
    assert not Message.objects.filter(about_id=str(entry.pk)).exists()


@pytest.mark.parametrize("name", ["<script>x</script>", "=1+1", "王🎖️建国"])
def test_join__odd_names__are_kept_as_they_are(name):
    slot, _ = full_slot()
    assert fresh(join(slot, contact=Contact(name))).contact_name == name


def test_cancel__somebody_waits__the_place_is_held_for_the_first_in_the_same_act(scene):
    slot, booking, first, second = scene
    cancel(booking)
    first, second = fresh(first), fresh(second)
    assert (first.state, first.offers, second.state) == ("OFFERED", 1, "WAITING")
    held = first.booking
    assert (held.state, held.slot, held.by) == ("OFFERED", slot, first.by)
    assert held.held_until == first.offer_until
    assert_counts_agree(slot)
    assert acts_on(first)[-1] == "services.waiting_offered"
    assert acts_on(held) == ["services.booking_held"]


def test_cancel__somebody_waits__is_told_until_when_and_never_later(scene):
    _, booking, first, _ = scene
    cancel(booking)
    first = fresh(first)
    told = Message.objects.filter(kind="services.waiting_offer")
    assert {each.channel for each in told} == {Channel.INBOX, Channel.SMS}
    assert {each.not_after for each in told} == {first.offer_until}
    inbox = told.get(channel=Channel.INBOX)
    assert (inbox.user, inbox.url) == (first.by, first.booking.get_absolute_url())
    assert "就约这个时间" in inbox.body


def test_cancel__nobody_fits__the_place_is_free_for_everybody():
    slot, (one, _) = full_slot(capacity=2)
    large = join(slot, heads=2)
    cancel(one)
    assert fresh(large).state == WaitingState.WAITING
    assert take(with_rules(slot), UserFactory(), key="k2").pk


def test_cancel__smaller_party_behind_a_larger_one__passes_it_only_while_that_does_not_fit():
    slot, (one, two, _) = full_slot(capacity=3)
    large, small = join(slot, heads=2), join(slot)
    cancel(one)
    assert [fresh(each).state for each in (large, small)] == ["WAITING", "OFFERED"]
    waiting.decline(entry=small, by=small.by)
    cancel(two)
    assert fresh(large).state == WaitingState.OFFERED
    assert_counts_agree(slot)


def test_cancel__party_of_two__serves_two_who_wait():
    slot = SlotFactory(capacity=2)
    booking = take(with_rules(slot), UserFactory(), heads=2)
    entries = [join(slot), join(slot), join(slot)]
    cancel(booking)
    assert [fresh(each).state for each in entries] == ["OFFERED", "OFFERED", "WAITING"]


def test_cancel__waiting_for_another_slot_only__is_not_offered_this_one():
    slot, (booking,) = full_slot()
    other, _ = full_slot(offering=slot.offering, starts_at=slot.starts_at + timedelta(hours=1))
    only, any_ = join(other, only=True), join(slot)
    cancel(booking)
    assert [fresh(each).state for each in (only, any_)] == ["WAITING", "OFFERED"]


def test_move__away_from_a_full_slot__passes_the_old_place_on(scene):
    slot, booking, first, _ = scene
    to = SlotFactory(offering=slot.offering, starts_at=slot.starts_at + timedelta(days=1))
    bookings.move(booking=booking, to=with_rules(to), by=booking.by)
    assert fresh(first).booking.slot == slot
    assert_counts_agree(slot)


def test_reject__somebody_waits__passes_on():
    slot = SlotFactory(capacity=1, offering=OfferingFactory(needs_review=True))
    pending = take(with_rules(slot), UserFactory())
    entry = join(slot)
    bookings.reject(booking=pending, by=clerk_of(slot), reason="材料不符")
    assert fresh(entry).state == WaitingState.OFFERED


def test_save_offering__more_places__go_to_those_who_wait(scene):
    slot, _, first, second = scene
    offering = slot.offering
    offering.capacity = 2
    begins = timezone.localtime(slot.starts_at).time()
    bookings.save_offering(offering=offering, hours=[(begins, clock(18))], by=clerk_of(slot))
    assert [fresh(each).state for each in (first, second)] == ["OFFERED", "OFFERED"]
    assert_counts_agree(slot)


def test_save_offering__new_slots_on_a_day_that_was_full__go_to_those_who_wait(scene):
    slot, _, first, second = scene
    offering = slot.offering
    offering.capacity, offering.workdays_only = 1, False
    begins = timezone.localtime(slot.ends_at)
    hours = [(begins.time(), (begins + timedelta(minutes=30)).time())]
    bookings.save_offering(offering=offering, hours=hours, by=clerk_of(slot))
    assert fresh(first).booking.slot.starts_at == slot.ends_at
    assert fresh(second).state == WaitingState.WAITING


def test_close_and_reopen_slot__offer_standing__waits_on_and_is_offered_again(scene):
    slot, booking, first, _ = scene
    cancel(booking)
    clerk = clerk_of(slot)
    bookings.close_slot(slot=slot, by=clerk, reason="停电")
    assert (fresh(first).state, fresh(first).unanswered) == ("WAITING", 0)
    assert "停电" in last_news()
    assert_counts_agree(slot)
    bookings.reopen_slot(slot=with_rules(slot), by=clerk)
    assert (fresh(first).state, fresh(first).offers) == ("OFFERED", 2)


def test_cancel__first_in_line_booked_elsewhere_meanwhile__ends_and_the_next_gets_it(scene):
    slot, booking, first, second = scene
    other = SlotFactory(offering=slot.offering, starts_at=slot.starts_at + timedelta(hours=1))
    take(with_rules(other), first.by, key="k9")
    cancel(booking)
    assert [fresh(each).state for each in (first, second)] == ["LEFT", "OFFERED"]


def test_offer__cap_of_the_day_reached__inbox_still_says_it_and_the_place_is_held(settings, scene):
    settings.WAITING_MESSAGES_PER_DAY = 0
    _, booking, first, _ = scene
    cancel(booking)
    told = Message.objects.filter(kind="services.waiting_offer")
    assert [each.channel for each in told] == [Channel.INBOX]
    assert fresh(first).state == WaitingState.OFFERED


def test_offer__cap__counts_the_day_s_messages_of_one_phone(settings, scene):
    settings.WAITING_MESSAGES_PER_DAY = 1
    _, booking, first, _ = scene
    other, (theirs,) = full_slot()
    again = join(other, first.by)
    cancel(booking)
    cancel(theirs)
    assert fresh(again).state == WaitingState.OFFERED
    sent = Message.objects.filter(kind="services.waiting_offer", user=first.by)
    assert sorted(each.channel for each in sent) == [Channel.INBOX, Channel.INBOX, Channel.SMS]


def test_offer__no_account_and_capped__is_held_until_the_station_could_phone(settings):
    settings.WAITING_MESSAGES_PER_DAY = 0
    slot, (booking,) = full_slot()
    entry = join(slot, clerk_of(slot), contact=Contact("赵老伯", "19900107777"), on_behalf=True)
    cancel(booking)
    assert fresh(entry).state == WaitingState.OFFERED
    assert not Message.objects.filter(kind="services.waiting_offer").exists()


@pytest.mark.parametrize("waits", [0, 20])
def test_cancel__nobody_or_twenty_wait__costs_a_fixed_number_of_queries(
    waits, django_assert_max_num_queries
):
    slot, (booking,) = full_slot()
    for _ in range(waits):
        join(slot)
    with django_assert_max_num_queries(28 if waits else 14):
        cancel(booking)


def test_lift__closure_of_a_day_that_is_waited_for__offers_the_place_again(scene):
    slot, _, first, _ = scene
    clerk = clerk_of(slot)
    closure = Closure(
        station=slot.offering.station, kind=ClosureKind.CLOSED, first_day=slot.day,
        last_day=slot.day, reason="检修", by=clerk,
    )  # fmt: skip
    hours.close_for(closure=closure, by=clerk)
    assert fresh(first).state == WaitingState.WAITING
    hours.lift(closure=closure, by=clerk)
    assert fresh(first).state == WaitingState.OFFERED
    assert_counts_agree(slot)

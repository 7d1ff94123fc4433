"""The waiting list: answers to an offer, order of the line, the clock, what a held place is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Channel, MessageState
from accounts.models import AuditEntry, Message
from services import waiting_rules
from services.actions import bookings, waiting
from services.actions.bookings import Contact
from services.booking_rules import BookingConflictError
from services.enums import BookingState, CancelledAs, Role, WaitingState
from services.models import Booking, WaitingEntry
from tests.factories.accounts import UserFactory
from tests.factories.bookings import OfferingFactory, SlotFactory
from tests.factories.network import PostingFactory
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
    slot, (booking,) = full_slot()
    return slot, booking, join(slot), join(slot)


def test_accept__offer_stands__is_a_booking_with_message_and_trail(scene):
    slot, booking, first, _ = scene
    cancel(booking)
    mine = waiting.accept(entry=first, by=first.by)
    assert (mine.state, mine.slot) == (BookingState.CONFIRMED, slot)
    assert (fresh(first).state, fresh(first).offer_until) == (WaitingState.TAKEN, None)
    assert Message.objects.filter(kind="services.booking_booked", user=first.by).exists()
    assert not Message.objects.filter(
        kind="services.waiting_offer", state=MessageState.PENDING
    ).exists()
    assert acts_on(mine)[-1] == "services.booking_held_taken"
    assert acts_on(first)[-1] == "services.waiting_taken"
    assert_counts_agree(slot)


def test_accept__twice__is_the_same_booking(scene):
    _, booking, first, _ = scene
    cancel(booking)
    mine = waiting.accept(entry=first, by=first.by)
    assert waiting.accept(entry=first, by=first.by) == mine
    assert acts_on(mine).count("services.booking_held_taken") == 1


def test_accept__reviewed_offering__goes_to_review_unless_a_clerk_takes_it():
    offering = OfferingFactory(needs_review=True)
    slot = SlotFactory(capacity=2, offering=offering)
    gone = [take(with_rules(slot), UserFactory()) for _ in range(2)]
    first, second = join(slot), join(slot)
    for each in gone:
        cancel(each)
    assert waiting.accept(entry=first, by=first.by).state == BookingState.PENDING
    assert waiting.accept(entry=second, by=clerk_of(slot)).state == BookingState.CONFIRMED


def test_accept__time_ran_out__is_refused_though_nobody_swept_yet(scene):
    _, booking, first, _ = scene
    cancel(booking)
    late = fresh(first).offer_until
    with pytest.raises(BookingConflictError) as refusal:
        waiting.accept(entry=first, by=first.by, now=late)
    assert refusal.value.code == "hold_over"
    assert waiting.accept(entry=first, by=first.by, now=late - timedelta(seconds=1)).pk


def test_accept__no_offer_or_ended__is_refused(scene):
    _, _, first, _ = scene
    with pytest.raises(Conflict, match="没有为这个候补保留的名额"):
        waiting.accept(entry=first, by=first.by)
    waiting.leave(entry=first, by=first.by)
    with pytest.raises(Conflict, match="已经结束"):
        waiting.accept(entry=first, by=first.by)


def test_decline__any_slot__waits_on_and_the_next_gets_it(scene):
    slot, booking, first, second = scene
    cancel(booking)
    waiting.decline(entry=first, by=first.by)
    assert [fresh(each).state for each in (first, second)] == ["WAITING", "OFFERED"]
    assert fresh(first).unanswered == 0
    assert "让给下一位" in last_news()
    cancel_held = fresh(first).booking
    assert (cancel_held.state, cancel_held.cancelled_as) == ("CANCELLED", CancelledAs.CITIZEN)
    assert_counts_agree(slot)


def test_decline__this_slot_only__leaves_the_list():
    slot, (booking,) = full_slot()
    entry = join(slot, only=True)
    cancel(booking)
    assert waiting.decline(entry=entry, by=entry.by).state == WaitingState.LEFT
    with pytest.raises(Conflict):
        waiting.decline(entry=entry, by=entry.by)


def test_leave__waiting_or_offered__frees_what_was_held(scene):
    slot, booking, first, second = scene
    waiting.leave(entry=second, by=second.by)
    cancel(booking)
    waiting.leave(entry=first, by=first.by)
    assert [fresh(each).state for each in (first, second)] == ["LEFT", "LEFT"]
    assert waiting.leave(entry=first, by=first.by).state == WaitingState.LEFT
    assert_counts_agree(slot)
    assert take(with_rules(slot), UserFactory(), key="k2").pk


def test_leave__by_a_clerk__needs_a_reason_and_tells():
    slot, _ = full_slot()
    entry, clerk = join(slot), clerk_of(slot)
    with pytest.raises(Refused, match="写明原因"):
        waiting.leave(entry=entry, by=clerk, reason=" ")
    waiting.leave(entry=entry, by=clerk, reason="本人来电不办了")
    assert "本人来电不办了" in last_news()


def test_leave__after_taking__is_refused(scene):
    _, booking, first, _ = scene
    cancel(booking)
    waiting.accept(entry=first, by=first.by)
    with pytest.raises(Conflict, match="已约上"):
        waiting.leave(entry=first, by=first.by)


def test_cancel__a_held_place__lets_it_go(scene):
    slot, booking, first, second = scene
    cancel(booking)
    cancel(fresh(first).booking)
    assert [fresh(each).state for each in (first, second)] == ["WAITING", "OFFERED"]
    assert_counts_agree(slot)


def test_close_file__ends_what_it_waits_for_and_lets_go_what_is_held(scene):
    slot, booking, _, _ = scene
    person = PersonFactory(station=slot.offering.station)
    clerk = clerk_of(slot)
    mine = join(slot, clerk, person=person, on_behalf=True)
    waiting.prioritise(entry=mine, by=clerk, reason="行动不便")
    cancel(booking)
    assert fresh(mine).state == WaitingState.OFFERED
    bookings.cancel_coming(person=person, by=clerk, reason="档案已注销", quietly=True)
    assert fresh(mine).state == WaitingState.LEFT
    assert fresh(mine).booking.state == BookingState.CANCELLED
    assert Booking.objects.filter(slot=slot, state=BookingState.OFFERED).count() == 1
    assert_counts_agree(slot)


def line(slot):
    return list(WaitingEntry.objects.in_turn().filter(offering=slot.offering, day=slot.day))


def test_prioritise__with_a_reason__stands_before_whom_was_said(scene):
    slot, _, first, second = scene
    third, clerk = join(slot), clerk_of(slot)
    waiting.prioritise(entry=third, by=clerk, before=second, reason="行动不便")
    assert line(slot) == [first, third, second]
    waiting.prioritise(entry=second, by=clerk, reason="急需材料")
    assert line(slot) == [second, first, third]
    assert fresh(third).rank_reason == "行动不便"
    entry = AuditEntry.objects.get(act="services.waiting_prioritised", target_id=str(third.pk))
    assert entry.detail == {"reason": "行动不便", "place_before": 3, "place_after": 2}


def test_prioritise__no_gap_between_neighbours__still_orders(scene):
    slot, _, first, second = scene
    third, clerk = join(slot), clerk_of(slot)
    WaitingEntry.objects.filter(pk=second.pk).update(rank=first.rank + 1)
    waiting.prioritise(entry=third, by=clerk, before=second, reason="行动不便")
    assert line(slot) == [first, third, second]


def test_prioritise__no_reason_or_right_or_backward__is_refused(scene):
    slot, _, first, second = scene
    clerk = clerk_of(slot)
    with pytest.raises(Refused, match="写明"):
        waiting.prioritise(entry=second, by=clerk, reason="  ")
    with pytest.raises(Refused, match="经办人"):
        waiting.prioritise(entry=second, by=clerk_of(slot, Role.REVIEWER), reason="急")
    with pytest.raises(Refused, match="经办人"):
        waiting.prioritise(entry=second, by=PostingFactory().user, reason="急")
    with pytest.raises(Refused, match="往前"):
        waiting.prioritise(entry=first, by=clerk, before=second, reason="急")
    waiting.leave(entry=first, by=first.by)
    with pytest.raises(Conflict):
        waiting.prioritise(entry=second, by=clerk, before=first, reason="急")


def test_expire__nobody_answered__passes_on_and_tells_kindly(scene):
    slot, booking, first, second = scene
    cancel(booking)
    over = fresh(first).offer_until
    assert waiting.expire(now=over - timedelta(seconds=1)) == 0
    assert waiting.expire(now=over) == 1
    first, second = fresh(first), fresh(second)
    assert (first.state, first.unanswered, second.state) == ("WAITING", 1, "OFFERED")
    assert first.booking.cancelled_as == CancelledAs.SYSTEM
    assert "您仍在候补名单里" in last_news()
    assert waiting.expire(now=over) == 0
    assert_counts_agree(slot)


def test_expire__nobody_else_waits__is_free_and_not_offered_again_by_the_sweep():
    slot, (booking,) = full_slot()
    entry = join(slot)
    cancel(booking)
    over = fresh(entry).offer_until
    waiting.expire(now=over)
    assert waiting.sweep(now=over) == (0, 0)
    assert take(with_rules(slot), UserFactory(), key="k2").pk


def test_expire__third_time__the_entry_ends_and_says_so():
    slot, (booking,) = full_slot()
    entry = join(slot)
    now = timezone.now()
    for number in range(3):
        cancel(booking, now=now)
        now = fresh(entry).offer_until
        waiting.expire(now=now)
        if number < 2:
            assert fresh(entry).state == WaitingState.WAITING
            booking = take(with_rules(slot), UserFactory(), key=f"again-{number}")
    assert fresh(entry).state == WaitingState.PASSED
    assert "3次" in last_news()


def test_sweep__free_place_that_was_passed_over__is_offered():
    slot, (booking,) = full_slot()
    entry = join(slot)
    Booking.objects.filter(pk=booking.pk).delete()
    type(slot).objects.filter(pk=slot.pk).update(taken=0)
    assert waiting.sweep() == (1, 0)
    assert fresh(entry).state == WaitingState.OFFERED
    assert_counts_agree(slot)


def test_sweep__day_can_no_longer_be_served__ends_it_and_tells_once(scene):
    slot, _, first, second = scene
    late = slot.starts_at - timedelta(minutes=slot.offering.lead_minutes + 29)
    assert waiting.sweep(now=late - timedelta(minutes=2)) == (0, 0)
    assert waiting.sweep(now=late) == (0, 2)
    assert waiting.sweep(now=late) == (0, 0)
    assert {fresh(each).state for each in (first, second)} == {WaitingState.OVER}
    told = Message.objects.filter(kind="services.waiting_news", channel=Channel.INBOX)
    assert told.filter(title="这次没有排到").count() == 2
    assert "没有等到空出的名额" in last_news()


def test_check_in__held_place__somebody_who_stands_there_has_said_yes(scene):
    slot, booking, first, _ = scene
    cancel(booking)
    now = slot.starts_at - timedelta(minutes=50)
    mine = fresh(first).booking
    Booking.objects.filter(pk=mine.pk).update(held_until=now + timedelta(minutes=1))
    bookings.check_in(booking=mine, by=clerk_of(slot), now=now)
    mine.refresh_from_db()
    assert mine.state == BookingState.CHECKED_IN
    assert fresh(first).state == WaitingState.TAKEN


def test_held_place__is_not_coming_nor_reminded_nor_missed_nor_moved(scene):
    slot, booking, first, _ = scene
    cancel(booking)
    mine = fresh(first).booking
    assert mine not in Booking.objects.coming()
    assert mine in Booking.objects.holding()
    to = SlotFactory(offering=slot.offering, starts_at=slot.starts_at + timedelta(days=1))
    with pytest.raises(BookingConflictError):
        bookings.move(booking=mine, to=with_rules(to), by=first.by)
    with pytest.raises(BookingConflictError):
        bookings.confirm(booking=mine, by=clerk_of(slot))
    after = slot.ends_at + timedelta(hours=1)
    with pytest.raises(BookingConflictError):
        bookings.mark_no_show(booking=mine, by=clerk_of(slot), now=after)
    assert bookings.note_no_shows(now=after) == 0
    Booking.objects.filter(pk=mine.pk).update(created_at=timezone.now() - timedelta(days=9))
    assert bookings.remind(now=slot.starts_at - timedelta(hours=1)) == 0


def test_accept__after_a_reminder_was_due__does_not_make_up_for_it(scene):
    slot, booking, first, _ = scene
    cancel(booking)
    morning = slot.starts_at - timedelta(hours=3)
    Booking.objects.filter(pk=fresh(first).booking_id).update(held_until=slot.starts_at)
    mine = waiting.accept(entry=first, by=first.by, now=morning)
    assert mine.created_at == morning
    assert bookings.remind(now=morning + timedelta(minutes=5)) == 0
    assert bookings.remind(now=slot.starts_at - timedelta(hours=2)) == 1


def test_held_place__second_booking_of_that_day__is_refused(scene):
    slot, booking, first, _ = scene
    cancel(booking)
    other = SlotFactory(offering=slot.offering, starts_at=slot.starts_at + timedelta(hours=1))
    with pytest.raises(BookingConflictError, match="不能重复预约"):
        take(with_rules(other), first.by, key="k9")


def test_hold__no_list__expires_and_says_so():
    slot, user = SlotFactory(), UserFactory()
    until = timezone.now() + timedelta(hours=1)
    held = bookings.hold(
        slot=with_rules(slot), heads=1, by=user, until=until, client_key="hold-1",
        contact=Contact(user.name, user.phone),
    )  # fmt: skip
    assert bookings.hold(
        slot=with_rules(slot), heads=1, by=user, until=until, client_key="hold-1",
        contact=Contact(user.name, user.phone),
    ) == held  # fmt: skip
    assert waiting.expire(now=until) == 1
    held.refresh_from_db()
    assert held.state == BookingState.CANCELLED
    assert "没有等到您确认" in Message.objects.get(about_id=str(held.pk), channel="INBOX").body
    with pytest.raises(BookingConflictError, match="不再为您保留"):
        bookings.take_held(booking=held, by=user)
    with pytest.raises(BookingConflictError):
        bookings.let_go(booking=held, by=user, reason="x", as_=CancelledAs.CITIZEN)
    assert_counts_agree(slot)


def test_hold__full_slot__is_none():
    slot, _ = full_slot()
    user = UserFactory()
    assert bookings.hold(
        slot=with_rules(slot), heads=1, by=user, until=timezone.now() + timedelta(hours=1),
        client_key="hold-1", contact=Contact(user.name, user.phone),
    ) is None  # fmt: skip


@pytest.mark.parametrize("base", ["https://portal.test", ""])
def test_offer__sms__carries_the_page_where_its_address_is_known(settings, base):
    settings.PORTAL_BASE_URL = base
    slot, taken = full_slot()
    entry = join(slot)
    cancel(taken[0])
    told = {
        each.channel: each.body for each in Message.objects.filter(kind="services.waiting_offer")
    }
    link = f"https://portal.test{fresh(entry).booking.get_absolute_url()}"
    assert (link in told["SMS"]) == bool(base)
    assert "https:" not in told["INBOX"]

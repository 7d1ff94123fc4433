"""The waiting list: who may join, to whom freed places go, what becomes of an offer."""

from datetime import time as clock
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Channel, MessageState
from accounts.models import AuditEntry, Message
from services import waiting_rules
from services.actions import bookings, waiting
from services.actions.bookings import Contact
from services.booking_rules import BookingConflictError, BookingRefusedError
from services.enums import BookingState, CancelledAs, FileState, Role, WaitingState
from services.models import Booking, WaitingEntry
from tests.factories.accounts import UserFactory
from tests.factories.bookings import OfferingFactory, SlotFactory
from tests.factories.network import PostingFactory
from tests.factories.persons import PersonFactory
from tests.services.booking_scene import assert_counts_agree, take, with_rules
from tests.services.waiting_scene import full_slot, join

pytestmark = pytest.mark.django_db
Conflict, Refused = waiting_rules.WaitingConflictError, waiting_rules.WaitingRefusedError


@pytest.fixture
def scene():
    """A full slot of one place, its booking, and the first two who wait for it."""
    slot, (booking,) = full_slot()
    return slot, booking, join(slot), join(slot)


def cancel(booking, **more):
    return bookings.cancel(booking=booking, by=booking.by, reason="时间不便", **more)


def clerk_of(slot, role=Role.CLERK):
    return PostingFactory(station=slot.offering.station, role=role).user


def fresh(entry):
    return WaitingEntry.objects.select_related("booking").get(pk=entry.pk)


def last_news():
    return Message.objects.filter(kind="services.waiting_news").order_by("created_at").last().body


def acts_on(row):
    return list(AuditEntry.objects.about(row).order_by("pk").values_list("act", flat=True))


# --- joining ---------------------------------------------------------------------------------


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


# --- passing on ------------------------------------------------------------------------------


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


# --- answers ---------------------------------------------------------------------------------


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


# --- order of the line -----------------------------------------------------------------------


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


# --- the clock -------------------------------------------------------------------------------


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


# --- messages --------------------------------------------------------------------------------


def test_offer__cap_of_the_day_reached__inbox_still_says_it_and_the_place_is_held(settings, scene):
    settings.WAITING_MESSAGES_PER_DAY = 0
    _, booking, first, _ = scene
    cancel(booking)
    told = Message.objects.filter(kind="services.waiting_offer")
    assert [each.channel for each in told] == [Channel.INBOX]
    assert fresh(first).state == WaitingState.OFFERED


def test_offer__cap__counts_the_day_s_messages_of_one_phone(settings, scene):
    settings.WAITING_MESSAGES_PER_DAY = 1
    slot, booking, first, _ = scene
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


# --- held places without a list --------------------------------------------------------------


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

"""What becomes of an entry: taken, turned down, left, moved in line."""

from contextlib import contextmanager

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from services import perms, waiting_rules
from services.actions import bookings
from services.actions.bookings.passing import end, record
from services.enums import CancelledAs, WaitingState
from services.models import Slot, WaitingEntry
from services.notices import waiting as notices

SECOND = 1_000_000  # ranks are microseconds


def accept(*, entry, by, now=None):
    """Take the place that is held for an entry; returns the booking. Taken before, it stays.

    By its person, or by a clerk who has them on the phone. Raises WaitingConflictError when no
    offer stands, BookingConflictError `hold_over` when the time ran out.
    """
    entry = WaitingEntry.objects.select_related("booking__slot").get(pk=entry.pk)
    if entry.state not in (WaitingState.OFFERED, WaitingState.TAKEN):
        raise _no_offer(entry)
    return bookings.take_held(booking=entry.booking, by=by, now=now)


def decline(*, entry, by, now=None):
    """Say no to the place that is held; it passes on. Who waits for the whole day waits on.

    Returns the entry. Raises WaitingConflictError or BookingConflictError when no offer stands.
    """
    entry = WaitingEntry.objects.select_related("booking__slot").get(pk=entry.pk)
    if entry.state != WaitingState.OFFERED:
        raise _no_offer(entry)
    bookings.let_go(
        booking=entry.booking, by=by, reason="这个时间不合适", as_=CancelledAs.CITIZEN, now=now
    )
    entry.refresh_from_db()
    return entry


def leave(*, entry, by, reason="不再等候", now=None):
    """Take an entry off the list, at any time; a place held for it passes on. Left before, it stays.

    Staff say why, and the person is told. Raises WaitingConflictError when it ended otherwise.
    """
    now = now or timezone.now()
    reason = (reason or "").strip()[:100]
    if not reason:
        raise waiting_rules.WaitingRefusedError(
            "请写明原因，对方会看到。", code="reason_missing", field="reason"
        )
    with locked(entry) as mine:
        if mine.state == WaitingState.LEFT:
            return mine
        if mine.ended_at is not None:
            raise waiting_rules.not_on_the_list(mine)
        offered = mine.state == WaitingState.OFFERED
        end(mine, WaitingState.LEFT, by=by, now=now, reason=reason)
        if offered:
            bookings.let_go(
                booking=mine.booking, by=by, reason=reason, as_=CancelledAs.CITIZEN, now=now
            )
        if not by.is_citizen:
            notices.tell_removed(mine, reason, now=now)
    return mine


def prioritise(*, entry, by, reason, before=None, now=None):
    """Move a waiting entry forward: before another of its day, or to the head of the line.

    Clerks and heads of the station or above it only, with a written reason that stays visible in
    the list. Raises WaitingRefusedError, or WaitingConflictError when either waits no longer.
    """
    reason = (reason or "").strip()[:200]
    if not perms.may_arrange_offerings(by, entry.station):
        raise waiting_rules.WaitingRefusedError(
            "您不是这个站点的经办人，不能调整次序。", code="not_allowed"
        )
    if not reason:
        raise waiting_rules.WaitingRefusedError(
            "请写明提前的原因，名单上会显示。", code="reason_missing", field="reason"
        )
    with transaction.atomic():
        line = list(
            WaitingEntry.objects.in_turn()
            .filter(offering=entry.offering_id, day=entry.day)
            .select_related("offering__station")
            .select_for_update(of=("self",), no_key=True)
        )
        places = [each.pk for each in line]
        wanted = 0 if before is None else _place(places, before)
        place = _place(places, entry)
        if wanted >= place:
            raise waiting_rules.WaitingRefusedError(
                "只能往前调，请选一位排在前面的人。", code="not_forward", field="before"
            )
        mine = line[place]
        mine.rank, mine.rank_reason = _rank_before(line, wanted), reason
        mine.save(update_fields=["rank", "rank_reason"])
        record("services.waiting_prioritised", mine, by=by, reason=reason,
               place_before=place + 1, place_after=wanted + 1)  # fmt: skip
    return mine


def _rank_before(line, wanted):
    """A rank between two neighbours; where there is none, those ahead are moved back in time."""
    after = line[wanted].rank
    if wanted == 0:
        return after - SECOND
    ahead = line[wanted - 1].rank
    if after - ahead < 2:
        earlier = [each.pk for each in line[:wanted]]
        WaitingEntry.objects.filter(pk__in=earlier).update(rank=F("rank") - SECOND)
        ahead -= SECOND
    return (ahead + after) // 2


def _place(places, entry):
    if entry.pk not in places:
        raise waiting_rules.changed_meanwhile()
    return places.index(entry.pk)


@contextmanager
def locked(entry):
    """Lock the slot of an offer, then the entry; yields it fresh, with all that acts read.

    Raises WaitingConflictError when it was offered a place, or lost one, while we waited.
    """
    with transaction.atomic():
        seen = WaitingEntry.objects.select_related("booking").get(pk=entry.pk)
        if seen.state == WaitingState.OFFERED:
            slot = Slot.objects.select_for_update(of=("self",), no_key=True)
            slot.get(pk=seen.booking.slot_id)
        mine = (
            WaitingEntry.objects.select_related(
                "offering__station",
                "person__account",
                "by",
                "slot",
                "booking__slot__offering__station",
                "proxy__agent",
            )
            .select_for_update(of=("self",), no_key=True)
            .get(pk=entry.pk)
        )
        if (mine.state, mine.booking_id) != (seen.state, seen.booking_id):
            raise waiting_rules.changed_meanwhile()
        yield mine


def _no_offer(entry):
    if entry.state == WaitingState.WAITING:
        return waiting_rules.WaitingConflictError(
            "现在没有为这个候补保留的名额，可能保留时间已过。有名额会再告诉您。", code="no_offer"
        )
    return waiting_rules.not_on_the_list(entry)

"""Free places go to those who wait, in the transaction that freed them.

Whoever frees places holds the slot's row, so nobody can book them before they are offered. They go
to the first entry in the order of `rank` whose party fits; a smaller party passes a larger one only
while the larger one does not fit. What nobody fits, or what can no longer be offered in time, is
free for everybody.

Order of locks: slots, then bookings, then entries. An entry that another act holds at this moment
is passed over (SKIP LOCKED): it is being offered a place, or is leaving; `sweep` mends the rest.
"""

from functools import reduce
from operator import or_

from django.db.models import F, Q
from django.utils import timezone

from accounts import audit
from services import booking_rules, waiting_rules
from services.actions.bookings.taking import Contact, hold
from services.actions.workdays import due_day
from services.enums import CancelledAs, WaitingState
from services.models import CalendarDay, Slot, WaitingEntry
from services.notices import waiting as notices

# So many in line are looked at for one free place.
LOOKED_AT = 200


def pass_on(slot, *, afresh=True, now=None):
    """Offer the free places of a slot, whose row is locked, to those who wait; returns who got one.

    `afresh` False is for places that were not freed just now: they are not offered again to those
    who had them already.
    """
    now = now or timezone.now()
    line = list(_line(slot, afresh).values_list("pk", "heads")[:LOOKED_AT])
    if not line:
        return []
    slot = Slot.objects.with_rules().get(pk=slot.pk)
    if not waiting_rules.can_be_offered(slot, now):
        return []
    offered = []
    for pk, heads in line:
        if heads > slot.capacity - slot.taken:
            continue
        entry = _locked(pk)
        if entry is not None and _offer(entry, slot, now):
            slot.taken += heads
            offered.append(entry)
        if slot.taken >= slot.capacity:
            break
    return offered


def slots_waited_for(now):
    """Slots ahead with free places on days for which somebody waits, in the order of locks."""
    waiting = WaitingEntry.objects.in_turn().order_by().values_list("offering", "day").distinct()
    wanted = [Q(offering=offering, starts_at__date=day) for offering, day in waiting]
    if not wanted:
        return Slot.objects.none()
    asked = reduce(or_, wanted)
    return (
        Slot.objects.filter(asked, starts_at__gt=now, closed_at__isnull=True)
        .filter(taken__lt=F("capacity"))
        .order_by("pk")
    )


def _line(slot, afresh):
    """Those who wait for a place of this slot, in turn; without who has just turned it down."""
    day = timezone.localdate(slot.starts_at)
    line = WaitingEntry.objects.in_turn().filter(offering=slot.offering_id, day=day)
    line = line.filter(Q(slot=None) | Q(slot=slot))
    before = Q(booking__slot=slot)
    if afresh:
        before &= Q(booking__cancelled_as=CancelledAs.CITIZEN)
    return line.exclude(before)


def _locked(pk):
    rows = WaitingEntry.objects.select_related(
        "offering__station", "person__account", "by", "slot", "proxy__agent"
    )
    rows = rows.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return rows.filter(pk=pk, state=WaitingState.WAITING).first()


def _offer(entry, slot, now):
    """Hold the place for a locked entry and tell its person; returns whether that was done."""
    to = notices.reach(entry, now=now)
    until = waiting_rules.held_until(slot, now=now, from_=None if to else _next_call(now))
    if until is None:
        return False
    contact = None if entry.person_id else Contact(entry.contact_name, entry.contact_phone or "")
    try:
        booking = hold(
            slot=slot, heads=entry.heads, by=entry.by, until=until, person=entry.person,
            contact=contact, on_behalf=entry.on_behalf, proxy=entry.proxy,
            client_key=f"waiting-{entry.pk}-{entry.offers + 1}", now=now,
        )  # fmt: skip
    except booking_rules.BookingRefusedError as refusal:
        if refusal.code == "already_booked":
            end(entry, WaitingState.LEFT, by=None, now=now, reason="已另有预约")
        return False
    if booking is None:
        return False
    entry.state, entry.booking, entry.offer_until = WaitingState.OFFERED, booking, until
    entry.offers += 1
    entry.save(update_fields=["state", "booking", "offer_until", "offers"])
    record("services.waiting_offered", entry, by=None, slot=slot.pk, until=until.isoformat())
    if to is not None:
        notices.tell_offer(entry, booking, to, now=now)
    return True


def _next_call(now):
    today = timezone.localdate(now)
    known = dict(CalendarDay.objects.filter(day=today).values_list("day", "is_workday"))
    return waiting_rules.next_call(
        now,
        is_workday=known.get(today, today.isoweekday() < 6),
        next_workday=due_day(1, after=today),
    )


def settle(booking, *, as_, now):
    """After a held place was let go: what becomes of the entry it was offered to, or None.

    The entry waits on or ends (`waiting_rules.after_no`); one that has ended already stays.
    """
    entry = (
        WaitingEntry.objects.select_related("offering__station", "person__account", "by", "slot")
        .select_for_update(of=("self",), no_key=True)
        .filter(booking=booking, state=WaitingState.OFFERED)
        .first()
    )
    if entry is None:
        return None
    state, entry.unanswered = waiting_rules.after_no(entry, as_)
    entry.state, entry.offer_until = state, None
    entry.ended_at = None if state == WaitingState.WAITING else now
    entry.save(update_fields=["state", "offer_until", "unanswered", "ended_at"])
    record("services.waiting_passed_on", entry, by=None, state=state, slot=booking.slot_id)
    return entry


def settle_taken(booking, *, by, now):
    """After a held place was taken: the entry it was offered to, if any, has what it waited for."""
    entry = (
        WaitingEntry.objects.select_related("offering__station")
        .select_for_update(of=("self",), no_key=True)
        .filter(booking=booking, state=WaitingState.OFFERED)
        .first()
    )
    if entry is not None:
        entry.state, entry.offer_until, entry.ended_at = WaitingState.TAKEN, None, now
        entry.save(update_fields=["state", "offer_until", "ended_at"])
        record("services.waiting_taken", entry, by=by, slot=booking.slot_id)


def end(entry, state, *, by, now, reason=""):
    """End a locked entry that waits or was offered a place; its booking is the caller's matter."""
    entry.state, entry.offer_until, entry.ended_at = state, None, now
    entry.save(update_fields=["state", "offer_until", "ended_at"])
    record("services.waiting_ended", entry, by=by, state=state, reason=reason)


def stop_waiting(*, person, by, reason, now=None):
    """End all that a file waits for, when it is closed or merged; returns how many there were.

    Places held for it stay held until its bookings are cancelled (`cancel_coming`).
    """
    now = now or timezone.now()
    entries = (
        WaitingEntry.objects.on_the_list()
        .filter(person=person)
        .select_related("offering__station")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    entries = list(entries)
    for entry in entries:
        end(entry, WaitingState.LEFT, by=by, now=now, reason=reason)
    return len(entries)


def record(act, entry, *, by, **detail):
    """Audit an act on an entry; staff act on behalf of the one who waits."""
    audit.record(
        act,
        entry,
        by=by,
        station=entry.offering.station,
        on_behalf_of=entry.contact_name if by is None or not by.is_citizen else "",
        detail=detail,
    )

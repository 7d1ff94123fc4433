"""Giving places back and moving them: cancel, confirm, reject, another slot.

Every act locks the slot rows first, in the order of their ids, then the booking: the same order as
`book`, so acts wait for one another instead of standing in each other's way.
"""

from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit, messages
from services import booking_rules as rules
from services import notifications
from services.actions.bookings.passing import pass_on, settle, stop_waiting
from services.enums import COMING_STATES, BookingState, CancelledAs
from services.models import Booking, Slot
from services.notices import waiting as notices


@contextmanager
def held(booking, *slot_ids):
    """Lock slots, then the booking; yields it fresh, with all that acts read.

    Raises BookingConflictError when the booking left its slot while we waited.
    """
    with transaction.atomic():
        wanted = sorted({booking.slot_id, *slot_ids})
        locked = Slot.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=wanted)
        list(locked.order_by("pk"))
        mine = (
            Booking.objects.with_slot()
            .select_related("person__account", "by")
            .select_for_update(of=("self",), no_key=True)
            .get(pk=booking.pk)
        )
        if mine.slot_id != booking.slot_id:
            raise rules.BookingConflictError(
                "这个预约刚刚改了时间，请刷新页面后再办。", code="changed_meanwhile"
            )
        yield mine


def cancel(*, booking, by, reason, as_=CancelledAs.CITIZEN, quietly=False, now=None):
    """Cancel and give the places back, once, however often this is asked.

    Citizens may until `cancel_minutes` before the slot, a station or the system at any time before
    arrival, always with a reason. A place that is only held is let go. The one concerned is told; reminders not sent yet are withdrawn.
    `quietly` tells nobody and withdraws all that was not sent. Raises BookingConflictError.
    """
    now = now or timezone.now()
    reason = _required(reason)
    with held(booking) as mine:
        if mine.state == BookingState.OFFERED:
            release(mine, by=by, reason=reason, as_=as_, quietly=quietly, now=now)
            return mine
        if refusal := _refusal_to_cancel(mine, as_, now):
            raise refusal
        free(mine, by=by, reason=reason, as_=as_, now=now)
        pass_on(mine.slot, now=now)
        record("services.booking_cancelled", mine, by=by, **{"as": as_, "reason": reason})
        if quietly:
            messages.withdraw(mine)
        else:
            tell_cancelled(mine)
    return mine


@transaction.atomic
def cancel_coming(*, person, by, reason, quietly=False, now=None):
    """Cancel all that a file has booked ahead, as the station; returns how many there were.

    For files that are closed: what it waits for ends too, held places are let go. One that was
    checked in or cancelled just now stays as it is.
    """
    now = now or timezone.now()
    stop_waiting(person=person, by=by, reason=reason, now=now)
    ahead = Booking.objects.filter(
        person=person, state__in=[*COMING_STATES, BookingState.OFFERED], slot__ends_at__gt=now
    )
    # In the order in which every act locks slots.
    ahead = list(ahead.order_by("slot_id", "pk"))
    done = 0
    for booking in ahead:
        try:
            cancel(
                booking=booking, by=by, reason=reason, as_=CancelledAs.STATION,
                quietly=quietly, now=now,
            )  # fmt: skip
        except rules.BookingConflictError as refusal:
            if refusal.code != "not_coming":
                raise
        else:
            done += 1
    return done


def free(booking, *, by, reason, as_, now):
    """Set a locked booking to cancelled and its slot's count back (no words, no trail).

    Whoever calls it passes the places on.
    """
    Slot.objects.filter(pk=booking.slot_id).update(taken=F("taken") - booking.heads)
    booking.state = BookingState.CANCELLED
    booking.cancelled_at, booking.cancelled_as = now, as_
    booking.cancelled_by, booking.cancel_reason = by, reason
    booking.save(
        update_fields=[
            "state",
            "cancelled_at",
            "cancelled_as",
            "cancelled_by",
            "cancel_reason",
        ]
    )


def release(booking, *, by, reason, as_, quietly=False, now):
    """Give a locked, held place back to whoever is next; tell its person, unless they said no.

    The waiting entry it was offered to, if any, waits on or ends.
    """
    free(booking, by=by, reason=reason, as_=as_, now=now)
    record("services.booking_let_go", booking, by=by, **{"as": as_, "reason": reason})
    messages.withdraw(booking)
    entry = settle(booking, as_=as_, now=now)
    pass_on(booking.slot, afresh=False, now=now)
    if quietly:
        return
    if entry is not None:
        notices.tell_let_go(entry, booking, now=now)
    elif as_ != CancelledAs.CITIZEN:
        notices.tell_hold_over(booking, now=now)


def tell_cancelled(booking, *, not_before=None):
    """Withdraw what was still to be sent about a booking and say that it was cancelled."""
    messages.withdraw(booking, kind=notifications.REMINDER)
    urgent = booking.cancelled_as != CancelledAs.CITIZEN
    _tell(
        booking, notifications.cancelled, kind=notifications.CANCELLED, not_before=not_before,
        urgent=urgent,
    )  # fmt: skip


def confirm(*, booking, by, now=None):
    """Accept a booking that waits for review. Raises BookingConflictError when it does not."""
    now = now or timezone.now()
    with held(booking) as mine:
        _must_wait_for_review(mine)
        if mine.slot.ends_at <= now:
            raise rules.BookingConflictError(
                "这个时段已经过去，不能再确认。请以“未能审核”为由退回。", code="slot_started"
            )
        mine.state = BookingState.CONFIRMED
        mine.save(update_fields=["state"])
        record("services.booking_confirmed", mine, by=by)
        _tell(mine, notifications.confirmed, kind=notifications.CONFIRMED)
    return mine


def reject(*, booking, by, reason, now=None):
    """Turn down a booking that waits for review, with a reason; its places are free again."""
    now = now or timezone.now()
    reason = _required(reason)
    with held(booking) as mine:
        _must_wait_for_review(mine)
        free(mine, by=by, reason=reason, as_=CancelledAs.STATION, now=now)
        pass_on(mine.slot, now=now)
        record("services.booking_rejected", mine, by=by, reason=reason)
        tell_cancelled(mine)
    return mine


def serve_held(booking, *, by, now):
    """Set a locked, checked-in booking to served."""
    booking.state, booking.served_at = BookingState.SERVED, now
    booking.save(update_fields=["state", "served_at"])
    record("services.booking_served", booking, by=by)


def leave_held(booking, *, by, reason, now):
    """Set a locked, checked-in booking to gone away unserved; it may be booked anew."""
    booking.state, booking.left_at, booking.left_reason = BookingState.LEFT, now, reason
    booking.save(update_fields=["state", "left_at", "left_reason"])
    record("services.booking_left", booking, by=by, reason=reason)


def move(*, booking, to, by, on_behalf=False, now=None):
    """Move a coming booking to the slot `to` of the same offering; the code stays.

    The old places are free only if the new ones were taken: both happen in one transaction.
    Raises BookingRefusedError or BookingConflictError like `book`.
    """
    now = now or timezone.now()
    if refusal := _refusal_to_move(booking, to, on_behalf, now):
        raise refusal
    try:
        with held(booking, to.pk) as mine:
            if mine.state not in COMING_STATES:
                raise rules.refusal_to_cancel(mine, now=now)
            before = mine.slot
            _take_other(mine, to, on_behalf, now)
            Slot.objects.filter(pk=before.pk).update(taken=F("taken") - mine.heads)
            _settle_move(mine, before, to, now)
            pass_on(before, now=now)
            record("services.booking_moved", mine, by=by, before=before.pk, after=to.pk)
            messages.withdraw(mine, kind=notifications.REMINDER)
            urgent = not by.is_citizen
            _tell(mine, notifications.moved, kind=notifications.MOVED, urgent=urgent)
    except IntegrityError as error:
        if "booking_once_per_person_and_rule" in str(error):
            raise rules.already_booked(to.offering) from error
        raise
    return mine


def _refusal_to_move(booking, to, on_behalf, now):
    if to.offering_id != booking.slot.offering_id:
        return rules.BookingRefusedError(
            "只能改到同一项目的其他时段；要换项目，请取消后重新预约。",
            code="other_offering",
            field="slot",
        )
    if to.pk == booking.slot_id:
        return rules.BookingRefusedError(
            "您选的就是现在的时段，请选择另一个。", code="same_slot", field="slot"
        )
    if not on_behalf and (refusal := rules.refusal_to_cancel(booking, now=now)):
        return refusal
    return rules.refusal_to_book(to, heads=booking.heads, on_behalf=on_behalf, now=now)


def _take_other(booking, to, on_behalf, now):
    begins_after = rules.earliest_start(
        to, lead_minutes=to.offering.lead_minutes, on_behalf=on_behalf, now=now
    )
    taken = Slot.objects.filter(
        pk=to.pk,
        closed_at__isnull=True,
        starts_at__gt=begins_after,
        taken__lte=F("capacity") - booking.heads,
    ).update(taken=F("taken") + booking.heads)
    if not taken:
        fresh = Slot.objects.with_rules().get(pk=to.pk)
        if fresh.closed_at is not None:
            raise rules.slot_closed(fresh)
        raise rules.slot_full(fresh.places_left, booking.heads)


def _settle_move(booking, before, to, now):
    """The new slot on the booking; what is counted together follows it."""
    _, _, who = booking.once_key.split(":", 2)
    booking.once_key = rules.once_key(before.offering, to, who)
    booking.slot, booking.moved_at = to, now
    booking.save(update_fields=["slot", "once_key", "moved_at"])


def _refusal_to_cancel(booking, as_, now):
    if as_ == CancelledAs.CITIZEN:
        return rules.refusal_to_cancel(booking, now=now)
    if booking.state not in COMING_STATES:
        return rules.BookingConflictError(
            f"这个预约{booking.get_state_display()}，不能再取消。", code="not_coming"
        )
    return None


def _must_wait_for_review(booking):
    if booking.state != BookingState.PENDING:
        raise rules.BookingConflictError(
            f"这个预约{booking.get_state_display()}，不在等待审核。", code="not_pending"
        )


def _required(reason):
    reason = (reason or "").strip()
    if not reason:
        raise rules.BookingRefusedError(
            "请写明原因，对方会看到。", code="reason_missing", field="reason"
        )
    return reason[:100]


def record(act, booking, *, by, **detail):
    """Audit an act on a booking; staff act on behalf of the one who booked."""
    audit.record(
        act,
        booking,
        by=by,
        station=booking.slot.offering.station,
        on_behalf_of="" if by is None or by.is_citizen else booking.contact_name,
        detail=detail,
    )


def _tell(booking, words, *, kind, **more):
    for said in notifications.everybody(booking, words, kind=kind, about=booking, **more):
        messages.tell(**said)

"""At the counter: who came, who was served, who did not come."""

import unicodedata
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from services import booking_rules as rules
from services.actions import arrivals
from services.actions.bookings.changing import cancel, held, record, serve_held
from services.actions.bookings.holding import confirm_held
from services.enums import BookingState, CancelledAs
from services.models import Booking

# How far back the slots are looked through; the index on their start keeps that cheap.
LOOK_BACK = timedelta(days=30)


def normal_code(text):
    """A code as typed or scanned, without spaces, dashes, case and full width."""
    plain = unicodedata.normalize("NFKC", text or "").upper()
    return "".join(sign for sign in plain if sign.isascii() and sign.isalnum())


def check_in(*, booking, by, now=None):
    """Note that the party arrived, and give it its ticket; also late, after it was noted as not come.

    Whoever stands here with a held place that was not let go yet has said yes by coming.
    Raises BookingConflictError or BookingRefusedError with what to do instead.
    """
    now = now or timezone.now()
    try:
        with held(booking) as mine:
            if refusal := rules.refusal_to_check_in(mine, now=now):
                raise refusal
            if mine.state == BookingState.OFFERED:
                confirm_held(mine, by=by, now=now)
            late = mine.state == BookingState.NO_SHOW
            mine.state, mine.checked_in_at = BookingState.CHECKED_IN, now
            mine.save(update_fields=["state", "checked_in_at"])
            record("services.booking_checked_in", mine, by=by, late=late)
            arrivals.arrive_booked(booking=mine, by=by, now=now)
    except IntegrityError as error:
        if "booking_once_per_person_and_rule" in str(error):
            raise rules.BookingConflictError(
                "此人后来又约了同一项目，请用新的预约码签到。", code="booked_again"
            ) from error
        raise
    return mine


def serve(*, booking, by, now=None):
    """Note that the matter was dealt with; whoever has a ticket is finished with in the hall too.

    Raises BookingConflictError unless checked in, ArrivalRefusedError when passed over or gone.
    """
    now = now or timezone.now()
    with held(booking) as mine:
        if mine.state == BookingState.LEFT:
            raise rules.refusal_to_check_in(mine, now=now)
        if mine.state != BookingState.CHECKED_IN:
            raise rules.BookingConflictError(
                f"这个预约{mine.get_state_display()}，先签到才能记为办结。", code="not_checked_in"
            )
        if arrivals.finish_booked(booking=mine, by=by, now=now) is None:
            serve_held(mine, by=by, now=now)
    return mine


def mark_no_show(*, booking, by, now=None):
    """Note that nobody came, once the slot has begun. The place stays counted."""
    now = now or timezone.now()
    with held(booking) as mine:
        if mine.state != BookingState.CONFIRMED:
            raise rules.BookingConflictError(
                f"这个预约{mine.get_state_display()}，不能记为未到场。", code="not_confirmed"
            )
        if now < mine.slot.starts_at:
            raise rules.BookingRefusedError(
                "时段还没开始，现在还不能记为未到场。", code="slot_ahead"
            )
        mine.state, mine.no_show_at = BookingState.NO_SHOW, now
        mine.save(update_fields=["state", "no_show_at"])
        record("services.booking_no_show", mine, by=by)
    return mine


def note_no_shows(*, now=None):
    """Note all that did not come to slots that ended over half an hour ago; returns how many."""
    now = now or timezone.now()
    over = now - rules.NO_SHOW_GRACE
    with transaction.atomic():
        missed = list(
            Booking.objects.filter(
                state=BookingState.CONFIRMED,
                slot__starts_at__gt=now - LOOK_BACK,
                slot__ends_at__lt=over,
            )
            .select_for_update(skip_locked=True, of=("self",), no_key=True)
            .select_related("slot__offering__station")
        )
        Booking.objects.filter(pk__in=[each.pk for each in missed]).update(
            state=BookingState.NO_SHOW, no_show_at=now
        )
        for booking in missed:
            audit.record("services.booking_no_show", booking, station=booking.slot.offering.station)
    return len(missed)


def drop_unreviewed(*, now=None):
    """Cancel, with an apology, what nobody reviewed until its slot was over; returns how many."""
    now = now or timezone.now()
    forgotten = Booking.objects.filter(
        state=BookingState.PENDING, slot__starts_at__gt=now - LOOK_BACK, slot__ends_at__lt=now
    )
    for booking in forgotten:
        cancel(
            booking=booking,
            by=None,
            reason="站点未能及时审核",
            as_=CancelledAs.SYSTEM,
            now=now,
        )
    return len(forgotten)

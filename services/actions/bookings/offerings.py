"""What is offered and when: offerings, their hours, and the slots opened ahead from them."""

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts import audit, messages
from services import booking_rules as rules
from services.actions.bookings.changing import free, record, tell_cancelled
from services.actions.bookings.passing import pass_on, settle, slots_waited_for
from services.actions.bookings.rebooking import HOLD_BACK, offer_others
from services.enums import COMING_STATES, BookingState, CancelledAs
from services.models import Booking, OfferingHours, Slot
from services.notices import waiting as notices

# One pass for all offerings. A day without a calendar entry counts as a working day from Monday
# to Friday; what is there already stays as it is. Where a station has opening hours, slots keep
# within them, and none is opened into a closure.
OPEN_SLOTS = """
    INSERT INTO services_slot (offering_id, starts_at, ends_at, capacity, taken, closed_reason)
    SELECT o.id, piece.starts AT TIME ZONE %(zone)s,
           (piece.starts + length.of_one) AT TIME ZONE %(zone)s, o.capacity, 0, ''
    FROM services_offering o
    JOIN services_station s ON s.id = o.station_id
    JOIN services_offeringhours h ON h.offering_id = o.id
    CROSS JOIN LATERAL (SELECT make_interval(mins => o.slot_minutes) AS of_one) length
    CROSS JOIN LATERAL generate_series(
        %(today)s::timestamp, %(today)s::timestamp + make_interval(days => o.horizon_days),
        interval '1 day') AS d(day)
    LEFT JOIN services_calendarday c ON c.day = d.day::date
    CROSS JOIN LATERAL (
        SELECT COALESCE(c.is_workday, extract(isodow FROM d.day) < 6) AS is_workday) AS kind
    CROSS JOIN LATERAL generate_series(
        d.day + h.start, d.day + h."end" - length.of_one, length.of_one) AS piece(starts)
    WHERE o.is_open
      AND (%(only)s::bigint IS NULL OR o.id = %(only)s::bigint)
      AND s.active_from <= d.day AND (s.active_to IS NULL OR s.active_to > d.day)
      AND (o.season_from IS NULL OR o.season_from <= d.day)
      AND (o.season_to IS NULL OR o.season_to >= d.day)
      AND (NOT o.workdays_only OR kind.is_workday)
      AND (NOT EXISTS (SELECT 1 FROM services_openinghours any_ WHERE any_.station_id = s.id)
           OR EXISTS (
               SELECT 1 FROM services_openinghours door
               WHERE door.station_id = s.id
                 AND door."on" = CASE WHEN kind.is_workday THEN 'WORKDAY' ELSE 'RESTDAY' END
                 AND d.day + door.start <= piece.starts
                 AND d.day + door."end" >= piece.starts + length.of_one))
      AND NOT EXISTS (
          SELECT 1 FROM services_closure shut
          WHERE shut.station_id = s.id AND shut.lifted_at IS NULL AND shut.stand_in_id IS NULL
            AND (shut.window_id IS NULL OR shut.window_id = o.window_id)
            AND d.day BETWEEN shut.first_day AND shut.last_day
            AND (shut.start IS NULL OR (d.day + shut.start < piece.starts + length.of_one
                                        AND d.day + shut."end" > piece.starts)))
      AND piece.starts AT TIME ZONE %(zone)s > %(now)s
    ON CONFLICT (offering_id, starts_at) DO NOTHING
    RETURNING services_slot.id
"""


def open_slots(*, offering=None, now=None):
    """Open the slots of all open offerings up to their horizon; returns how many are new.

    On a day for which people wait, new places are theirs first. May run as often as one likes: a
    slot that exists is left alone, taken or closed as it is.
    """
    now = now or timezone.now()
    params = {
        "zone": settings.TIME_ZONE,
        "today": timezone.localdate(now),
        "now": now,
        "only": offering.pk if offering else None,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(OPEN_SLOTS, params)
        opened = [pk for (pk,) in cursor.fetchall()]
        for slot in slots_waited_for(now).filter(pk__in=opened):
            pass_on(slot, now=now)
    return len(opened)


def save_offering(*, offering, hours, by, now=None):
    """Create or change an offering with its daily `hours` ((start, end) pairs) and its slots.

    Free slots ahead follow the new hours; slots with bookings stay, whatever the new hours say.
    The capacity of slots ahead becomes the new one, never below what is taken; places more go to
    those who wait first.
    """
    now = now or timezone.now()
    created = offering.pk is None
    with transaction.atomic():
        offering.save()
        OfferingHours.objects.filter(offering=offering).delete()
        OfferingHours.objects.bulk_create(
            OfferingHours(offering=offering, start=start, end=end) for start, end in hours
        )
        _make_room_for_new_hours(offering, now)
        open_slots(offering=offering, now=now)
        for slot in slots_waited_for(now).filter(offering=offering):
            pass_on(slot, now=now)
        audit.record(
            "services.offering_created" if created else "services.offering_changed",
            offering,
            by=by,
            station=offering.station,
            detail={
                "title": offering.title,
                "is_open": offering.is_open,
                "capacity": offering.capacity,
                "hours": [f"{start:%H:%M}-{end:%H:%M}" for start, end in hours],
            },
        )
    return offering


def _make_room_for_new_hours(offering, now):
    ahead = Slot.objects.filter(offering=offering, starts_at__gt=now)
    # Locked first, so that a booking under way is either seen here or finds its slot gone.
    unused = ahead.filter(
        taken=0, closed_at__isnull=True, bookings__isnull=True, waiting_entries__isnull=True
    )
    unused = unused.select_for_update(of=("self",)).values_list("pk", flat=True)
    Slot.objects.filter(pk__in=list(unused), taken=0).delete()
    ahead.update(capacity=Greatest(F("taken"), offering.capacity))


def close_slot(*, slot, by, reason, now=None):
    """Take a slot off offer; whoever holds a booking in it is told. Returns how many were."""
    return close_slots(slots=[slot], by=by, reason=reason, now=now)


def close_slots(*, slots, by, reason, closure=None, now=None):
    """Take slots off offer with a reason; their bookings are cancelled by the station and told.

    Another slot is held for each right after (`rebooking`), where there is one; who was only
    offered a place there waits on. Bookings already checked in stay. `closure` is the closure that
    asks for it. Returns how many were cancelled.
    """
    now = now or timezone.now()
    reason = (reason or "").strip()[:100]
    if not reason:
        raise rules.BookingRefusedError(
            "请写明停约原因，已预约的人会看到。", code="reason_missing", field="reason"
        )
    with transaction.atomic():
        wanted = [slot.pk for slot in slots]
        locked = Slot.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=wanted)
        mine = list(locked.filter(closed_at__isnull=True).order_by("pk"))
        Slot.objects.filter(pk__in=[each.pk for each in mine]).update(
            closed_at=now, closed_reason=reason, closure=closure
        )
        return _cancel_all(mine, by, reason, now)


def _cancel_all(slots, by, reason, now):
    coming = (
        Booking.objects.filter(slot__in=slots, state__in=[*COMING_STATES, BookingState.OFFERED])
        .with_slot()
        .select_related("person__account", "by")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    bookings, lost = list(coming), []
    for booking in bookings:
        was_held = booking.state == BookingState.OFFERED
        free(booking, by=by, reason=reason, as_=CancelledAs.STATION, now=now)
        record("services.booking_cancelled", booking, by=by, reason=reason)
        entry = settle(booking, as_=CancelledAs.STATION, now=now) if was_held else None
        if entry is not None:
            messages.withdraw(booking)
            notices.tell_let_go(entry, booking, now=now)
        else:
            tell_cancelled(booking, not_before=now + HOLD_BACK)
            lost.append(booking)
    offer_others(lost)
    stations = Slot.objects.filter(pk__in=[each.pk for each in slots]).with_rules()
    for slot in stations:
        audit.record(
            "services.slot_closed",
            slot,
            by=by,
            station=slot.offering.station,
            detail={"reason": reason, "title": slot.offering.title},
        )
    return len(bookings)


@transaction.atomic
def reopen_slot(*, slot, by, now=None):
    """Offer a closed slot again, to those who wait first; the cancelled are not booked anew."""
    now = now or timezone.now()
    opened = Slot.objects.filter(pk=slot.pk, closed_at__isnull=False, starts_at__gt=now).update(
        closed_at=None, closed_reason="", closure=None
    )
    if not opened:
        raise rules.BookingConflictError(
            "这个时段没有停约，或者已经开始，不用恢复。", code="not_closed"
        )
    pass_on(slot, now=now)
    audit.record(
        "services.slot_reopened", slot, by=by, station=slot.offering.station,
        detail={"title": slot.offering.title},
    )  # fmt: skip

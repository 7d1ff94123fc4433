"""What happens to the waiting list by itself. Each may run as often as it likes."""

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from services import waiting_rules
from services.actions import bookings
from services.actions.bookings.passing import end, pass_on, slots_waited_for
from services.actions.waiting.unattended import settle_unattended
from services.booking_rules import BookingRefusedError
from services.enums import BookingState, CancelledAs, WaitingState
from services.models import Booking, Slot, WaitingEntry
from services.notices import waiting as notices

BATCH = 500


def expire(*, now=None):
    """Let go of held places whose time ran out, each to the next in line; returns how many."""
    now = now or timezone.now()
    over = Booking.objects.filter(state=BookingState.OFFERED, held_until__lte=now)
    done = 0
    for booking in over.order_by("held_until", "pk")[:BATCH]:
        try:
            bookings.let_go(
                booking=booking, by=None, reason="保留时间已过", as_=CancelledAs.SYSTEM, now=now
            )
        except BookingRefusedError:  # taken or let go while we came to it
            continue
        done += 1
    return done


def sweep(*, now=None):
    """Offer places that stand free, and end what can no longer be served, or answered by anybody.

    The acts that free places pass them on themselves; this mends what they had to pass over. Returns
    `(offered, ended)`.
    """
    now = now or timezone.now()
    ended = _end_over(now) + settle_unattended(now=now)
    offered = 0
    for pk in list(slots_waited_for(now).values_list("pk", flat=True)):
        with transaction.atomic():
            slot = Slot.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
            offered += len(pass_on(slot, afresh=False, now=now))
    return offered, ended


def _end_over(now):
    """End entries for which nothing of their day, or their slot, could be offered in time."""
    of_day = (
        Slot.objects.filter(offering=OuterRef("offering"), starts_at__date=OuterRef("day"))
        .order_by()
        .values("offering")
        .annotate(last=Max("starts_at"))
        .values("last")
    )
    lead = ExpressionWrapper(
        F("last") - F("offering__lead_minutes") * waiting_rules.MINUTE,
        output_field=DateTimeField(),
    )
    entries = WaitingEntry.objects.in_turn().annotate(
        last=Coalesce(F("slot__starts_at"), Subquery(of_day))
    )
    entries = entries.annotate(latest=lead)
    no_slots = Q(last=None, day__lt=timezone.localdate(now))
    over = entries.filter(Q(latest__lt=now + waiting_rules.LEAST) | no_slots)
    ended = 0
    for pk in list(over.values_list("pk", flat=True)[:BATCH]):
        ended += _end_one(pk, now)
    return ended


def _end_one(pk, now):
    with transaction.atomic():
        entry = (
            WaitingEntry.objects.select_related(
                "offering__station", "person__account", "by", "slot"
            )
            .select_for_update(of=("self",), no_key=True, skip_locked=True)
            .filter(pk=pk, state=WaitingState.WAITING)
            .first()
        )
        if entry is None:
            return 0
        end(entry, WaitingState.OVER, by=None, now=now)
        notices.tell_over(entry, now=now)
    return 1

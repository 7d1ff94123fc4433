"""Slots set one by one, for what happens at times of its own: a fair, a course."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from services import booking_rules as rules
from services.actions.bookings.passing import pass_on
from services.models import Slot


def set_slots(*, offering, times, by, now=None):
    """Give an event's offering exactly these slots; `times` are `(starts_at, ends_at, capacity)`.

    A slot that begins when one of `times` does gets its end and capacity, and places more go to those
    who wait; one that is not among them goes if nobody booked or waits for it. Returns the slots in
    order. Raises BookingRefusedError: not an event, taken places exceed the new capacity, somebody
    booked a slot that should go.
    """
    now = now or timezone.now()
    if not offering.is_event:
        raise rules.BookingRefusedError(
            "这个预约项目的时段按每天的时间排，不能单独设置。", code="not_an_event"
        )
    with transaction.atomic():
        mine = Slot.objects.select_for_update(of=("self",), no_key=True).filter(offering=offering)
        there = {slot.starts_at: slot for slot in mine.order_by("pk")}
        wanted = {starts: (ends, capacity) for starts, ends, capacity in times}
        _drop(offering, [slot for start, slot in there.items() if start not in wanted])
        for starts, (ends, capacity) in wanted.items():
            _set(offering, there.get(starts), starts, ends, capacity, now)
        audit.record(
            "services.slots_set", offering, by=by, station=offering.station,
            detail={"title": offering.title, "slots": len(wanted)},
        )  # fmt: skip
    return list(Slot.objects.filter(offering=offering).order_by("starts_at"))


def _drop(offering, slots):
    unused = Slot.objects.filter(pk__in=[slot.pk for slot in slots])
    if (
        unused.filter(bookings__isnull=False).exists()
        or unused.filter(waiting_entries__isnull=False).exists()
    ):
        raise rules.BookingRefusedError(
            f"“{offering.title}”已有人预约，不能改掉这个时间。要改期，请先取消并通知报名的人。",
            code="slot_in_use",
        )
    unused.delete()


def _set(offering, slot, starts, ends, capacity, now):
    if slot is None:
        Slot.objects.create(offering=offering, starts_at=starts, ends_at=ends, capacity=capacity)
        return
    if capacity < slot.taken:
        raise rules.BookingRefusedError(
            f"已有{slot.taken}个名额约出，名额不能少于这个数。", code="below_taken"
        )
    more = capacity > slot.capacity
    Slot.objects.filter(pk=slot.pk).update(ends_at=ends, capacity=capacity)
    if more:
        pass_on(slot, now=now)

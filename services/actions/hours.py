"""Opening hours, closures and absences: the slots follow, the booked are told and offered another.

Slots are closed in the act's own transaction. What is held for those who lose their place comes
right after it (`services.tasks.hours`): it takes places in other slots, and locks must not be taken
out of their order. Until then their message waits, so that they get one and not two.
"""

from datetime import time

from django.db import transaction
from django.db.models.functions import ExtractHour, ExtractMinute
from django.utils import timezone

from accounts import audit
from services import perms
from services.actions import bookings
from services.enums import COMING_STATES, ClosureKind, DayKind
from services.models import Booking, CalendarDay, Closure, OpeningHours, Slot, Station
from services.models.offering import midnight
from services.opening import stretches_overlap
from veterans_portal.errors import DomainError

LONGEST_CLOSURE = 366  # days; longer than that a station is taken out of service


class HoursError(DomainError):
    """A rule of hours and closures refuses."""

    code = "hours_refused"


@transaction.atomic
def set_hours(*, station, hours, by, now=None):
    """Write a station's hours, `{DayKind: [(start, end), …]}`; returns how many slots were closed.

    No hours at all leave the offerings' own hours alone. Free slots outside the new hours are
    closed or opened as the hours say; booked ones are told and offered another.
    """
    _require(perms.may_arrange_offerings(by, station), "您不是这个站点的经办人，不能改开放时间。")
    _one_at_a_time(station)
    for kind, stretches in hours.items():
        if any(end <= start for start, end in stretches) or stretches_overlap(stretches):
            raise HoursError(
                f"{DayKind(kind).label}的时间有重叠，或结束早于开始，请核对。", field=kind.lower()
            )
    now = now or timezone.now()
    OpeningHours.objects.filter(station=station).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(station=station, on=kind, start=start, end=end)
        for kind, stretches in hours.items()
        for start, end in stretches
    )
    audit.record(
        "services.hours_set", station, by=by, station=station,
        detail={kind: [f"{a:%H:%M}-{b:%H:%M}" for a, b in each] for kind, each in hours.items()},
    )  # fmt: skip
    closed = _close_outside(station, hours, by, now)
    for offering in station.offerings.open():
        bookings.open_slots(offering=offering, now=now)
    return closed


def _one_at_a_time(station):
    """Let acts on the hours of one station wait for one another: each looks at what the others have
    closed. Before any slot, as every lock of a station."""
    list(Station.objects.select_for_update(no_key=True).filter(pk=station.pk).values_list("pk"))


def _close_outside(station, hours, by, now):
    if not any(hours.values()):
        return 0
    ahead = Slot.objects.filter(
        offering__station=station, offering__is_event=False, starts_at__gt=now,
        closed_at__isnull=True,
    )  # fmt: skip
    slots = list(ahead)
    workdays = _workdays(slots)
    outside = [slot for slot in slots if not _within(slot, hours, workdays)]
    if outside:
        bookings.close_slots(slots=outside, by=by, reason="站点开放时间调整", now=now)
    return len(outside)


def _workdays(slots):
    days = CalendarDay.objects.filter(day__in={slot.day for slot in slots})
    return dict(days.values_list("day", "is_workday"))


def _within(slot, hours, workdays):
    is_workday = workdays.get(slot.day, slot.day.isoweekday() < 6)
    kind = DayKind.WORKDAY if is_workday else DayKind.RESTDAY
    start, end = timezone.localtime(slot.starts_at).time(), timezone.localtime(slot.ends_at).time()
    return any(first <= start and end <= last for first, last in hours.get(kind, []))


def affected_by(closure, *, now=None):
    """Slots that a closure (saved or not) takes off offer, as a queryset; none with a stand-in."""
    if closure.stand_in_id is not None:
        return Slot.objects.none()
    return _in_reach(closure, now or timezone.now()).filter(closed_at__isnull=True)


def _in_reach(closure, now):
    """Slots from now on at the closure's place and time, open or closed."""
    slots = Slot.objects.filter(
        offering__station_id=closure.station_id,
        offering__is_event=False,
        ends_at__gt=now,
        starts_at__gte=midnight(closure.first_day),
        starts_at__lt=midnight(closure.last_day, 1),
    )
    if closure.window_id is not None:
        slots = slots.filter(offering__window_id=closure.window_id)
    if closure.start is None:
        return slots
    minutes = {
        name: ExtractHour(at) * 60 + ExtractMinute(at)
        for name, at in (("begins", "starts_at"), ("ends", "ends_at"))
    }
    return slots.annotate(**minutes).filter(
        begins__lt=_minute(closure.end), ends__gt=_minute(closure.start)
    )


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def effect_of(closure, *, now=None):
    """How many slots and coming bookings a closure would hit: `(slots, bookings)`."""
    slots = affected_by(closure, now=now)
    coming = Booking.objects.filter(slot__in=slots.values("pk"), state__in=COMING_STATES)
    return slots.count(), coming.count()


@transaction.atomic
def close_for(*, closure, by, now=None):
    """Enter a closure or an absence (an unsaved Closure); its slots close, the booked are told.

    Raises HoursError when the days are past, too long, or one's right does not reach there.
    """
    now = now or timezone.now()
    _require(
        perms.may_arrange_offerings(by, closure.station), "您不是这个站点的经办人，不能停止服务。"
    )
    _one_at_a_time(closure.station)
    _refuse_wrong_days(closure, timezone.localdate(now))
    _refuse_wrong_people(closure)
    closure.by = by
    closure.save(force_insert=True)
    slots = list(affected_by(closure, now=now))
    told = 0
    if slots:
        told = bookings.close_slots(
            slots=slots, by=by, reason=closure.public_reason, closure=closure, now=now
        )
    closure.slots_closed, closure.bookings_told = len(slots), told
    closure.save(update_fields=["slots_closed", "bookings_told"])
    audit.record(
        "services.closure_entered", closure, by=by, station=closure.station,
        detail={
            "kind": closure.kind, "days": f"{closure.first_day}/{closure.last_day}",
            "slots": len(slots), "bookings": told, "reason": closure.reason,
        },
    )  # fmt: skip
    return closure


def _refuse_wrong_days(closure, today):
    if closure.last_day < closure.first_day:
        raise HoursError("最后一天不应早于第一天。", field="last_day")
    if closure.last_day < today:
        raise HoursError("这几天已经过去了，请核对日期。", field="last_day")
    if (closure.last_day - closure.first_day).days >= LONGEST_CLOSURE:
        raise HoursError("停止服务最长一年；长期不再服务的，请上级站点停用站点。", field="last_day")


def _refuse_wrong_people(closure):
    if closure.kind != ClosureKind.ABSENCE:
        return
    if closure.staff_id == closure.stand_in_id:
        raise HoursError("顶岗人员不能是不在岗的人本人。", field="stand_in")
    same = Closure.objects.standing().filter(
        station=closure.station, window=closure.window, kind=ClosureKind.ABSENCE,
        staff=closure.staff, first_day__lte=closure.last_day, last_day__gte=closure.first_day,
    )  # fmt: skip
    if closure.start is None and same.filter(start__isnull=True).exists():
        raise HoursError("这几天已经登记过此人不在岗，不用重复登记。", field="staff")


@transaction.atomic
def lift(*, closure, by, now=None):
    """End a closure before its time; slots ahead that no other closure covers are offered again.

    Returns how many slots came back. Those who were told are not booked anew.
    """
    now = now or timezone.now()
    _require(perms.may_arrange_offerings(by, closure.station), "您不是这个站点的经办人，不能恢复。")
    _one_at_a_time(closure.station)
    lifted = Closure.objects.standing().filter(pk=closure.pk).update(lifted_at=now, lifted_by=by)
    if not lifted:
        raise HoursError("这项安排已经解除了，请刷新页面查看。", code="already_lifted")
    mine = Slot.objects.filter(closure=closure, starts_at__gt=now)
    for other in _others_over(closure):
        still = list(_in_reach(other, now).filter(closure=closure).values_list("pk", flat=True))
        Slot.objects.filter(pk__in=still).update(closure=other, closed_reason=other.public_reason)
    back = list(mine.with_rules())
    for slot in back:
        bookings.reopen_slot(slot=slot, by=by, now=now)
    for offering in closure.station.offerings.open():
        bookings.open_slots(offering=offering, now=now)
    audit.record("services.closure_lifted", closure, by=by, station=closure.station,
                 detail={"slots": len(back)})  # fmt: skip
    return len(back)


def _others_over(closure):
    """Other standing closures of the station that share a day with this one."""
    return Closure.objects.standing().filter(
        station=closure.station, stand_in__isnull=True,
        first_day__lte=closure.last_day, last_day__gte=closure.first_day,
    ).exclude(pk=closure.pk)  # fmt: skip


def _require(allowed, sentence):
    if not allowed:
        raise HoursError(sentence, code="not_allowed")

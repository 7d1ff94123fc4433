"""A fair is drafted by one, opened by another, held, or cancelled with a reason."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts import audit
from placement import perms
from placement.enums.fairs import FairEmployerState, FairState
from placement.models import FairVacancy, JobFair, Vacancy
from services.actions import bookings
from services.enums import OncePer
from services.models import Offering, Slot
from veterans_portal import locking
from veterans_portal.errors import DomainError

AHEAD = 180  # days that a fair can be announced before it is held
# What everybody reads before registering: the code is the word by which a stand learns who one is.
CODE_WORDS = (
    "现场凭预约码签到。到展位谈妥后把预约码给单位看，就表示您同意该单位看到您的姓名和联系电话。"
)


class FairError(DomainError):
    """A rule about fairs refuses."""

    code = "fair_refused"


def locked(fair):
    """Return the fair, locked until the transaction ends, with its offerings."""
    rows = JobFair.objects.select_related("station", "visits", "stands", "created_by")
    return locking.locked(rows, getattr(fair, "pk", fair))


@transaction.atomic
def save_fair(*, fair, sessions, places, stands, by, now=None):
    """Write down a fair that is planned, or change one that is not over; returns it.

    `sessions` are (start, end) times on its day, `places` the visitors of each, `stands` how many
    employers fit. Raises FairError, and BookingRefusedError where somebody has booked what would go.
    """
    now = now or timezone.now()
    _require(perms.may_keep_jobs(by, fair.station))
    is_new = fair.pk is None
    if fair.state not in (FairState.DRAFT, FairState.OPEN):
        raise FairError("这场招聘会已经结束或取消，不能再改。", code="over")
    if is_new and fair.held_on < timezone.localdate(now):
        raise FairError("举办日期已经过去，请核对。", field="held_on")
    if (fair.held_on - timezone.localdate(now)).days > AHEAD:
        raise FairError(f"最多提前{AHEAD}天安排，请核对日期。", field="held_on")
    _save_offerings(fair, places, stands)
    if is_new:
        fair.created_by = by
    fair.save()
    spans = [(_at(fair.held_on, start), _at(fair.held_on, end)) for start, end in sessions]
    bookings.set_slots(
        offering=fair.visits, times=[(start, end, places) for start, end in spans], by=by, now=now
    )
    whole = (spans[0][0], spans[-1][1], stands)
    bookings.set_slots(offering=fair.stands, times=[whole], by=by, now=now)
    _record("created" if is_new else "changed", fair, by, held_on=f"{fair.held_on}")
    return fair


def _at(day, time):
    return timezone.make_aware(datetime.combine(day, time))


def _save_offerings(fair, places, stands):
    is_open = fair.state == FairState.OPEN
    common = {"station": fair.station, "is_event": True, "workdays_only": False,
              "horizon_days": AHEAD, "lead_minutes": 0, "is_open": is_open, "venue": fair.venue}  # fmt: skip
    visits = fair.visits if fair.visits_id else Offering()
    _set(visits, common, title=fair.title, description=CODE_WORDS, bring="身份证、求职简历",
         capacity=places, party_max=min(3, places), once_per=OncePer.SEASON, season="本场")  # fmt: skip
    stands_ = fair.stands if fair.stands_id else Offering()
    _set(stands_, common, title=f"{fair.title}展位", bring="招聘简章、单位证明", capacity=stands,
         party_max=1, needs_review=True, is_listed=False, waiting_list=False,
         once_per=OncePer.SLOT)  # fmt: skip
    try:
        with transaction.atomic():
            visits.save()
            stands_.save()
    except IntegrityError as taken:
        raise FairError(
            "本站已有同名的招聘会或预约项目，请在名称里加上年份或季节。", field="title"
        ) from taken
    fair.visits, fair.stands = visits, stands_


def _set(offering, common, **more):
    for name, value in (common | more).items():
        setattr(offering, name, value)


@transaction.atomic
def open_fair(*, fair, by, now=None):
    """Publish it: employers apply, people register. Never by the one who drafted it."""
    now = now or timezone.now()
    fair = _to_check(fair, by, FairState.DRAFT)
    if fair.created_by_id == by.pk:
        raise FairError("您起草的招聘会请由另一位同事发布。", code="own_draft")
    if fair.held_on < timezone.localdate(now):
        raise FairError("举办日期已经过去，请先改日期。", code="past")
    fair.state, fair.opened_by, fair.opened_at = FairState.OPEN, by, now
    fair.save()
    Offering.objects.filter(pk__in=[fair.visits_id, fair.stands_id]).update(is_open=True)
    _record("opened", fair, by)
    return fair


@transaction.atomic
def hold_fair(*, fair, by, now=None):
    """Note that it was held: from now on it counts, with the posts as they were offered there."""
    now = now or timezone.now()
    fair = locked(fair)
    _require(perms.may_keep_jobs(by, fair.station) or perms.may_check_jobs(by, fair.station))
    _must_be(fair, FairState.OPEN)
    if fair.held_on > timezone.localdate(now):
        raise FairError("招聘会还没有举办，当天起才能记为已举办。", code="ahead")
    offered = Vacancy.objects.filter(pk=OuterRef("vacancy")).values("headcount")
    FairVacancy.objects.filter(employer__fair=fair).update(headcount=Subquery(offered[:1]))
    fair.state, fair.held_by, fair.held_at = FairState.HELD, by, now
    fair.save()
    Offering.objects.filter(pk__in=[fair.visits_id, fair.stands_id]).update(is_open=False)
    _record("held", fair, by)
    return fair


@transaction.atomic
def cancel_fair(*, fair, by, reason, now=None):
    """Call it off; whoever registered or has a stand is told by the engine. Returns the fair."""
    now = now or timezone.now()
    fair = _to_check(fair, by, FairState.DRAFT, FairState.OPEN)
    reason = reason.strip()[:100]
    if not reason:
        raise FairError("请写明取消的原因，报名的人和单位会看到。", field="reason")
    slots = Slot.objects.filter(offering__in=[fair.visits_id, fair.stands_id], ends_at__gt=now)
    bookings.close_slots(slots=list(slots), by=by, reason=reason, now=now)
    at_stands = fair.employers.filter(
        state__in=[FairEmployerState.APPLIED, FairEmployerState.ACCEPTED]
    )
    at_stands.update(state=FairEmployerState.WITHDRAWN, stand_number=None, reason=reason)
    fair.state, fair.cancelled_by, fair.cancelled_at = FairState.CANCELLED, by, now
    fair.reason = reason
    fair.save()
    Offering.objects.filter(pk__in=[fair.visits_id, fair.stands_id]).update(is_open=False)
    _record("cancelled", fair, by, reason=reason)
    return fair


def _to_check(fair, by, *states):
    fair = locked(fair)
    if not perms.may_check_jobs(by, fair.station):
        raise FairError("请由主办站点的审核人或负责人办理。", code="not_yours")
    _must_be(fair, *states)
    return fair


def _must_be(fair, *states):
    if fair.state not in states:
        raise FairError(
            f"这场招聘会现在是“{fair.get_state_display()}”，请刷新页面再看。", code="wrong_state"
        )


def _require(allowed):
    if not allowed:
        raise FairError("请由主办站点的经办人或负责人办理。", code="not_yours")


def _record(act, fair, by, **detail):
    audit.record(
        f"placement.fair_{act}", fair, by=by, station=fair.station,
        detail={"title": fair.title} | detail,
    )  # fmt: skip

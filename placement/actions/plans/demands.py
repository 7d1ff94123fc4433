"""Employers say what posts they have for a year; the centre checks and takes them (A105, A107)."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from placement import perms
from placement.enums import PLACING_NATURES, DemandState
from placement.models import DemandCall, DemandPost, PlacementPost, PostDemand
from placement.notices import plans as notices
from services.actions import partners
from services.enums import PartnerRole
from services.models import Partner
from veterans_portal import locking
from veterans_portal.errors import DomainError

WRITING = [DemandState.DRAFT, DemandState.RETURNED]


class DemandError(DomainError):
    """A rule about the year's demand refuses."""

    code = "demand_refused"


def employers_of(station):
    """Employers of the four classes whom a centre asks."""
    found = Partner.objects.acting_as(PartnerRole.EMPLOYER).filter(nature__in=PLACING_NATURES)
    return found.filter(station=station)


def missing_of(call):
    """Employers that have not handed in yet."""
    there = PostDemand.objects.filter(year=call.year).exclude(state=DemandState.DRAFT)
    return employers_of(call.station).exclude(pk__in=there.values("partner"))


@transaction.atomic
def call(*, call, by):
    """Ask the employers of a centre for a year's posts (unsaved DemandCall) and tell them."""
    if not perms.may_handle_cases(by, call.station):
        raise DemandError("请由本单位的经办人或负责人征集。", field="station", code="not_allowed")
    call.called_by = by
    try:
        with transaction.atomic():
            call.save(force_insert=True)
    except IntegrityError as there:
        raise DemandError("这个年度已经发过征集。要延长请改截止日期。", field="year") from there
    _record("called", call, by, call.station, year=call.year)
    notices.tell_partners(employers_of(call.station), notices.called(call), year=call.year)
    return call


@transaction.atomic
def move_close(*, call, by, closes_on):
    """Move the last day; those who have not handed in are told."""
    call = locking.locked(DemandCall.objects.select_related("station"), call.pk)
    if not perms.may_handle_cases(by, call.station):
        raise DemandError("请由本单位的经办人或负责人办理。", code="not_allowed")
    if closes_on < max(call.opens_on, timezone.localdate()):
        raise DemandError("截止日期已经过去，请选今天或以后。", field="closes_on")
    call.closes_on = closes_on
    call.save(update_fields=["closes_on"])
    _record("call_moved", call, by, call.station, until=closes_on.isoformat())
    notices.tell_partners(missing_of(call), notices.moved(call), year=call.year)
    return call


@transaction.atomic
def save(*, partner, year, by, facts, posts):
    """Write what an employer offers for a year: establishment and vacancies in `facts`, and `posts`
    (unsaved DemandPost, in their order). Returns the PostDemand; handed in by `submit`.
    """
    partner = partners.locked(partner)
    _require_member(partner, by)
    _require_open(partner, year)
    demand = _of(partner, year) or PostDemand(
        partner=partner, station=partner.station, year=year, written_by=by
    )
    if demand.state not in WRITING:
        raise DemandError(
            f"岗位需求现在是“{demand.get_state_display()}”，不能再改。要改请先收回。",
            code="wrong_state",
        )
    for field, value in facts.items():
        setattr(demand, field, value)
    if demand.vacancies > demand.establishment:
        raise DemandError("缺编数不应多于编制核定数，请核对。", field="vacancies")
    demand.written_by, demand.written_at = by, timezone.now()
    demand.save()
    demand.posts.all().delete()
    for position, post in enumerate(posts, start=1):
        post.demand, post.position = demand, position * 10
    DemandPost.objects.bulk_create(posts)
    _record("written", demand, by, partner.station, posts=len(posts))
    return demand


@transaction.atomic
def submit(*, demand, by):
    """Hand it in to the centre; a second tap finds it handed in."""
    demand = _held(demand)
    _require_member(demand.partner, by)
    if demand.state == DemandState.SUBMITTED:
        return demand
    _require_open(demand.partner, demand.year)
    if demand.state not in WRITING:
        raise _wrong(demand)
    if not demand.posts.exists():
        raise DemandError(
            "请至少填一个岗位。没有岗位的，请在“机构改革等情况”里说明并联系对接中心。"
        )
    demand.state, demand.submitted_at = DemandState.SUBMITTED, timezone.now()
    demand.reason = ""
    demand.save()
    _record("submitted", demand, by, demand.station)
    return demand


@transaction.atomic
def take_back(*, demand, by):
    """The employer takes it back while nobody has decided, to change it."""
    demand = _held(demand)
    _require_member(demand.partner, by)
    if demand.state != DemandState.SUBMITTED:
        raise _wrong(demand)
    demand.state = DemandState.DRAFT
    demand.save()
    _record("taken_back", demand, by, demand.station)
    return demand


@transaction.atomic
def send_back(*, demand, by, reason):
    """Return it to the employer to be mended; also an accepted one that no plan holds."""
    demand = _held(demand)
    _require_keeper(demand, by)
    if demand.state not in (DemandState.SUBMITTED, DemandState.ACCEPTED):
        raise _wrong(demand)
    if PlacementPost.objects.filter(demand_post__demand=demand).exists():
        raise DemandError("这份需求的岗位已列入计划，请先从计划里移除。", code="in_plan")
    if not reason.strip():
        raise DemandError("请写明退回原因，单位会看到。", field="reason")
    demand.state, demand.reason = DemandState.RETURNED, reason.strip()[:200]
    demand.decided_by, demand.decided_at = by, timezone.now()
    demand.save()
    _record("returned", demand, by, demand.station, reason=demand.reason)
    notices.tell_partners([demand.partner], notices.returned(demand), year=demand.year)
    return demand


@transaction.atomic
def accept(*, demand, by):
    """Take it: its posts may go into the plan."""
    demand = _held(demand)
    _require_keeper(demand, by)
    if demand.state != DemandState.SUBMITTED:
        raise _wrong(demand)
    demand.state, demand.decided_by = DemandState.ACCEPTED, by
    demand.decided_at = timezone.now()
    demand.save()
    _record("accepted", demand, by, demand.station)
    notices.tell_partners([demand.partner], notices.accepted(demand), year=demand.year)
    return demand


def remind_missing(today=None):
    """Once, near the last day of each running call, tell the employers that have not answered."""
    today = today or timezone.localdate()
    for each in DemandCall.objects.running(today).select_related("station"):
        if (each.closes_on - today).days <= REMIND_DAYS:
            notices.tell_partners(
                missing_of(each), notices.closing(each), year=each.year,
                dedupe=f"demand-closing:{each.pk}:{each.closes_on}",
            )  # fmt: skip


REMIND_DAYS = 3  # a letter's way; the last day itself stands in the message


def open_call(partner, today=None):
    """The call that an employer of the four classes may answer today, or None."""
    if partner.nature not in PLACING_NATURES or PartnerRole.EMPLOYER not in partner.roles:
        return None
    return DemandCall.objects.running(today).filter(station_id=partner.station_id).first()


def _of(partner, year):
    return PostDemand.objects.filter(partner=partner, year=year).first()


def _held(demand):
    return locking.locked(
        PostDemand.objects.select_related("partner__station", "station"), demand.pk
    )


def _require_member(partner, by):
    if not partners.is_member(by, partner):
        raise DemandError("您不是这个单位的成员。", code="not_allowed")


def _require_keeper(demand, by):
    if not perms.may_handle_cases(by, demand.station):
        raise DemandError("请由征集单位的经办人或负责人办理。", code="not_allowed")


def _require_open(partner, year):
    found = DemandCall.objects.running().filter(station_id=partner.station_id, year=year)
    returned = PostDemand.objects.filter(partner=partner, year=year, state=DemandState.RETURNED)
    if not found.exists() and not returned.exists():
        raise DemandError(
            f"{year}年度的岗位需求现在不在填报时间，请联系{partner.station.name}"
            f"（{partner.station.phone or '12345'}）。",
            code="closed",
        )


def _wrong(demand):
    return DemandError(
        f"岗位需求现在是“{demand.get_state_display()}”，请刷新页面查看。", code="wrong_state"
    )


def _record(act, target, by, station, **detail):
    audit.record(f"placement.demand_{act}", target, by=by, station=station, detail=detail or None)

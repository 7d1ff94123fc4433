"""Employers at a fair: an application takes a stand at once, and gives it back when it is refused."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from placement import perms
from placement.actions import vacancies as posts
from placement.actions.fairs.planning import FairError
from placement.enums.fairs import FairEmployerState, FairState, VacancyState
from placement.models import FairEmployer, FairVacancy
from placement.notices import fairs as notices
from services.actions import bookings
from services.actions.bookings import Contact
from services.actions.partners import is_member
from services.booking_rules import BookingConflictError
from services.enums import BookingState, CancelledAs, PartnerRole, PartnerState
from services.models import Slot
from veterans_portal import locking

State = FairEmployerState


def locked(employer):
    """Return the row, locked until the transaction ends, with all that acts read."""
    rows = FairEmployer.objects.select_related(
        "fair__station", "partner__applied_by", "partner__station", "booking", "applied_by"
    )
    return locking.locked(rows, getattr(employer, "pk", employer))


@transaction.atomic
def apply(*, fair, partner, vacancies, by, client_key, note="", now=None):
    """Ask for a stand with the vacancies one brings; the stand is held until the check is done.

    By a member of the partner, or by staff of the fair's station for it. Returns the FairEmployer.
    Raises FairError, or BookingConflictError when no stand is left.
    """
    now = now or timezone.now()
    _may_apply(fair, partner, vacancies, by, now)
    earlier = FairEmployer.objects.filter(fair=fair, partner=partner).first()
    if earlier is not None:
        earlier = locked(earlier)
        if earlier.state not in (State.REFUSED, State.WITHDRAWN):
            raise FairError("贵单位已经报名这场招聘会。", code="applied_already")
    booking = _take_stand(fair, partner, by, client_key, now)
    employer = earlier or FairEmployer(fair=fair, partner=partner)
    employer.booking, employer.note, employer.state = booking, note, State.APPLIED
    employer.applied_by, employer.applied_at = by, now
    employer.decided_by = employer.decided_at = None
    employer.reason = ""
    try:
        with transaction.atomic():
            employer.save()
    except IntegrityError as twice:
        raise FairError("贵单位已经报名这场招聘会。", code="applied_already") from twice
    employer.posts.all().delete()
    FairVacancy.objects.bulk_create(
        FairVacancy(employer=employer, vacancy=each, headcount=each.headcount) for each in vacancies
    )
    _record("applied", employer, by, posts=len(vacancies))
    return employer


def _may_apply(fair, partner, vacancies, by, now):
    if not fair.takes_applications(timezone.localdate(now)):
        raise FairError("这场招聘会的单位报名已经截止。", code="closed")
    if partner.state != PartnerState.APPROVED or PartnerRole.EMPLOYER not in partner.roles:
        raise FairError("只有合作中的用人单位能报名招聘会。", code="not_an_employer")
    if by.is_staff_member:
        allowed = perms.may_keep_jobs(by, fair.station)
    else:
        allowed = is_member(by, partner)
    if not allowed:
        raise FairError("请由单位成员或主办站点的经办人报名。", code="not_yours")
    wanted = (VacancyState.SUBMITTED, VacancyState.OPEN)
    fit = [each for each in vacancies if each.partner_id == partner.pk and each.state in wanted]
    if not vacancies or len(fit) != len(vacancies):
        raise FairError("请至少选一个招聘中或待核对的岗位。", field="vacancies")


def _take_stand(fair, partner, by, client_key, now):
    slot = Slot.objects.with_rules().filter(offering=fair.stands_id).first()
    contact = Contact(partner.name[:50], by.phone if by.is_citizen else partner.contact_phone)
    try:
        return bookings.book(
            slot=slot, heads=1, by=by, client_key=client_key, contact=contact,
            on_behalf=by.is_staff_member, now=now,
        )  # fmt: skip
    except BookingConflictError as clash:
        if clash.code == "slot_full":
            raise FairError(
                "展位刚刚订满了，请联系主办站点，或报名下一场。", code="full"
            ) from clash
        if clash.code == "already_booked":
            raise FairError(
                "您的账号已为一家单位报了这场招聘会；另一家请由其他成员报名。", code="one_account"
            ) from clash
        raise


@transaction.atomic
def accept(*, employer, by, now=None):
    """Find the application right: it gets the lowest free stand, and its vacancies are open."""
    now = now or timezone.now()
    employer = _to_check(employer, by, State.APPLIED)
    if employer.applied_by_id == by.pk:
        raise FairError("您录入的报名请由另一位同事核对。", code="own_entry")
    if employer.booking.state == BookingState.PENDING:
        bookings.confirm(booking=employer.booking, by=by)
    employer.stand_number = _free_stand(employer.fair)
    employer.state, employer.decided_by, employer.decided_at = State.ACCEPTED, by, now
    employer.save()
    for post in employer.posts.select_related("vacancy"):
        if post.vacancy.state == VacancyState.SUBMITTED:
            posts.find_right(post.vacancy, by=by, now=now)
    _record("accepted", employer, by, stand=employer.stand_number)
    notices.tell_employer(employer, notices.accepted(employer))
    return employer


def _free_stand(fair):
    """The lowest number nobody has; the caller holds the stands' slot, so nobody else gives it."""
    list(
        Slot.objects.select_for_update(no_key=True)
        .filter(offering=fair.stands_id)
        .values_list("pk")
    )
    given = set(fair.employers.accepted().values_list("stand_number", flat=True))
    return next(number for number in range(1, len(given) + 2) if number not in given)


@transaction.atomic
def refuse(*, employer, by, reason, now=None):
    """Not take it, with the reason its people read; the stand is free again."""
    now = now or timezone.now()
    employer = _to_check(employer, by, State.APPLIED)
    reason = _wanted(reason)
    employer.state, employer.decided_by, employer.decided_at = State.REFUSED, by, now
    employer.reason = reason
    employer.save()
    _give_back(employer, by, reason)
    _record("refused", employer, by, reason=reason)
    notices.tell_employer(employer, notices.refused(employer))
    return employer


@transaction.atomic
def withdraw(*, employer, by, reason, now=None):
    """Not come after all, by a member or by the fair's station for them."""
    now = now or timezone.now()
    employer = locked(employer)
    allowed = (
        perms.may_keep_jobs(by, employer.fair.station)
        if by.is_staff_member
        else is_member(by, employer.partner)
    )
    if not allowed:
        raise FairError("请由单位成员或主办站点的经办人办理。", code="not_yours")
    if employer.state not in (State.APPLIED, State.ACCEPTED) or (
        employer.fair.state != FairState.OPEN
    ):
        raise FairError("现在不能退出这场招聘会，请联系主办站点。", code="wrong_state")
    employer.state, employer.stand_number = State.WITHDRAWN, None
    employer.reason = _wanted(reason)
    employer.save()
    _give_back(employer, by, employer.reason)
    _record("withdrawn", employer, by, reason=employer.reason)
    return employer


def _give_back(employer, by, reason):
    # In words of its own, not the engine's: a stand is no appointment.
    bookings.cancel(
        booking=employer.booking, by=by, reason=reason, as_=CancelledAs.STATION, quietly=True
    )


def _to_check(employer, by, *states):
    employer = locked(employer)
    if not perms.may_check_jobs(by, employer.fair.station):
        raise FairError("请由主办站点的审核人或负责人核对。", code="not_yours")
    if employer.state not in states or employer.fair.state != FairState.OPEN:
        raise FairError(
            f"这个报名现在是“{employer.get_state_display()}”，请刷新页面再看。", code="wrong_state"
        )
    return employer


def _wanted(reason):
    if not reason.strip():
        raise FairError("请写明原因，对方会看到。", field="reason")
    return reason.strip()[:100]


def _record(act, employer, by, **detail):
    audit.record(
        f"placement.fair_employer_{act}", employer, by=by, station=employer.fair.station,
        on_behalf_of=employer.partner.name if by.is_staff_member else "", detail=detail or None,
    )  # fmt: skip

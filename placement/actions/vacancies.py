"""Vacancies: written by the employer, checked by the station, searchable from then on."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from placement import perms
from placement.enums.fairs import EndedAs, IntentStage, VacancyState
from placement.models import Vacancy
from placement.notices import fairs as notices
from services.actions.partners import is_member
from services.enums import PartnerRole, PartnerState
from veterans_portal import locking
from veterans_portal.errors import DomainError


class VacancyError(DomainError):
    """A rule about vacancies refuses."""

    code = "vacancy_refused"


def locked(vacancy):
    """Return the vacancy, locked until the transaction ends."""
    rows = Vacancy.objects.select_related("station", "division", "partner__applied_by")
    return locking.locked(rows, getattr(vacancy, "pk", vacancy))


@transaction.atomic
def submit(*, vacancy, by, now=None):
    """Write down a partner's vacancy, new or changed; it waits for the check. Returns it.

    `vacancy` has its facts set. What was changed is checked again before the public reads it.
    """
    now = now or timezone.now()
    partner = vacancy.partner
    if vacancy.pk is not None:
        locked(vacancy)
    allowed = (
        perms.may_keep_jobs(by, partner.station) if by.is_staff_member else is_member(by, partner)
    )
    if not allowed or vacancy.recruitment_id is not None:
        raise VacancyError("请由单位成员或对接中心的经办人办理。", code="not_yours")
    if partner.state != PartnerState.APPROVED or PartnerRole.EMPLOYER not in partner.roles:
        raise VacancyError("只有合作中的用人单位能发布岗位。", code="not_an_employer")
    if vacancy.open_until < timezone.localdate(now):
        raise VacancyError("招聘截止日期已经过去，请核对。", field="open_until")
    is_new = vacancy.pk is None
    if is_new:
        vacancy.created_by = by
    vacancy.station, vacancy.employer_name = partner.station, partner.name
    vacancy.state, vacancy.reason, vacancy.closed_at = VacancyState.SUBMITTED, "", None
    vacancy.decided_by = vacancy.decided_at = None
    vacancy.submitted_at = now
    vacancy.save()
    _record("submitted", vacancy, by, title=vacancy.title, new=is_new)
    return vacancy


@transaction.atomic
def accept(*, vacancy, by, now=None):
    """Find it right; everybody may read it from now on. Never by the one who entered it."""
    vacancy = _to_check(vacancy, by, VacancyState.SUBMITTED)
    if vacancy.created_by_id == by.pk:
        raise VacancyError("您录入的岗位请由另一位同事核对。", code="own_entry")
    return find_right(vacancy, by=by, now=now)


def find_right(vacancy, *, by, now=None):
    """Open a vacancy that was looked at, inside the transaction of whoever checks."""
    now = now or timezone.now()
    vacancy.state, vacancy.decided_by, vacancy.decided_at = VacancyState.OPEN, by, now
    vacancy.save()
    _record("accepted", vacancy, by)
    return vacancy


@transaction.atomic
def refuse(*, vacancy, by, reason, now=None):
    """Send it back with the reason that the employer reads and may mend."""
    vacancy = _to_check(vacancy, by, VacancyState.SUBMITTED)
    vacancy.reason = _wanted(reason)
    vacancy.state, vacancy.decided_by = VacancyState.REFUSED, by
    vacancy.decided_at = now or timezone.now()
    vacancy.save()
    _record("refused", vacancy, by, reason=vacancy.reason)
    notices.tell_partner(vacancy.partner, notices.vacancy_refused(vacancy), about=vacancy)
    return vacancy


@transaction.atomic
def close(*, vacancy, by, reason, now=None):
    """End it: filled or not wanted any more. Wishes nobody answered end with it, and are told."""
    now = now or timezone.now()
    vacancy = locked(vacancy)
    partner = vacancy.partner
    by_partner = partner is not None and not by.is_staff_member and is_member(by, partner)
    by_staff = perms.may_keep_jobs(by, vacancy.station) or perms.may_check_jobs(by, vacancy.station)
    if not (by_partner or by_staff) or partner is None:
        raise VacancyError("请由单位成员或对接中心办理。", code="not_yours")
    if vacancy.state == VacancyState.CLOSED:
        raise VacancyError("这个岗位已经结束。", code="wrong_state")
    vacancy.state, vacancy.closed_at = VacancyState.CLOSED, now
    vacancy.reason = _wanted(reason)
    vacancy.save()
    waiting = vacancy.intents.filter(stage=IntentStage.WISHED).select_related("person__account")
    for intent in waiting.select_for_update(of=("self",), no_key=True):
        intent.stage, intent.ended_as = IntentStage.ENDED, EndedAs.CLOSED
        intent.ended_on = timezone.localdate(now)
        intent.save()
        notices.tell_person(intent, notices.vacancy_closed(vacancy))
    _record("closed", vacancy, by, reason=vacancy.reason)
    return vacancy


def _to_check(vacancy, by, *states):
    vacancy = locked(vacancy)
    if not perms.may_check_jobs(by, vacancy.station) or vacancy.partner_id is None:
        raise VacancyError("请由对接中心的审核人或负责人核对。", code="not_yours")
    if vacancy.state not in states:
        raise VacancyError(
            f"这个岗位现在是“{vacancy.get_state_display()}”，请刷新页面再看。", code="wrong_state"
        )
    return vacancy


def _wanted(reason):
    if not reason.strip():
        raise VacancyError("请写明原因，对方会看到。", field="reason")
    return reason.strip()[:100]


def _record(act, vacancy, by, **detail):
    audit.record(
        f"placement.vacancy_{act}", vacancy, by=by, station=vacancy.station, detail=detail or None
    )

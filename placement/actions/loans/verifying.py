"""The station finds the person to be who the loan is for, and pushes the referral to the bank."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from placement import perms
from placement.actions.loans.applying import consent_stands
from placement.actions.loans.trail import LoanError, due, expect, locked, record
from placement.actions.recruitment import VETERANS
from placement.enums.loans import LoanState
from placement.notices import loans as notices
from services.enums import PartnerState


@transaction.atomic
def verify(*, referral, by, green_reason="", now=None):
    """Find the identity right and push the referral to its bank, in one go.

    A `green_reason` puts it into the green channel (A123), with its own, shorter terms. Raises
    LoanError when the file names no veteran, the consent was withdrawn, or the bank ended its work.
    """
    now = now or timezone.now()
    referral = locked(referral)
    _require_station(referral, by)
    expect(referral, [LoanState.SUBMITTED], "核验")
    if referral.by_id == by.pk:
        raise LoanError("您代录的申请请由另一位同事核验。", code="own_entry")
    if not is_veteran(referral.person):
        raise LoanError(
            "档案里还没有核验过的退役军人身份。请先在档案里核验身份，再推送银行。",
            code="no_identity",
        )
    if not consent_stands(referral):
        raise LoanError("本人已经撤回同意，不能推送银行。", code="no_consent")
    if referral.bank.state != PartnerState.APPROVED:
        raise LoanError("这家银行已停止合作，请联系本人另选一家。", code="no_bank")
    referral.green_reason = green_reason.strip()[:100]
    referral.green_channel = bool(referral.green_reason)
    referral.verified_by, referral.verified_at = by, now
    referral.state, referral.pushed_at = LoanState.PUSHED, now
    referral.due_on = due("contact", green=referral.green_channel, now=now)
    referral.save()
    record("pushed", referral, by, green=referral.green_channel)
    notices.tell_bank(referral, notices.pushed(referral))
    notices.tell_person(referral, notices.told_bank(referral))
    return referral


@transaction.atomic
def refuse(*, referral, by, reason, now=None):
    """Find that the person is not who the loan is for, with the reason they read."""
    referral = locked(referral)
    _require_station(referral, by)
    expect(referral, [LoanState.SUBMITTED], "核验")
    if not reason.strip():
        raise LoanError("请写明原因，本人会看到。", field="reason")
    referral.state, referral.due_on = LoanState.UNVERIFIED, None
    referral.reason = reason.strip()[:200]
    referral.verified_by = by
    referral.verified_at = referral.ended_at = now or timezone.now()
    referral.save()
    record("unverified", referral, by, reason=referral.reason)
    notices.tell_person(referral, notices.unverified(referral))
    return referral


@transaction.atomic
def enter_terms(*, terms, by):
    """Put new terms into force from a day on; heads of the city do."""
    if not perms.may_keep_terms(by):
        raise LoanError("办理时限由市级负责人填写。", code="not_yours")
    terms.entered_by = by
    try:
        with transaction.atomic():
            terms.save()
    except IntegrityError as clash:
        raise LoanError(
            "这一天已经有一份时限，请换一个施行日期。", field="effective_from"
        ) from clash
    audit.record("placement.loan_terms_entered", terms, by=by)
    return terms


def is_veteran(person):
    """Whether the file has a verified identity of somebody who served."""
    return person.identities.valid().filter(category__in=VETERANS).exists()


def _require_station(referral, by):
    if not perms.may_keep_loans(by, referral.station):
        raise LoanError("请由核验站点的经办人或负责人办理。", code="not_yours")

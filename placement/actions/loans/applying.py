"""A person wishes for a loan, agrees that one bank is told, takes the wish back."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions.consents import give_consent, withdraw_consent
from accounts.models import Consent
from placement.actions.loans.trail import CONSENT_TEXT, LoanError, due, expect, locked, record
from placement.enums.loans import LOAN_TO_GIVE_UP, LoanState
from placement.models import LoanReferral
from placement.notices import loans as notices
from services.booking_rules import refusal_by_file
from services.enums import PartnerRole, PartnerState
from services.perms import may_keep_file

OWN_FIELDS = ("bank", "product", "borrower", "business", "purpose", "wanted", "wanted_months")


def consent_purpose(referral):
    """The purpose of the consent by which one bank, and no other, is told of it (L6 §23)."""
    return f"把{referral.get_product_display()}申请{referral.number}告诉{referral.bank.name}"[:60]


@transaction.atomic
def save_draft(*, referral, by):
    """Write down a wish or change it before it is submitted; nobody else sees it.

    `referral` carries `person`, `client_key` and what is wanted. By the person, or by staff who keep
    the file. Returns it; a repeated `client_key` gives the draft made the first time.
    """
    _require_own(referral.person, by)
    if refusal := refusal_by_file(referral.person):
        raise refusal
    _require_bank(referral.bank)
    if referral.pk:
        kept = locked(referral)
        expect(kept, [LoanState.DRAFT], "修改")
        for name in OWN_FIELDS:
            setattr(kept, name, getattr(referral, name))
        kept.save()
        record("changed", kept, by)
        return kept
    made = LoanReferral.objects.filter(by=by, client_key=referral.client_key).first()
    if made is not None:
        return made
    referral.by, referral.station = by, referral.person.station
    referral.state, referral.created_at = LoanState.DRAFT, timezone.now()
    referral.number = f"?{referral.client_key}"[:20]
    try:
        with transaction.atomic():
            referral.save()
    except IntegrityError as clash:
        if "loan_one_open_per_product" not in str(clash):
            raise
        raise LoanError(
            f"{referral.get_product_display()}已经有一份在办。每次只能选一家银行，"
            "放弃那一份以后可以另选。",
            code="open_already", field="product",
        ) from clash  # fmt: skip
    referral.number = f"DK{referral.created_at:%Y%m}{referral.pk:06d}"
    referral.save(update_fields=["number"])
    record("drafted", referral, by)
    return referral


@transaction.atomic
def submit(*, referral, by, agreed, now=None):
    """Hand the wish to the station; `agreed` is the person's own consent that names the bank."""
    now = now or timezone.now()
    referral = locked(referral)
    expect(referral, [LoanState.DRAFT], "提交")
    if referral.person.account_id != by.pk:
        raise LoanError("请由本人提交，或由站点凭书面同意书提交。", code="not_yours")
    if not agreed:
        raise LoanError(
            f"请先同意把申请告诉{referral.bank.name}，再提交。", code="no_consent", field="agreed"
        )
    _require_bank(referral.bank)
    referral.consent = give_consent(
        user=by, purpose=consent_purpose(referral), text_version=CONSENT_TEXT
    )
    return _submitted(referral, by, now)


@transaction.atomic
def enter(*, referral, by, written_consent, now=None):
    """At the counter, with the consent that the person signed on paper (its number or place)."""
    now = now or timezone.now()
    referral = locked(referral)
    expect(referral, [LoanState.DRAFT], "提交")
    if not may_keep_file(by, referral.person.station):
        raise LoanError("请由档案所在站点的经办人或负责人办理。", code="not_yours")
    if not written_consent.strip():
        raise LoanError(
            f"请写明本人签字同意告诉{referral.bank.name}的同意书。", field="written_consent"
        )
    _require_bank(referral.bank)
    referral.written_consent = written_consent.strip()[:60]
    return _submitted(referral, by, now)


def _submitted(referral, by, now):
    referral.state, referral.submitted_at = LoanState.SUBMITTED, now
    referral.station = referral.person.station
    referral.due_on = due("verify", green=referral.green_channel, now=now)
    referral.save()
    record("submitted", referral, by, written=bool(referral.written_consent))
    notices.tell_person(referral, notices.submitted(referral))
    return referral


@transaction.atomic
def withdraw(*, referral, by, reason="", now=None):
    """Give the wish up; the consent ends with it. By the person, or by staff who keep the file."""
    referral = locked(referral)
    _require_own(referral.person, by)
    expect(referral, LOAN_TO_GIVE_UP, "放弃")
    had_bank = referral.pushed_at is not None
    referral.state, referral.due_on = LoanState.WITHDRAWN, None
    referral.ended_at, referral.reason = now or timezone.now(), reason.strip()[:200]
    referral.save()
    if referral.consent is not None:
        withdraw_consent(consent=referral.consent, by=by)
    record("withdrawn", referral, by)
    if had_bank:
        notices.tell_bank(referral, notices.withdrawn(referral))
    return referral


@transaction.atomic
def delete_draft(*, referral, by):
    """Throw a draft away."""
    referral = locked(referral)
    _require_own(referral.person, by)
    expect(referral, [LoanState.DRAFT], "删除")
    record("draft_deleted", referral, by)
    LoanReferral.objects.filter(pk=referral.pk).delete()


def consent_stands(referral):
    """Whether the person still agrees that the bank is told."""
    if referral.consent_id is None:
        return bool(referral.written_consent)
    return Consent.objects.filter(pk=referral.consent_id, withdrawn_at=None).exists()


def _require_own(person, by):
    if not (person.account_id == by.pk or may_keep_file(by, person.station)):
        raise LoanError("请由本人办理，或请档案所在的站点代办。", code="not_yours")


def _require_bank(bank):
    if bank.state != PartnerState.APPROVED or PartnerRole.BANK not in bank.roles:
        raise LoanError("这家银行现在不接收推荐，请另选一家。", code="no_bank", field="bank")

"""Identities of a person: declared, verified against evidence, ended; several at once."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from services import perms
from services.enums import FileState, IdentityCategory
from services.models import Identity
from veterans_portal.errors import DomainError

GONE = (FileState.MOVED, FileState.CLOSED)


class IdentityError(DomainError):
    """A rule about identities refuses."""

    code = "identity_refused"


@transaction.atomic
def declare_identity(
    *, person, category, by, evidence="", evidence_number="", valid_from=None, request=None
):
    """Write down an identity the person says they have; returns the Identity, not verified yet."""
    _require_keeper(person, by)
    if person.state in GONE:
        raise IdentityError(f"档案{person.get_state_display()}，不能再登记身份。")
    label = IdentityCategory(category).label
    if person.identities.filter(category=category, valid_to__isnull=True).exists():
        raise IdentityError(f"此人已有“{label}”身份，不必重复登记。", field="category")
    identity = Identity.objects.create(
        person=person, category=category, evidence=evidence, evidence_number=evidence_number,
        valid_from=valid_from,
    )  # fmt: skip
    audit.record("services.identity_declared", person, by=by, on_behalf_of=person, request=request,
                 detail={"category": category})  # fmt: skip
    return identity


@transaction.atomic
def verify_identity(*, identity, by, evidence, evidence_number="", valid_from=None, request=None):
    """Confirm an identity by the paper that proves it; `evidence` names the paper."""
    identity = _locked(identity)
    _require_keeper(identity.person, by)
    if identity.is_verified:
        raise IdentityError("这一身份已经核验过，不必重复核验。请刷新页面查看。")
    if identity.valid_to is not None:
        raise IdentityError("这一身份已经终止，不能核验。")
    if not evidence.strip():
        raise IdentityError("请写明看过的证明材料，例如：退出现役证。", field="evidence")
    identity.evidence = evidence.strip()
    identity.evidence_number = evidence_number or identity.evidence_number
    identity.valid_from = valid_from or identity.valid_from
    identity.verified_by, identity.verified_at = by, timezone.now()
    identity.save()
    audit.record("services.identity_verified", identity.person, by=by, request=request,
                 on_behalf_of=identity.person,
                 detail={"category": identity.category, "evidence": identity.evidence})  # fmt: skip
    return identity


@transaction.atomic
def end_identity(*, identity, by, valid_to, reason, request=None):
    """Close an identity on a day (it stays in the file with its dates)."""
    identity = _locked(identity)
    _require_keeper(identity.person, by)
    if identity.valid_to is not None:
        raise IdentityError("这一身份已经终止，请刷新页面查看。")
    if valid_to > timezone.localdate():
        raise IdentityError("截止日期不能晚于今天。", field="valid_to")
    if identity.valid_from and valid_to < identity.valid_from:
        raise IdentityError("截止日期不应早于起始日期。", field="valid_to")
    identity.valid_to = valid_to
    identity.save()
    audit.record("services.identity_ended", identity.person, by=by, request=request,
                 on_behalf_of=identity.person,
                 detail={"category": identity.category, "reason": reason})  # fmt: skip
    return identity


def _locked(identity):
    rows = Identity.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("person__station").get(pk=identity.pk)


def _require_keeper(person, by):
    if not perms.may_keep_file(by, person.station):
        raise IdentityError("您不是这个站点的经办人，不能登记或核验身份。", code="not_allowed")

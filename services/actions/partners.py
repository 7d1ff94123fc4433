"""Partners: applied for, checked, ended; their members and the keys of their systems."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from services import perms
from services.actions.disclosure import note_search, searches_today
from services.enums import PartnerState
from services.models import Partner, PartnerKey, PartnerMember
from services.notices import partners as notices
from veterans_portal import locking
from veterans_portal.errors import DomainError

KEY_DAYS = 365
REGISTERED = (
    "这个统一社会信用代码已经登记过。如果您是该单位的人，请让单位的管理成员添加您，"
    "或联系对接的服务中心。"
)


class PartnerError(DomainError):
    """A rule about partners refuses."""

    code = "partner_refused"


def locked(partner):
    """Return the partner's row, locked until the transaction ends, with its station."""
    rows = Partner.objects.select_related("station", "division", "applied_by")
    return locking.locked(rows, getattr(partner, "pk", partner))


@transaction.atomic
def apply(*, partner, by):
    """Enter a partner; `partner` is unsaved (or refused before, and mended). Returns it.

    By a citizen it waits for the check and `by` becomes its first keeper then; by staff who keep
    partners of its station it waits just the same: two people look at every partner.
    """
    if by.is_staff_member and not perms.may_keep_partners(by, partner.station):
        raise PartnerError("这个单位不归您所在的站点对接。", field="station")
    waiting = Partner.objects.filter(applied_by=by, state=PartnerState.APPLIED)
    if by.is_citizen and waiting.count() >= settings.PARTNER_OPEN_APPLICATIONS:
        raise PartnerError(
            f"您已有{settings.PARTNER_OPEN_APPLICATIONS}个单位在等待核对，核对后再申请别的。",
            code="too_many_waiting",
        )
    if partner.pk is not None:
        _refuse_decided(locked(partner), PartnerState.REFUSED)
    partner.state, partner.reason = PartnerState.APPLIED, ""
    partner.decided_by = partner.decided_at = None
    partner.applied_by, partner.applied_at = by, timezone.now()
    try:
        with transaction.atomic():
            partner.save()
    except IntegrityError as taken:
        raise PartnerError(
            REGISTERED,
            field="credit_code",
            code="registered_already",
        ) from taken
    _record("applied", partner, by, roles=partner.roles)
    return partner


@transaction.atomic
def approve(*, partner, by):
    """Find an application right: the room opens. Never by the one who entered it."""
    partner = _to_decide(partner, by, PartnerState.APPLIED, PartnerState.ENDED)
    first_time = partner.state == PartnerState.APPLIED
    partner.state, partner.reason = PartnerState.APPROVED, ""
    partner.decided_by, partner.decided_at = by, timezone.now()
    partner.save()
    _record("approved", partner, by)
    if first_time and partner.applied_by.is_citizen:
        _join(partner, partner.applied_by, partner.contact_name, by, is_keeper=True)
    notices.tell(partner, notices.approved(partner))
    return partner


@transaction.atomic
def refuse(*, partner, by, reason):
    """Not take it on, with the reason that the applicant reads and may mend."""
    partner = _to_decide(partner, by, PartnerState.APPLIED)
    partner.state, partner.reason = PartnerState.REFUSED, _wanted(reason)
    partner.decided_by, partner.decided_at = by, timezone.now()
    partner.save()
    _record("refused", partner, by, reason=partner.reason)
    notices.tell(partner, notices.refused(partner))
    return partner


@transaction.atomic
def end(*, partner, by, reason):
    """End the work with a partner: its room closes, its keys stop; what was done stays."""
    partner = _to_decide(partner, by, PartnerState.APPROVED)
    now = timezone.now()
    partner.state, partner.reason = PartnerState.ENDED, _wanted(reason)
    partner.decided_by, partner.decided_at = by, now
    partner.save()
    partner.keys.in_force(now).update(revoked_at=now)
    _record("ended", partner, by, reason=partner.reason)
    notices.tell(partner, notices.ended(partner))
    return partner


@transaction.atomic
def note_trying(*, by):
    """Count that a keeper tries a number: the answer tells whether it has an account.

    Raises PartnerError after PARTNER_MEMBER_TRIES_PER_DAY.
    """
    locking.locked(User.objects, by.pk)
    if searches_today(kind="partner_member", by=by) >= settings.PARTNER_MEMBER_TRIES_PER_DAY:
        raise PartnerError(
            "今天添加的次数较多，请明天再试，或请对接中心添加。", code="too_many", field="phone"
        )
    note_search(kind="partner_member", found=0, by=by)


@transaction.atomic
def add_member(*, partner, phone, name, by, is_keeper=False):
    """Let the account with this mobile number act for the partner; returns the PartnerMember.

    By a keeper of the partner, or by staff who keep it. Raises PartnerError: no such account yet
    (they sign in once first), a member already, or not by whom it may be.
    """
    partner = locked(partner)
    _require_keeper(partner, by)
    user = User.objects.with_phone(phone).first()
    if user is None or not user.is_citizen:
        raise PartnerError(
            "这个手机号还没有平台账号。请对方先用手机号登录一次，再来添加。", field="phone"
        )
    member = _join(partner, user, name, by, is_keeper=is_keeper)
    notices.tell_member(member, notices.added(partner))
    return member


@transaction.atomic
def end_member(*, member, by):
    """Take a member off the list today; the last keeper stays."""
    partner = locked(member.partner_id)
    _require_keeper(partner, by)
    others = partner.members.in_force().filter(is_keeper=True).exclude(pk=member.pk)
    if member.is_keeper and not by.is_staff_member and not others.exists():
        raise PartnerError("至少要留一位能管理成员的人。请先添加一位再移除。", code="last_keeper")
    now = timezone.now()
    ended = partner.members.in_force().filter(pk=member.pk)
    if not ended.update(until=timezone.localdate(now)):
        raise PartnerError("这位成员已经不在名单里。", code="not_a_member")
    PartnerKey.objects.in_force(now).filter(member=member).update(revoked_at=now)
    _record("member_ended", partner, by, member=member.pk)


@transaction.atomic
def make_key(*, partner, label, by):
    """Make a key for the partner's own system; returns (PartnerKey, the key's text, shown once)."""
    partner = locked(partner)
    member = partner.members.in_force().filter(user_id=by.pk, is_keeper=True).first()
    if member is None or partner.state != PartnerState.APPROVED:
        raise PartnerError("只有单位的管理成员能创建接口密钥。", code="not_a_keeper")
    text = secrets.token_urlsafe(32)
    now = timezone.now()
    key = PartnerKey.objects.create(
        partner=partner, member=member, label=label.strip()[:40], digest=digest_of(text),
        created_at=now, expires_at=now + timedelta(days=KEY_DAYS),
    )  # fmt: skip
    _record("key_made", partner, by, key=key.pk)
    return key, text


@transaction.atomic
def revoke_key(*, key, by):
    """Stop a key at once."""
    partner = locked(key.partner_id)
    _require_keeper(partner, by)
    if not PartnerKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
        raise PartnerError("这个密钥已经停用。", code="revoked")
    _record("key_revoked", partner, by, key=key.pk)


def digest_of(text):
    """What is kept of a key: keys are 256 random bits, so one plain hash is enough."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_member(user, partner):
    """Whether `user` may work in the partner's room today."""
    return (
        partner.state == PartnerState.APPROVED
        and partner.members.in_force().filter(user_id=user.pk).exists()
    )


def is_keeper(user, partner):
    """Whether `user` may add and end the partner's members today."""
    mine = partner.members.in_force().filter(user_id=user.pk, is_keeper=True)
    return partner.state == PartnerState.APPROVED and mine.exists()


def _join(partner, user, name, by, *, is_keeper):
    try:
        with transaction.atomic():
            member = PartnerMember.objects.create(
                partner=partner, user=user, name=name, added_by=by, is_keeper=is_keeper
            )
    except IntegrityError as clash:
        raise PartnerError("这位成员已经在名单里。", field="phone", code="member_once") from clash
    _record("member_added", partner, by, member=member.pk)
    return member


def _require_keeper(partner, by):
    if by.is_staff_member:
        if perms.may_keep_partners(by, partner.station) or perms.may_check_partners(
            by, partner.station
        ):
            return
    elif is_keeper(by, partner):
        return
    raise PartnerError("只有单位的管理成员或对接中心能管理成员。", code="not_a_keeper")


def _to_decide(partner, by, *states):
    partner = locked(partner)
    if not perms.may_check_partners(by, partner.station):
        raise PartnerError("请由对接中心的审核人或负责人办理。", code="not_yours")
    if partner.applied_by_id == by.pk and partner.state == PartnerState.APPLIED:
        raise PartnerError("您登记的单位请由另一位同事核对。", code="own_entry")
    _refuse_decided(partner, *states)
    return partner


def _refuse_decided(partner, *states):
    if partner.state not in states:
        raise PartnerError(
            f"这个单位现在是“{partner.get_state_display()}”，请刷新页面再看。", code="decided"
        )


def _wanted(reason):
    if not reason.strip():
        raise PartnerError("请写明原因，对方会看到。", field="reason")
    return reason.strip()[:200]


def _record(act, partner, by, **detail):
    audit.record(
        f"services.partner_{act}", partner, by=by, station=partner.station, detail=detail or None
    )

"""Postings: granted and ended by the security administrator (`domain.md` D.1)."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actions import staff
from accounts.audit import record
from services.models import Posting
from veterans_portal.errors import DomainError


class PostingRefusedError(DomainError):
    code = "posting_refused"


def grant_posting(*, user, station, role, by):
    """Let `user` work at `station` in `role` from today; the account takes effect with it.

    Returns the Posting. Raises DomainError for administrators, one's own account, closed
    stations and a second posting of the same kind.
    """
    if not user.is_staff_member:
        raise PostingRefusedError("管理员和公众账号不能担任业务岗位。")
    if not user.is_active:
        raise PostingRefusedError("这个账号已停用，请先由系统管理员启用。")
    if not station.is_active():
        raise PostingRefusedError(f"{station}已停用，请另选站点。", field="station")
    try:
        with transaction.atomic():
            posting = Posting.objects.create(
                user=user, station=station, role=role, granted_by=by, since=timezone.localdate()
            )
            record(
                "services.posting_granted", posting, by=by, station=station, detail=_detail(posting)
            )
            if not user.granted_at:
                staff.grant(user=user, by=by)
    except IntegrityError as taken:
        raise PostingRefusedError("此人在该站点已有同样的岗位。") from taken
    return posting


@transaction.atomic
def end_posting(*, posting, by):
    """End a posting today; the account rests when it was the last one."""
    today = timezone.localdate()
    ended = Posting.objects.filter(pk=posting.pk).filter(_open(today)).update(until=today)
    if not ended:
        raise PostingRefusedError("这个岗位已经结束了。")
    record(
        "services.posting_ended", posting, by=by, station=posting.station, detail=_detail(posting)
    )
    others = Posting.objects.filter(_open(today), user=posting.user)
    if not others.exists() and posting.user.granted_at:
        staff.withdraw_grant(user=posting.user, by=by)


def _open(today):
    return Q(until__isnull=True) | Q(until__gt=today)


def _detail(posting):
    return {
        "staff_number": posting.user.staff_number,
        "station": posting.station.code,
        "role": posting.role,
    }

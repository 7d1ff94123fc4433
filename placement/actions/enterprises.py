"""Veterans' enterprises: handed in by their founder, checked, shown, renewed, taken down (A125)."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from placement import perms
from placement.enums.startups import ENTERPRISE_LISTED, ENTERPRISE_TO_CHECK, EnterpriseState
from placement.models import VeteranEnterprise
from placement.notices import startups as notices
from services.booking_rules import refusal_by_file
from services.perms import may_keep_file
from veterans_portal import locking
from veterans_portal.errors import DomainError

RENEW_DAYS = 60  # so long before the end the founder may ask to stay
LONGEST_DAYS = 3 * 366


class EnterpriseError(DomainError):
    """A rule about veterans' enterprises refuses."""

    code = "enterprise_refused"


def locked(enterprise):
    """Return the enterprise, locked until the transaction ends, with all that acts read."""
    rows = VeteranEnterprise.objects.select_related("person__account", "station")
    return locking.locked(rows, getattr(enterprise, "pk", enterprise))


@transaction.atomic
def submit(*, enterprise, by):
    """Hand in an enterprise, or a changed one: it waits for a check, nobody sees it meanwhile."""
    _require_own(enterprise.person, by)
    if refusal := refusal_by_file(enterprise.person):
        raise refusal
    over = [EnterpriseState.REFUSED, EnterpriseState.REMOVED]
    if enterprise.pk and locked(enterprise).state in over:
        enterprise.published_on = enterprise.valid_until = None
    enterprise.station = enterprise.person.station
    enterprise.state, enterprise.reason = EnterpriseState.SUBMITTED, ""
    enterprise.submitted_by, enterprise.submitted_at = by, timezone.now()
    enterprise.featured, enterprise.ended_on = False, None
    try:
        with transaction.atomic():
            enterprise.save()
    except IntegrityError as taken:
        raise EnterpriseError(
            "这个统一社会信用代码已经登记过，请核对。", field="credit_code", code="twice"
        ) from taken
    _record("submitted", enterprise, by)
    return enterprise


@transaction.atomic
def renew(*, enterprise, by, now=None):
    """Ask to stay in the directory as it is; it stays visible until its day while it is checked."""
    enterprise = locked(enterprise)
    _require_own(enterprise.person, by)
    today = timezone.localdate(now or timezone.now())
    if enterprise.state != EnterpriseState.PUBLISHED:
        raise EnterpriseError("展示中的企业才能续展。", code="wrong_state")
    if enterprise.valid_until - today > timedelta(days=RENEW_DAYS):
        raise EnterpriseError(f"到期前{RENEW_DAYS}天起可以续展，现在还不用。", code="early")
    enterprise.state = EnterpriseState.RENEWING
    enterprise.submitted_by, enterprise.submitted_at = by, timezone.now()
    enterprise.save()
    _record("renewal_asked", enterprise, by)
    return enterprise


@transaction.atomic
def publish(*, enterprise, by, valid_until, now=None):
    """Find it right and show it until a day. Never by the one who handed it in."""
    now = now or timezone.now()
    enterprise = _to_check(enterprise, by)
    today = timezone.localdate(now)
    if not today < valid_until <= today + timedelta(days=LONGEST_DAYS):
        raise EnterpriseError("展示到期日应在今天以后、三年以内。", field="valid_until")
    enterprise.state, enterprise.valid_until = EnterpriseState.PUBLISHED, valid_until
    enterprise.published_on = enterprise.published_on or today
    enterprise.decided_by, enterprise.decided_at, enterprise.reason = by, now, ""
    enterprise.save()
    _record("published", enterprise, by, until=f"{valid_until}")
    notices.tell_person(enterprise, notices.published(enterprise))
    return enterprise


@transaction.atomic
def refuse(*, enterprise, by, reason, now=None):
    """Not show it, with the reason that its founder reads."""
    enterprise = _to_check(enterprise, by)
    if enterprise.published_on:
        enterprise.ended_on = timezone.localdate(now or timezone.now())
    enterprise.featured = False
    enterprise.state, enterprise.reason = EnterpriseState.REFUSED, _wanted(reason)
    enterprise.decided_by, enterprise.decided_at = by, now or timezone.now()
    enterprise.save()
    _record("refused", enterprise, by, reason=enterprise.reason)
    notices.tell_person(enterprise, notices.not_published(enterprise))
    return enterprise


@transaction.atomic
def remove(*, enterprise, by, reason, now=None):
    """Take it down today: by its founder, or by a reviewer or head, who say why."""
    now = now or timezone.now()
    enterprise = locked(enterprise)
    own = enterprise.person.account_id == by.pk
    if not own and not perms.may_check_loans(by, enterprise.station):
        raise EnterpriseError("请由本人或审核站点的审核人、负责人撤下。", code="not_yours")
    if enterprise.state == EnterpriseState.REMOVED:
        raise EnterpriseError("已经撤下了。", code="wrong_state")
    enterprise.state, enterprise.reason = EnterpriseState.REMOVED, _wanted(reason)
    enterprise.featured, enterprise.ended_on = False, timezone.localdate(now)
    enterprise.save()
    _record("removed", enterprise, by, reason=enterprise.reason)
    if not own:
        notices.tell_person(enterprise, notices.removed(enterprise))
    return enterprise


@transaction.atomic
def feature(*, enterprise, by, on):
    """Show a listed enterprise first, or no longer."""
    enterprise = locked(enterprise)
    if not perms.may_check_loans(by, enterprise.station):
        raise EnterpriseError("请由审核站点的审核人或负责人办理。", code="not_yours")
    if on and enterprise.state not in ENTERPRISE_LISTED:
        raise EnterpriseError("展示中的企业才能放在风采展示里。", code="wrong_state")
    enterprise.featured = on
    enterprise.save()
    _record("featured" if on else "unfeatured", enterprise, by)
    return enterprise


def _to_check(enterprise, by):
    enterprise = locked(enterprise)
    if not perms.may_check_loans(by, enterprise.station):
        raise EnterpriseError("请由审核站点的审核人或负责人审核。", code="not_yours")
    if enterprise.submitted_by_id == by.pk:
        raise EnterpriseError("您提交的企业请由另一位同事审核。", code="own_entry")
    if enterprise.state not in ENTERPRISE_TO_CHECK:
        raise EnterpriseError(
            f"这家企业现在是“{enterprise.get_state_display()}”，请刷新页面再看。",
            code="wrong_state",
        )
    return enterprise


def _require_own(person, by):
    if not (person.account_id == by.pk or may_keep_file(by, person.station)):
        raise EnterpriseError("请由本人办理，或请档案所在的站点代办。", code="not_yours")


def _wanted(reason):
    if not reason.strip():
        raise EnterpriseError("请写明原因，本人会看到。", field="reason")
    return reason.strip()[:200]


def _record(act, enterprise, by, **detail):
    own = by.pk == enterprise.person.account_id
    audit.record(
        f"placement.enterprise_{act}", enterprise, by=by, station=enterprise.station,
        on_behalf_of="" if own else enterprise.person.name, detail=detail or None,
    )  # fmt: skip

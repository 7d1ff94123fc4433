"""Scoring schemes: written by one, approved by another, then kept; a new version begins as a copy."""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from accounts import audit
from placement import perms
from placement.enums import SchemeState
from placement.models import ScoringRule, ScoringScheme, TieStep
from veterans_portal import locking
from veterans_portal.errors import DomainError


class SchemeError(DomainError):
    """A rule about scoring schemes refuses."""

    code = "scheme_refused"


def locked(scheme):
    """Return the scheme's row, locked until the transaction ends."""
    return locking.locked(ScoringScheme.objects.select_related("station"), scheme.pk)


@transaction.atomic
def write(*, scheme, by):
    """Begin a scheme (unsaved ScoringScheme) of a station; returns it."""
    _require_writer(scheme, by)
    scheme.written_by, scheme.state, scheme.version = by, SchemeState.DRAFT, _next(scheme)
    scheme.save(force_insert=True)
    _record("written", scheme, by)
    return scheme


@transaction.atomic
def copy(*, scheme, by):
    """Begin the next version of a scheme with all its rules and its tie chain; returns the copy."""
    rules, steps = list(scheme.rules.all()), list(scheme.tie_steps.all())
    fresh = ScoringScheme(**{
        field: getattr(scheme, field)
        for field in ("station", "name", "basis", "effective_from", "effective_until",
                      "part_months", "short_part", "long_part", "is_sample")
    })  # fmt: skip
    write(scheme=fresh, by=by)
    for row in [*rules, *steps]:
        row.pk, row.scheme = None, fresh
        row._state.adding = True
    ScoringRule.objects.bulk_create(rules)
    TieStep.objects.bulk_create(steps)
    return fresh


@transaction.atomic
def change(*, scheme, by, **facts):
    """Change a scheme that is being written: name, basis, dates, how part years count."""
    kept = _writing(scheme, by)
    for field, value in facts.items():
        setattr(kept, field, value)
    kept.save()
    _record("changed", kept, by)
    return kept


@transaction.atomic
def put_rule(*, rule, by):
    """Add or change a rule (ScoringRule, checked by its form) of a scheme that is being written."""
    scheme = _writing(rule.scheme, by)
    if rule.pk is None and not rule.position:
        last = scheme.rules.aggregate(last=Max("position"))["last"] or 0
        rule.position = last + 10
    rule.scheme = scheme
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as taken:
        raise SchemeError("这个项目已经有了，或填写不合规定，请核对。", field="name") from taken
    _record("changed", scheme, by, rule=rule.name)
    return rule


@transaction.atomic
def remove_rule(*, rule, by):
    """Take a rule out of a scheme that is being written."""
    scheme = _writing(rule.scheme, by)
    name = rule.name
    rule.delete()
    _record("changed", scheme, by, removed=name)


@transaction.atomic
def set_tie_chain(*, scheme, by, groups):
    """By which groups' points equal totals are told apart, the first first."""
    scheme = _writing(scheme, by)
    groups = list(dict.fromkeys(groups))
    scheme.tie_steps.all().delete()
    TieStep.objects.bulk_create(
        TieStep(scheme=scheme, position=position, group=group)
        for position, group in enumerate(groups, start=1)
    )
    _record("changed", scheme, by, ties=groups)
    return scheme


@transaction.atomic
def submit(*, scheme, by):
    """Hand it in: from now on its rules stay as they are."""
    scheme = _writing(scheme, by)
    if not scheme.rules.exists():
        raise SchemeError("还没有计分项目，请先添加。", code="empty")
    scheme.state, scheme.returned_reason = SchemeState.SUBMITTED, ""
    scheme.save()
    _record("submitted", scheme, by)
    return scheme


@transaction.atomic
def send_back(*, scheme, by, reason):
    """Give it back to be written further."""
    scheme = _deciding(scheme, by, SchemeState.SUBMITTED)
    if not reason.strip():
        raise SchemeError("请写明退回原因。", field="reason")
    scheme.state, scheme.returned_reason = SchemeState.DRAFT, reason.strip()[:200]
    scheme.save()
    _record("returned", scheme, by, reason=scheme.returned_reason)
    return scheme


@transaction.atomic
def approve(*, scheme, by):
    """Put it in force, never by the one who wrote it."""
    scheme = _deciding(scheme, by, SchemeState.SUBMITTED)
    if scheme.written_by_id == by.pk:
        raise SchemeError("起草人和批准人不能是同一个人，请另一位同事批准。", code="own_work")
    scheme.state, scheme.approved_by = SchemeState.IN_FORCE, by
    scheme.approved_at = timezone.now()
    scheme.save()
    _record("approved", scheme, by)
    return scheme


@transaction.atomic
def retire(*, scheme, by):
    """Use it for nobody any more; sheets counted under it stay."""
    scheme = _deciding(scheme, by, SchemeState.IN_FORCE)
    scheme.state = SchemeState.RETIRED
    scheme.save()
    _record("retired", scheme, by)
    return scheme


def _next(scheme):
    same = ScoringScheme.objects.filter(station=scheme.station, name=scheme.name)
    return (same.aggregate(last=Max("version"))["last"] or 0) + 1


def _require_writer(scheme, by):
    if not perms.may_handle_cases(by, scheme.station):
        raise SchemeError("请由本单位的经办人或负责人起草。", code="not_allowed")


def _writing(scheme, by):
    scheme = locked(scheme)
    _require_writer(scheme, by)
    if scheme.state != SchemeState.DRAFT:
        raise SchemeError(
            f"这份办法现在是“{scheme.get_state_display()}”，不能再改。要改请新建一版。",
            code="wrong_state",
        )
    return scheme


def _deciding(scheme, by, state):
    scheme = locked(scheme)
    if not perms.may_decide_cases(by, scheme.station):
        raise SchemeError("请由本单位的审核人或负责人办理。", code="not_allowed")
    if scheme.state != state:
        raise SchemeError(
            f"这份办法现在是“{scheme.get_state_display()}”，请刷新页面查看。", code="wrong_state"
        )
    return scheme


def _record(act, scheme, by, **detail):
    audit.record(
        f"placement.scheme_{act}", scheme, by=by, station=scheme.station,
        detail={"version": scheme.version, **detail},
    )  # fmt: skip

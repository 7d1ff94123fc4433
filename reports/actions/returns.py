"""The life of a return: saved, filed, sent back by indicator, accepted (`domain.md` C.3)."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit
from accounts.messages import tell
from reports import bulk, checks
from reports.enums import ReturnAct, ReturnState
from reports.models import Figure, Return
from veterans_portal.chinese_dates import time_of_day
from veterans_portal.errors import DomainError
from veterans_portal.indicators import previous_month

TYPED = ["typed_value", "typed_numerator", "typed_denominator", "reason"]


@dataclass(frozen=True)
class Entry:
    """What a person put into one indicator; blank numbers leave the system's figure standing."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    reason: str = ""


class StaleReturnError(DomainError):
    """Somebody else changed the return meanwhile; `now` is how it stands."""

    code = "stale"

    def __init__(self, now):
        last = now.versions.select_related("by").first()
        who = str(last.by) if last and last.by else "系统"
        what = last.get_act_display() if last else "改动"
        when = time_of_day(last.at) if last else ""
        super().__init__(
            f"这份月报刚刚由{who}在{when}改动过（{what}，第{now.version}版）。"
            "您填的内容还在下面，没有丢；请对照最新的数，再保存或上报一次。"
        )
        self.now = now


class FiguresRefusedError(DomainError):
    """Some cells need mending: `problems` is {code: [sentence]}."""

    code = "figures"

    def __init__(self, problems):
        super().__init__(f"有{len(problems)}项指标需要更正，见表中红字。")
        self.problems = problems


@transaction.atomic
def save_return(*, of, version, entries, by, act=ReturnAct.SAVED):
    """Keep a draft. Only indicators that are open change: all of a new return, those sent back of
    a returned one. Raises StaleReturnError, FiguresRefusedError, or DomainError in a state that is closed.
    """
    current = _editable(of, version)
    _type_in(current, entries, for_filing=False)
    if current.state == ReturnState.NOT_STARTED:
        current.state = ReturnState.DRAFT
    _step(current, act, by, ["state"])
    name = "reports.return_uploaded" if act == ReturnAct.UPLOADED else "reports.return_saved"
    audit.record(name, current, by=by, detail={"version": current.version})
    return current


@transaction.atomic
def file_return(*, of, version, entries, by):
    """Type in and file in one go, after all checks. Re-filing clears what was sent back.

    Raises StaleReturnError, FiguresRefusedError, or DomainError in a state that is closed.
    """
    current = _editable(of, version)
    _type_in(current, entries, for_filing=True)
    now = timezone.now()
    current.state = ReturnState.FILED
    current.filler, current.filed_at = by, now
    current.first_filed_at = current.first_filed_at or now
    current.head_name = current.station.head_name
    current.reviewer = current.reviewed_at = None
    fields = [
        "state",
        "filler",
        "filed_at",
        "first_filed_at",
        "head_name",
        "reviewer",
        "reviewed_at",
    ]
    current.figures.exclude(returned_reason="").update(returned_reason="")
    _step(current, ReturnAct.FILED, by, fields)
    audit.record("reports.return_filed", current, by=by, detail={"version": current.version})
    return current


@transaction.atomic
def send_back(*, of, version, reasons, by):
    """Return a filed or accepted month to its station, naming indicators: `reasons` is
    {code: why}; only these can be changed then (`domain.md` C.3 rule 2)."""
    reasons = {code: why.strip() for code, why in reasons.items() if why.strip()}
    if not reasons:
        raise DomainError("请至少在一项指标下写明退回的原因，站点才知道改哪里。")
    current = _reviewable(of, version, by, ReturnState.FILED, ReturnState.ACCEPTED)
    figures = list(current.figures.filter(code__in=reasons))
    for figure in figures:
        figure.returned_reason = reasons[figure.code][:200]
    Figure.objects.bulk_update(figures, ["returned_reason"])
    current.state = ReturnState.RETURNED
    current.reviewer, current.reviewed_at = by, timezone.now()
    current.times_returned += 1
    _step(
        current,
        ReturnAct.RETURNED,
        by,
        ["state", "reviewer", "reviewed_at", "times_returned"],
        note="；".join(f"{code}：{why}" for code, why in reasons.items()),
    )
    audit.record("reports.return_sent_back", current, by=by, detail={"reasons": reasons})
    tell(
        to=current.filler,
        kind="reports.sent_back",
        title=f"{current.period}月报已退回，请修改",
        body=f"{current.station.name}：{'、'.join(reasons)}需要修改，原因写在表内。改好后请再次上报。",
        url=current.get_absolute_url(),
        about=current,
        dedupe=f"return:{current.pk}:back:{current.times_returned}",
    )
    return current


@transaction.atomic
def accept_return(*, of, version, by):
    """Accept a filed month. Raises StaleReturnError, or DomainError when `by` filled it in person."""
    current = _reviewable(of, version, by, ReturnState.FILED)
    current.state = ReturnState.ACCEPTED
    current.reviewer, current.reviewed_at = by, timezone.now()
    _step(current, ReturnAct.ACCEPTED, by, ["state", "reviewer", "reviewed_at"])
    audit.record("reports.return_accepted", current, by=by, detail={"version": current.version})
    return current


@transaction.atomic
def accept_returns(*, seen, by):
    """Accept several filed months at once: `seen` is {return: version looked at}.

    Returns (accepted, refused): the returns, and [(return, why not)] for the others.
    """
    versions = {of.pk: version for of, version in seen.items()}
    accepted, refused = [], []
    for current in _locked().filter(pk__in=versions).order_by("pk"):
        try:
            _check_reviewable(current, versions[current.pk], by, ReturnState.FILED)
        except DomainError as error:
            refused.append((current, error.message))
        else:
            accepted.append(current)
    now = timezone.now()
    Return.objects.filter(pk__in=[of.pk for of in accepted]).update(
        state=ReturnState.ACCEPTED, reviewer=by, reviewed_at=now, version=F("version") + 1
    )
    bulk.keep_versions(accepted, act=ReturnAct.ACCEPTED, by=by)
    for of in accepted:
        detail = {"version": versions[of.pk] + 1}
        audit.record("reports.return_accepted", of, by=by, detail=detail)
    return accepted, refused


def last_month_values(of):
    """`{code: value}` of the same station one month before, for the jump check."""
    figures = Figure.objects.filter(
        of__station_id=of.station_id, of__period__month=previous_month(of.period.month)
    )
    return {figure.code: figure.value for figure in figures}


def _locked():
    return Return.objects.select_for_update(of=("self",), no_key=True).select_related(
        "station__parent", "period", "filler", "reviewer"
    )


def _editable(of, version):
    current = _locked().get(pk=of.pk)
    if current.version != version:
        raise StaleReturnError(current)
    if not current.is_editable:
        raise DomainError(
            f"这份月报{current.get_state_display()}，不能再改。需要改动请联系上级退回。"
        )
    return current


def _reviewable(of, version, by, *states):
    current = _locked().get(pk=of.pk)
    _check_reviewable(current, version, by, *states)
    return current


def _check_reviewable(current, version, by, *states):
    """Refuse what is not in the right state, changed since it was read, or the reviewer's own."""
    if current.version != version:
        raise StaleReturnError(current)
    if current.state not in states:
        raise DomainError(f"这份月报{current.get_state_display()}，现在不能审核或退回。")
    if current.filler_id == by.pk:
        raise DomainError("这份月报是您本人填报的，请由另一位同事审核。")


def _type_in(current, entries, *, for_filing):
    """Check and store what was typed; nothing is stored when a cell is refused."""
    last = last_month_values(current)
    figures = list(current.figures.select_for_update(no_key=True).order_by("code"))
    lines, changed = [], []
    for figure in figures:
        entry = entries.get(figure.code)
        is_open = current.state != ReturnState.RETURNED or figure.returned_reason
        if entry is not None and is_open and _differs(figure, entry, last.get(figure.code)):
            changed.append(figure)
        lines.append(checks.line_of(figure, last.get(figure.code)))
    problems = checks.of_cells(lines)
    if for_filing:
        for code, sentences in checks.of_filing(lines).items():
            problems[code] = problems.get(code, []) + sentences
    if problems:
        raise FiguresRefusedError(problems)
    if changed:
        Figure.objects.bulk_update(changed, TYPED)


def _differs(figure, entry, last):
    before = [getattr(figure, name) for name in TYPED]
    line = checks.line_of(figure, last)
    line.typed, line.numerator, line.denominator = entry.value, entry.numerator, entry.denominator
    line.settle()
    figure.typed_value, figure.reason = line.typed, entry.reason.strip()[:200]
    figure.typed_numerator, figure.typed_denominator = line.numerator, line.denominator
    return before != [getattr(figure, name) for name in TYPED]


def _step(current, act, by, fields, note=""):
    current.version += 1
    current.save(update_fields=[*fields, "version"])
    bulk.keep_versions([current], act=act, by=by, note=note)

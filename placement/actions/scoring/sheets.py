"""A score sheet: begun, lines with evidence, checked twice by different people, sent to the person."""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from placement import perms, points
from placement.actions.cases.trail import (
    CaseError,
    expect,
    locked,
    move,
    record,
    record_event,
    require_handler,
)
from placement.enums import CaseAct, CaseState, QuantitySource, SheetState
from placement.models import PlacementTerms, ScoreLine, ScoreSheet, ScoringScheme
from placement.notices import cases as notices
from services.actions.workdays import due_day


@transaction.atomic
def start(*, case, by):
    """Begin the sheet of a file under the scheme that counts for the day of discharge.

    Raises CaseError when there is none in force, or a sheet already.
    """
    case = locked(case)
    require_handler(case, by)
    expect(case, [CaseState.FILE_CHECK], "计分")
    if not case.grounds:
        raise CaseError("请先写明符合安排工作的哪一项条件。", code="no_grounds")
    scheme = ScoringScheme.objects.for_discharge(case.discharged_on, case.station)
    if scheme is None:
        raise CaseError(
            f"没有适用于{notices.day(case.discharged_on)}退役人员的计分办法，请先起草并批准。",
            code="no_scheme",
        )
    if case.sheets.current().exists():
        raise CaseError("这份安置档案已经有计分表。", code="there_already")
    sheet = ScoreSheet.objects.create(
        case=case, scheme=scheme, version=_next_version(case), counted_by=by
    )
    record("sheet_started", case, by=by, scheme=scheme.pk, version=sheet.version)
    return sheet


def suggestions(sheet):
    """[(rule, quantity, why)] that the person's file says and the sheet does not have yet."""
    there = set(sheet.lines.values_list("rule_id", flat=True))
    found = []
    for rule in sheet.scheme.rules.exclude(source=QuantitySource.TYPED).exclude(pk__in=there):
        quantity, why = _from_file(sheet, rule)
        if quantity is None or quantity > 0:
            found.append((rule, quantity, why))
    return found


@transaction.atomic
def add_line(*, sheet, by, rule, evidence, quantity=None):
    """Add a line: `quantity` is wanted for rules that are typed, computed from the file for others."""
    sheet = _writing(sheet, by)
    if rule.scheme_id != sheet.scheme_id:
        raise CaseError("请从这份办法的项目里选择。", field="rule")
    if evidence.case_id != sheet.case_id or evidence.removed_at is not None:
        raise CaseError("请从这份安置档案登记的依据里选择。", field="evidence")
    why = ""
    if rule.source != QuantitySource.TYPED:
        quantity, why = _from_file(sheet, rule)
        if quantity is None:
            raise CaseError(why, field="rule", code="file_incomplete")
        if quantity <= 0:
            raise CaseError("按人员档案，这一项不适用。", field="rule", code="does_not_apply")
        if sheet.lines.filter(rule=rule).exists():
            raise CaseError("这一项已经计过了。", field="rule", code="there_already")
    elif quantity is None or quantity <= 0:
        raise CaseError("请填写数量，要大于0。", field="quantity")
    try:
        with transaction.atomic():
            line = ScoreLine.objects.create(
                sheet=sheet,
                rule=rule,
                evidence=evidence,
                quantity=quantity,
                points=0,
                why=why[:120],
            )
    except IntegrityError as taken:
        raise CaseError("这份依据已经为这个项目计过分。", field="evidence") from taken
    _recount(sheet)
    record("sheet_line_added", sheet.case, by=by, rule=rule.name, quantity=str(quantity))
    return line


@transaction.atomic
def remove_line(*, line, by):
    """Take a line out of a sheet that is being counted."""
    sheet = _writing(line.sheet, by)
    name = line.rule.name
    sheet.lines.filter(pk=line.pk).delete()
    _recount(sheet)
    record("sheet_line_removed", sheet.case, by=by, rule=name)
    return sheet


@transaction.atomic
def check(*, sheet, by):
    """Sign every line that `by` has not signed and that still wants a checker; returns how many.

    A line wants two: the second must be another person. Raises CaseError when nothing was left
    for this reader to sign.
    """
    case = locked(sheet.case_id)
    sheet = ScoreSheet.objects.select_related("scheme").get(pk=sheet.pk)
    sheet.case = case
    if not perms.may_check_points(by, case.station):
        raise CaseError("请由接收单位的工作人员核对。", code="not_allowed")
    _expect_writing(sheet)
    now = timezone.now()
    first = sheet.lines.filter(checker1=None)
    second = sheet.lines.filter(checker1__isnull=False, checker2=None).exclude(checker1=by)
    pks = list(second.values_list("pk", flat=True))
    done = first.update(checker1=by, checked1_at=now)
    done += sheet.lines.filter(pk__in=pks).update(checker2=by, checked2_at=now)
    if not done:
        raise CaseError(
            "您已核对过，还需要另一位同事复核。" if sheet.lines.filter(checker2=None).exists()
            else "没有需要您核对的项目。",
            code="nothing_to_check",
        )  # fmt: skip
    record("sheet_checked", case, by=by, lines=done, total=str(sheet.total))
    return done


@transaction.atomic
def finish(*, sheet, by):
    """All lines are checked by two: the person is asked to confirm, within working days."""
    sheet = _writing(sheet, by)
    case = sheet.case
    lines = list(sheet.lines.all())
    if not lines:
        raise CaseError("计分表还是空的。", code="empty")
    if any(not line.is_checked for line in lines):
        raise CaseError("每一项都要两个人核对过，才能请本人确认。", code="unchecked")
    terms = PlacementTerms.objects.on(timezone.localdate())
    sheet.state, sheet.confirm_by = SheetState.TO_CONFIRM, due_day(terms.confirm_workdays)
    sheet.save()
    move(case, CaseState.SCORED, CaseAct.SCORED, by=by,
         public=f"得分{sheet.total}分，请在{notices.day(sheet.confirm_by)}前核对。")  # fmt: skip
    record("sheet_finished", case, by=by, total=str(sheet.total))
    notices.tell(case, notices.to_confirm(case, sheet))
    return sheet


@transaction.atomic
def take_back(*, sheet, by):
    """Count anew before the person has answered: the checks of lines that stay are kept."""
    case = locked(sheet.case_id)
    require_handler(case, by)
    sheet = ScoreSheet.objects.get(pk=sheet.pk)
    if sheet.state != SheetState.TO_CONFIRM or case.state != CaseState.SCORED:
        raise CaseError("本人已经答复，不能再收回。", code="wrong_state")
    sheet.state = SheetState.DRAFT
    sheet.save()
    move(case, CaseState.FILE_CHECK, CaseAct.RECOUNTED, by=by, public="计分表收回，重新核算。")
    record("sheet_taken_back", case, by=by)
    notices.tell(case, notices.taken_back(case))
    return sheet


def new_version(sheet, *, by):
    """Supersede a sheet by a copy whose lines nobody has checked (inside an act, file locked)."""
    lines = list(sheet.lines.all())
    sheet.state = SheetState.SUPERSEDED
    sheet.save()
    fresh = ScoreSheet.objects.create(
        case=sheet.case, scheme=sheet.scheme, version=_next_version(sheet.case), counted_by=by,
        total=sheet.total, places_first=sheet.places_first, tie_points=sheet.tie_points,
    )  # fmt: skip
    ScoreLine.objects.bulk_create(
        ScoreLine(sheet=fresh, rule_id=each.rule_id, evidence_id=each.evidence_id,
                  quantity=each.quantity, points=each.points, why=each.why)
        for each in lines
    )  # fmt: skip
    record_event(sheet.case, CaseAct.RECOUNTED, by=by, staff=f"第{fresh.version}版计分表")
    return fresh


def _from_file(sheet, rule):
    case = sheet.case
    return points.quantity_from_file(
        rule, case.person, sheet.scheme, discharged_on=case.discharged_on
    )


def _recount(sheet):
    """Points of every line with the caps over all, the totals, the keys for ties; a line whose
    points changed wants its checks again."""
    lines = list(sheet.lines.select_related("rule").order_by("rule__position", "pk"))
    found = points.counted([(line.rule, line.quantity) for line in lines])
    for line, now in zip(lines, found, strict=True):
        if line.points != now:
            line.points = now
            line.checker1 = line.checked1_at = line.checker2 = line.checked2_at = None
            line.save()
    chain = list(sheet.scheme.tie_steps.values_list("group", flat=True))
    sheet.total, sheet.places_first, sheet.tie_points = points.sums(lines, chain)
    sheet.save(update_fields=["total", "places_first", "tie_points"])


def _writing(sheet, by):
    case = locked(sheet.case_id)
    require_handler(case, by)
    sheet = ScoreSheet.objects.select_related("scheme").get(pk=sheet.pk)
    sheet.case = case
    _expect_writing(sheet)
    expect(case, [CaseState.FILE_CHECK], "计分")
    return sheet


def _expect_writing(sheet):
    if sheet.state != SheetState.DRAFT:
        raise CaseError(
            f"计分表现在是“{sheet.get_state_display()}”，不能再改，请刷新页面查看。",
            code="wrong_state",
        )


def _next_version(case):
    return (case.sheets.aggregate(last=Max("version"))["last"] or 0) + 1

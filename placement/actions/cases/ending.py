"""The file ends without a seat: given up, cancelled, or turned into finding work oneself (L2 §34, §51)."""

from django.db import transaction
from django.utils import timezone

from placement.actions.cases.trail import (
    CaseError,
    expect,
    locked,
    move,
    record,
    require_decider,
    required,
)
from placement.enums import (
    CASE_OPEN,
    CaseAct,
    CaseState,
    ObjectionState,
    PublicationState,
    SheetState,
)
from placement.models import PublishedScore, ScoreObjection
from placement.notices import cases as notices
from services.enums import PlacementWay


def waive(*, case, by, reason):
    """They do not want, or lost by being late without a cause, the arranged job."""
    return _end(case, CaseState.WAIVED, CaseAct.WAIVED, by=by, reason=reason, word="case_waived")


def cancel(*, case, by, reason):
    """The arranged job is taken away (L2 §34, §35): with the reason the person reads."""
    return _end(
        case, CaseState.CANCELLED, CaseAct.CANCELLED, by=by, reason=reason, word="case_cancelled"
    )


def convert(*, case, by, reason):
    """They chose to find work themselves instead; the person's file says so from now on."""
    return _end(
        case, CaseState.CONVERTED, CaseAct.CONVERTED, by=by, reason=reason, word="case_converted"
    )


@transaction.atomic
def _end(case, state, act, *, by, reason, word):
    case = locked(case)
    require_decider(case, by)
    expect(case, CASE_OPEN, "终止")
    if state == CaseState.CONVERTED and not case.is_arranged:
        raise CaseError("只有安排工作的可以转为自主就业。", code="not_arranged")
    reason = required(reason, "reason", "请写明原因，本人会看到。")
    _refuse_while_published(case)
    case.ended_on, case.ended_reason = timezone.localdate(), reason
    _close_points(case)
    move(case, state, act, by=by, public=reason)
    if state == CaseState.CONVERTED:
        case.person.placement_way = PlacementWay.SELF_EMPLOYMENT
        case.person.save(update_fields=["placement_way", "updated_at"])
    record(word, case, by=by, reason=reason)
    notices.tell(case, notices.ended(case))
    return case


def _refuse_while_published(case):
    """A published list is not shortened in secret: it is withdrawn first."""
    running = PublishedScore.objects.filter(
        sheet__case=case,
        publication__state__in=[PublicationState.DRAFT, PublicationState.RUNNING],
    )
    if running.exists():
        raise CaseError("分数正在公示，请先撤回公示，再终止这份安置档案。", code="published")


def _close_points(case):
    """What still waited for an answer ends with the file."""
    open_ones = ScoreObjection.objects.open().filter(sheet__case=case)
    open_ones.update(state=ObjectionState.WITHDRAWN)
    case.sheets.current().exclude(state=SheetState.FINAL).update(state=SheetState.SUPERSEDED)

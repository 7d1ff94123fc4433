"""Scores are published for working days, end by themselves, and are final when nothing is open.

While an objection is open after the term the list is no longer shown, but not settled either: ranks
become final together, so that nobody's rank changes after somebody else's became final.
"""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from placement import perms, points
from placement.actions.cases.trail import CaseError, locked_all, move, required
from placement.enums import CaseAct, CaseState, PublicationState, SheetState
from placement.models import (
    PlacementTerms,
    PublishedScore,
    ScoreObjection,
    ScorePublication,
    ScoreSheet,
)
from placement.notices import cases as notices
from services.actions.workdays import due_day
from services.models import CalendarDay
from veterans_portal import locking
from veterans_portal.masking import mask_name

UNANSWERED = "本人在期限内没有答复"


def publishable(station, year, today=None):
    """Sheets of a centre's year that may be published: confirmed, or not answered in time."""
    today = today or timezone.localdate()
    found = ScoreSheet.objects.filter(
        case__station=station, case__year=year, case__state=CaseState.SCORED
    ).select_related("case__person__account", "case__station")
    confirmed = found.filter(state=SheetState.CONFIRMED)
    return confirmed | found.filter(state=SheetState.TO_CONFIRM, confirm_by__lt=today)


def still_counted(station, year):
    """How many of the year are not as far: reported or being counted, or asked and in time."""
    cases = station.placement_cases.arranged().filter(year=year)
    before = cases.filter(
        state__in=[CaseState.REPORTED, CaseState.FILE_CHECK, CaseState.SCORED, CaseState.OBJECTION]
    )
    return before.exclude(pk__in=publishable(station, year).values("case")).count()


@transaction.atomic
def prepare(*, station, year, by, full_names=True):
    """Draw up the list with totals and ranks as of now; another approves it. Returns it."""
    if not perms.may_handle_cases(by, station):
        raise CaseError("请由接收单位的经办人或负责人拟公示。", code="not_allowed")
    sheets = list(publishable(station, year))
    if not sheets:
        raise CaseError("还没有可以公示的计分表：要本人确认过，或确认期限已过。", code="empty")
    if ScorePublication.objects.filter(
        station=station, year=year, state__in=[PublicationState.DRAFT, PublicationState.RUNNING]
    ).exists():
        raise CaseError("这个年度已有一份公示在进行，请先办完。", code="one_at_a_time")
    publication = ScorePublication.objects.create(
        station=station, year=year, prepared_by=by, full_names=full_names
    )
    PublishedScore.objects.bulk_create(
        PublishedScore(
            publication=publication, sheet=sheet, total=sheet.total, rank=rank,
            name=sheet.case.person.name if full_names else mask_name(sheet.case.person.name),
        )
        for rank, sheet in points.ranked(sheets)
    )  # fmt: skip
    _record("prepared", publication, by, people=len(sheets))
    return publication


@transaction.atomic
def approve(*, publication, by, starts_on=None):
    """Publish from `starts_on` (default today) for the working days of the terms in force.

    The first day counts when people work on it. Raises CaseError when the approver prepared it,
    or the list is no longer what it was.
    """
    publication = held(publication)
    _require_decider(publication, by)
    if publication.state != PublicationState.DRAFT:
        raise CaseError("这份公示已经办过，请刷新页面查看。", code="wrong_state")
    if publication.prepared_by_id == by.pk:
        raise CaseError("拟稿人和批准人不能是同一个人，请另一位同事批准。", code="own_work")
    today = timezone.localdate()
    starts_on = starts_on or today
    if starts_on < today:
        raise CaseError("公示不能从过去的日子开始。", field="starts_on")
    entries = list(publication.entries.select_related("sheet"))
    cases = {each.pk: each for each in locked_all([each.sheet.case_id for each in entries])}
    sheets = {
        each.pk: each
        for each in ScoreSheet.objects.filter(pk__in=[each.sheet_id for each in entries])
    }
    for entry in entries:
        sheet = sheets[entry.sheet_id]
        if (
            sheet.state not in (SheetState.CONFIRMED, SheetState.TO_CONFIRM)
            or sheet.total != entry.total
            or cases[sheet.case_id].state != CaseState.SCORED
        ):
            raise CaseError(
                "拟稿以后名单里有人的分数变了，请撤回这份，重新拟。", code="list_changed"
            )
    publication.starts_on = starts_on
    publication.ends_on = last_day(
        starts_on, PlacementTerms.objects.on(starts_on).publicity_workdays
    )
    publication.state, publication.approved_by = PublicationState.RUNNING, by
    publication.approved_at = timezone.now()
    publication.save()
    for entry in entries:
        sheet, case = sheets[entry.sheet_id], cases[sheets[entry.sheet_id].case_id]
        silent = sheet.state == SheetState.TO_CONFIRM
        sheet.state = SheetState.PUBLISHED
        sheet.save()
        move(case, CaseState.SCORE_PUBLICITY, CaseAct.PUBLISHED, by=by,
             public=f"公示至{notices.day(publication.ends_on)}。",
             staff=UNANSWERED if silent else "")  # fmt: skip
        notices.tell(case, notices.published(case, publication))
    _record("approved", publication, by, until=publication.ends_on.isoformat())
    return publication


def last_day(starts_on, workdays):
    """The last day of a publication of `workdays` working days that begins on `starts_on`."""
    known = CalendarDay.objects.filter(day=starts_on).first()
    works = known.is_workday if known else starts_on.weekday() < 5
    return due_day(workdays - works, after=starts_on)


@transaction.atomic
def withdraw(*, publication, by, reason, upheld=None):
    """Take a list back, with the reason that is shown: its files wait to be published anew.

    `upheld` is the file whose points were found wrong: it goes its own way.
    """
    publication = held(publication)
    _require_decider(publication, by)
    if publication.state not in (PublicationState.DRAFT, PublicationState.RUNNING):
        raise CaseError("这份公示已经办过，请刷新页面查看。", code="wrong_state")
    was_running = publication.state == PublicationState.RUNNING
    publication.state, publication.withdrawn_by = PublicationState.WITHDRAWN, by
    publication.withdrawn_at = timezone.now()
    publication.reason = required(reason, "reason", "请写明撤回原因。", longest=200)
    publication.save()
    if was_running:
        _return_files(publication, by, upheld)
    _record("withdrawn", publication, by, reason=publication.reason)
    return publication


def _return_files(publication, by, upheld):
    entries = list(publication.entries.select_related("sheet"))
    cases = {each.pk: each for each in locked_all([each.sheet.case_id for each in entries])}
    for sheet in ScoreSheet.objects.filter(pk__in=[each.sheet_id for each in entries]):
        case = cases[sheet.case_id]
        sheet.state = SheetState.CONFIRMED if sheet.confirmed_at else SheetState.TO_CONFIRM
        sheet.save()
        if upheld is not None and case.pk == upheld.pk:
            continue
        if case.state == CaseState.OBJECTION:
            continue  # another objection is still to be answered
        move(case, CaseState.SCORED, CaseAct.UNPUBLISHED, by=by, public=publication.reason)
        notices.tell(case, notices.unpublished(case, publication))


def settle_due(today=None):
    """Settle every publication whose term is over and that nothing is open about; returns how many.

    Run each night; may run twice.
    """
    today = today or timezone.localdate()
    over = ScorePublication.objects.filter(state=PublicationState.RUNNING, ends_on__lt=today)
    return sum(settle_if_over(each, today=today) for each in over)


@transaction.atomic
def settle_if_over(publication, *, today=None):
    """Make scores and ranks final, if the term is over and no objection is open; says whether it did."""
    today = today or timezone.localdate()
    publication = held(publication)
    if publication.state != PublicationState.RUNNING or publication.ends_on >= today:
        return False
    entries = {each.sheet_id: each for each in publication.entries.select_related("sheet")}
    cases = {each.pk: each for each in locked_all([e.sheet.case_id for e in entries.values()])}
    if ScoreObjection.objects.open().filter(publication=publication).exists():
        return False
    publication.state, publication.settled_at = PublicationState.SETTLED, timezone.now()
    publication.save()
    for sheet in ScoreSheet.objects.filter(pk__in=entries):
        case = cases[sheet.case_id]
        sheet.state, sheet.rank = SheetState.FINAL, entries[sheet.pk].rank
        sheet.save()
        move(case, CaseState.READY, CaseAct.READY, by=None,
             public=f"公示期满，总分{sheet.total}分，名次第{sheet.rank}。")  # fmt: skip
        notices.tell(case, notices.ready(case, sheet))
    _record("settled", publication, None, people=len(entries))
    return True


def held(publication):
    """Return the publication's row, locked until the transaction ends."""
    rows = ScorePublication.objects.select_related("station")
    return locking.locked(rows, publication.pk)


def _require_decider(publication, by):
    if not perms.may_decide_cases(by, publication.station):
        raise CaseError("请由接收单位的审核人或负责人办理。", code="not_allowed")


def _record(act, publication, by, **detail):
    audit.record(
        f"placement.publication_{act}", publication, by=by, station=publication.station,
        detail=detail or None,
    )  # fmt: skip

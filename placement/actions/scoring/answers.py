"""What the person says to the points, and what becomes of an objection (`domain.md` B.5 steps 4, 5)."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from placement.actions.cases.trail import (
    CaseError,
    locked,
    move,
    record,
    record_event,
    require_decider,
    require_handler,
    required,
)
from placement.actions.scoring import publications, sheets
from placement.enums import (
    CaseAct,
    CaseState,
    ConfirmedHow,
    ObjectionState,
    PublicationState,
    SheetState,
)
from placement.models import PlacementTerms, ScoreObjection, ScorePublication, ScoreSheet
from placement.notices import cases as notices
from services.actions.workdays import due_day


@transaction.atomic
def confirm(*, sheet, by, how=ConfirmedHow.ONLINE):
    """The person says the points are right: online themselves, or signed at the desk.

    A second tap finds it done. Raises CaseError when it is not theirs, or not waiting.
    """
    case, sheet = _held(sheet)
    if by.is_citizen:
        _require_own(case, by)
        how = ConfirmedHow.ONLINE
    else:
        require_handler(case, by)
        if how == ConfirmedHow.ONLINE:
            raise CaseError("请选择本人怎么确认的。", field="how")
    if sheet.state == SheetState.CONFIRMED:
        return sheet
    if sheet.state != SheetState.TO_CONFIRM:
        raise CaseError(
            f"计分表现在是“{sheet.get_state_display()}”，不用确认。", code="wrong_state"
        )
    sheet.state, sheet.confirmed_at = SheetState.CONFIRMED, timezone.now()
    sheet.confirmed_how, sheet.confirmed_by = how, by
    sheet.save()
    record_event(
        case, CaseAct.CONFIRMED, by=by, public=f"{ConfirmedHow(how).label}：{sheet.total}分"
    )
    record("sheet_confirmed", case, by=by, how=how, total=str(sheet.total))
    if by.is_citizen:
        notices.tell_handler(case, notices.desk_confirmed(case))
    else:
        notices.tell(case, notices.confirmed(case, sheet))
    return sheet


@transaction.atomic
def object_to(*, sheet, by, words):
    """The person does not agree with their points, before or while they are published.

    Taken down by a clerk it is theirs just the same. Raises CaseError.
    """
    case, sheet = _held(sheet)
    if by.is_citizen:
        _require_own(case, by)
    else:
        require_handler(case, by)
    words = required(words, "words", "请写明哪一项不对、为什么。", longest=1000)
    publication = _running(case)
    if case.state == CaseState.SCORED and publication is None:
        if sheet.state != SheetState.TO_CONFIRM:
            raise CaseError(
                "您已确认过分数。如果又发现问题，公示期间可以提出异议。", code="wrong_state"
            )
    elif publication is None or not publication.is_public():
        raise CaseError("现在不在核对或公示期间，有疑问请联系接收单位。", code="wrong_state")
    objection = _raise(sheet, by, words, publication=publication, is_own=True,
                       name=case.person.name)  # fmt: skip
    if publication is None:
        sheet.state = SheetState.OBJECTED
        sheet.save()
    _into_objection(case, by)
    notices.tell(case, notices.objected(case))
    return objection


@transaction.atomic
def take_down_objection(*, sheet, by, words, name, phone=""):
    """Somebody else objects to a published score: written down at the desk, by name (实名)."""
    case, sheet = _held(sheet)
    require_handler(case, by)
    publication = _running(case)
    if publication is None or not publication.is_public():
        raise CaseError("只有公示期间可以受理他人异议。", code="wrong_state")
    words = required(words, "words", "请写明异议内容。", longest=1000)
    name = required(name, "name", "请填写提出人姓名。", longest=50)
    objection = _raise(sheet, by, words, publication=publication, is_own=False, name=name,
                       phone=phone)  # fmt: skip
    _into_objection(case, by)
    return objection


@transaction.atomic
def withdraw_objection(*, objection, by):
    """Whoever raised it takes it back."""
    case, objection = _open(objection)
    if objection.by_id != by.pk:
        raise CaseError("只有提出的人可以撤回。", code="not_allowed")
    objection.state = ObjectionState.WITHDRAWN
    objection.save()
    record("objection_withdrawn", case, by=by)
    _back(case, objection, by=by, words="异议已撤回。")
    return objection


@transaction.atomic
def dismiss(*, objection, by, answer):
    """The points stand; the answer is written to the person."""
    case, objection = _decide(objection, by, ObjectionState.DISMISSED, answer)
    record("objection_dismissed", case, by=by, objection=objection.pk)
    _back(case, objection, by=by, words=f"异议不成立：{objection.answer}")
    if objection.is_own:
        notices.tell(case, notices.dismissed(case, objection))
    return objection


@transaction.atomic
def uphold(*, objection, by, answer):
    """The points were wrong: they are counted anew, and what was published is withdrawn with them."""
    case, objection = _decide(objection, by, ObjectionState.UPHELD, answer)
    record("objection_upheld", case, by=by, objection=objection.pk)
    if _is_published(objection):
        publications.withdraw(
            publication=objection.publication, by=by,
            reason="有分数经复核需要更正，更正后重新公示。", upheld=case,
        )  # fmt: skip
        case = locked(case.pk)
    sheet = ScoreSheet.objects.select_related("scheme").get(pk=objection.sheet_id)
    sheet.case = case
    sheet.objections.open().update(state=ObjectionState.WITHDRAWN)
    sheets.new_version(sheet, by=by)
    move(case, CaseState.FILE_CHECK, CaseAct.ANSWERED, by=by,
         public=f"异议成立，重新计分：{objection.answer}")  # fmt: skip
    notices.tell(case, notices.upheld(case, objection))
    return objection


def _held(sheet):
    case = locked(sheet.case_id)
    sheet = ScoreSheet.objects.select_related("scheme").get(pk=sheet.pk)
    sheet.case = case
    return case, sheet


def _require_own(case, by):
    if case.person.account_id != by.pk:
        raise CaseError("您只能核对自己的分数。", code="not_allowed")


def _running(case):
    return ScorePublication.objects.filter(
        state=PublicationState.RUNNING, entries__sheet__case=case
    ).first()


def _raise(sheet, by, words, *, publication, is_own, name, phone=""):
    terms = PlacementTerms.objects.on(timezone.localdate())
    try:
        with transaction.atomic():
            objection = ScoreObjection.objects.create(
                sheet=sheet, publication=publication, by=by, is_own=is_own, objector_name=name,
                objector_phone=phone, words=words, due_on=due_day(terms.answer_workdays),
            )  # fmt: skip
    except IntegrityError as there:
        raise CaseError("异议正在复核，请等答复。", code="open_already") from there
    record("objection_raised", sheet.case, by=by, own=is_own)
    notices.tell_handler(sheet.case, notices.desk_objection(sheet.case))
    return objection


def _into_objection(case, by):
    """The file waits for the review; a second objection finds it waiting."""
    if case.state == CaseState.OBJECTION:
        record_event(case, CaseAct.OBJECTED, by=by, staff="又收到一份异议。")
    else:
        move(
            case, CaseState.OBJECTION, CaseAct.OBJECTED, by=by, public="对分数提出异议，正在复核。"
        )


def _open(objection):
    """The locked file and an objection nobody decided yet; the publication is locked before the
    file, as those who approve and settle it do."""
    if objection.publication_id is not None:
        publications.held(objection.publication)
    case = locked(objection.sheet.case_id)
    objection = ScoreObjection.objects.select_related("publication").get(pk=objection.pk)
    if objection.state != ObjectionState.OPEN:
        raise CaseError(
            f"这份异议已经“{objection.get_state_display()}”，请刷新页面查看。", code="wrong_state"
        )
    return case, objection


def _decide(objection, by, state, answer):
    case, objection = _open(objection)
    require_decider(case, by)
    if objection.by_id == by.pk:
        raise CaseError("您登记的异议请由另一位同事复核。", code="own_work")
    objection.answer = required(answer, "answer", "请写明复核意见，提出人会看到。", longest=1000)
    objection.state, objection.answered_by = state, by
    objection.answered_at = timezone.now()
    objection.save()
    return case, objection


def _back(case, objection, *, by, words):
    """Back to where the file was, once nothing about it is open any more."""
    sheet = ScoreSheet.objects.get(pk=objection.sheet_id)
    if ScoreObjection.objects.open().filter(sheet=sheet).exists():
        record_event(case, CaseAct.ANSWERED, by=by, public=words)
        return
    if _is_published(objection):
        move(case, CaseState.SCORE_PUBLICITY, CaseAct.ANSWERED, by=by, public=words)
        publications.settle_if_over(objection.publication)
        return
    if sheet.state == SheetState.OBJECTED:
        terms = PlacementTerms.objects.on(timezone.localdate())
        sheet.state, sheet.confirm_by = SheetState.TO_CONFIRM, due_day(terms.confirm_workdays)
        sheet.save()
    move(case, CaseState.SCORED, CaseAct.ANSWERED, by=by, public=words)


def _is_published(objection):
    """Whether the list it objects to still stands."""
    publication = objection.publication
    return publication is not None and publication.state == PublicationState.RUNNING

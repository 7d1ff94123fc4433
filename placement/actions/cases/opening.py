"""The file is opened, the person reports, the original file is looked at (`domain.md` B.5 steps 1, 2)."""

import calendar
import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from placement import perms
from placement.actions.cases.trail import (
    CaseError,
    expect,
    locked,
    move,
    record,
    record_event,
    require_handler,
)
from placement.enums import BEFORE_THE_CHOICE, CASE_OPEN, CaseAct, CaseState, PlacementGround
from placement.models import PlacementCase, PlacementTerms
from placement.notices import cases as notices
from services.enums import PlacementWay
from services.models import Person

ALPHABET = "2346789ACDEFGHJKMNPQRTWXY"


@transaction.atomic
def open_case(*, person, station, by, discharged_on, way=None, grounds=(), sending_contact=""):
    """Open the placement file of somebody who leaves the army; the clock of the report starts.

    `way` and `discharged_on` go into the person's file when it does not have them; where it does,
    they must agree. Raises CaseError.
    """
    if not perms.may_handle_cases(by, station):
        raise CaseError("您不能在这个单位建立安置档案。", field="station", code="not_allowed")
    person = Person.objects.select_for_update(no_key=True, of=("self",)).get(pk=person.pk)
    if not person.is_filed:
        raise CaseError("请先为此人建档立卡，再建立安置档案。", code="not_filed")
    way = way or person.placement_way
    if way is None:
        raise CaseError("请选择安置方式。", field="way")
    if person.placement_way not in (None, way):
        raise CaseError(
            f"人员档案里的安置方式是“{person.get_placement_way_display()}”，要改请先更正档案。",
            field="way",
        )
    if discharged_on > timezone.localdate() + timedelta(days=366):
        raise CaseError("批准退役日期太远，请核对。", field="discharged_on")
    if person.enlisted_on and discharged_on < person.enlisted_on:
        raise CaseError("批准退役日期不应早于入伍时间，请核对。", field="discharged_on")
    terms = PlacementTerms.objects.on(discharged_on)
    case = PlacementCase(
        number=_new_number(), person=person, station=station, way=way, year=discharged_on.year,
        grounds=_grounds(grounds, way), created_by=by, handler=by, discharged_on=discharged_on,
        report_by=discharged_on + timedelta(days=terms.report_days),
        sending_contact=sending_contact.strip()[:120],
    )  # fmt: skip
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError as there:
        raise CaseError(
            f"{person.name}已有在办的安置档案，或这次退役已经建立过，请在列表里查找。",
            code="open_already",
        ) from there
    _complete_file(person, way, discharged_on)
    record_event(case, CaseAct.OPENED, by=by, public=f"请在{notices.day(case.report_by)}前报到。")
    record("case_opened", case, by=by, way=way)
    notices.tell(case, notices.opened(case))
    return case


@transaction.atomic
def report(*, case, by, on, late_cause=""):
    """The person has reported on the day `on`; the clock of the placement starts.

    More than the term late without a cause waives an arranged job (L2 §51): then `late_cause` is
    wanted, or the file is ended by `waive`.
    """
    case = locked(case)
    require_handler(case, by)
    expect(case, [CaseState.TRANSFERRED_IN], "登记报到")
    if on > timezone.localdate():
        raise CaseError("报到日期还没有到，请核对。", field="on")
    if on < case.discharged_on:
        raise CaseError("报到日期不应早于批准退役日期，请核对。", field="on")
    case.late_cause = late_cause.strip()[:200]
    if case.is_arranged and on > case.report_by and not case.late_cause:
        raise CaseError(
            f"报到期限是{notices.day(case.report_by)}，已经超过。有正当理由请写明；"
            "没有的，按放弃安排工作办理。",
            field="late_cause",
        )
    case.reported_on = on
    if case.is_arranged:
        case.place_by = months_later(on, PlacementTerms.objects.on(on).placement_months)
    move(case, CaseState.REPORTED, CaseAct.REPORTED, by=by,
         public=f"{notices.day(on)}报到。", staff=case.late_cause)  # fmt: skip
    record("case_reported", case, by=by, on=on.isoformat())
    notices.tell(case, notices.reported(case))
    return case


@transaction.atomic
def mend(*, case, by, grounds, sending_contact):
    """Put right why the government places them, and whom to ask on the sending side."""
    case = locked(case)
    require_handler(case, by)
    expect(case, CASE_OPEN[:3], "更正")
    case.grounds = _grounds(grounds, case.way)
    case.sending_contact = sending_contact.strip()[:120]
    case.save(update_fields=["grounds", "sending_contact"])
    record_event(case, CaseAct.MENDED, by=by, staff=f"符合条件：{case.ground_words}")
    record("case_mended", case, by=by, grounds=case.grounds)
    return case


@transaction.atomic
def begin_check(*, case, by):
    """The original file has come: its check begins. Only for those whom the government places."""
    case = locked(case)
    require_handler(case, by)
    if not case.is_arranged:
        raise CaseError(f"{case.get_way_display()}不用计分，报到就完成了。", code="not_arranged")
    expect(case, [CaseState.REPORTED], "开始审核档案")
    case.handler = by
    move(case, CaseState.FILE_CHECK, CaseAct.CHECK_BEGUN, by=by, public="档案已收到，开始审核。")
    record("case_check_begun", case, by=by)
    return case


@transaction.atomic
def note(*, case, by, public_words="", staff_words=""):
    """Write how it goes on, in words for each audience."""
    case = locked(case)
    require_handler(case, by)
    public, staff = public_words.strip()[:500], staff_words.strip()[:500]
    if not public and not staff:
        raise CaseError("请写下进展。", field="public_words")
    record_event(case, CaseAct.NOTED, by=by, public=public, staff=staff)
    record("case_noted", case, by=by)
    if public:
        notices.tell(case, notices.noted(case, public))
    return case


@transaction.atomic
def take_down_wish(*, case, by, natures, words):
    """Note what kind of employer and post the person would like, before the plan is made (A106).

    By the person, or by a clerk for them. It binds nobody and may be changed until they choose.
    """
    case = locked(case)
    if by.is_citizen and case.person.account_id != by.pk:
        raise CaseError("您只能填报自己的意愿。", code="not_allowed")
    if not by.is_citizen:
        require_handler(case, by)
    if not case.is_arranged or case.state not in BEFORE_THE_CHOICE:
        raise CaseError("现在不能填报意愿，有疑问请联系接收单位。", code="wrong_state")
    case.wish_natures, case.wish_words = list(natures), words.strip()[:300]
    case.wished_at = timezone.now()
    case.save(update_fields=["wish_natures", "wish_words", "wished_at"])
    record_event(case, CaseAct.WISHED, by=by, public="填报了岗位意愿。")
    record("case_wished", case, by=by)
    return case


def months_later(day, months):
    """The same day `months` later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(
        year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1])
    )


def _grounds(grounds, way):
    """The grounds in the order of the regulations; none for other ways."""
    if way != PlacementWay.ARRANGED_JOB:
        return []
    return [str(each) for each in PlacementGround if each in grounds]


def _complete_file(person, way, discharged_on):
    """What the file did not have yet is written there once, not kept twice."""
    changed = {}
    if person.placement_way is None:
        changed["placement_way"] = way
    if person.discharged_on is None:
        changed["discharged_on"] = discharged_on
    if changed:
        for field, value in changed.items():
            setattr(person, field, value)
        person.save(update_fields=[*changed, "updated_at"])


def _new_number():
    """AZ, the day, and five signs: unlike one another to eye and ear."""
    tail = "".join(secrets.choice(ALPHABET) for _ in range(5))
    return f"AZ{timezone.localdate():%Y%m%d}{tail}"

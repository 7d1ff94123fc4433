"""After the session: the result is shown, letters are issued, people are seated and visited."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from placement import perms
from placement.actions.cases import trail
from placement.actions.cases.trail import required
from placement.actions.scoring.publications import last_day
from placement.actions.selection.common import (
    SelectionError,
    expect,
    held,
    record,
    require_decider,
)
from placement.enums import CaseAct, CaseState
from placement.enums.selection import LetterState, SessionState
from placement.models import (
    FollowUp,
    IntroductionLetter,
    PlacementTerms,
    SelectionRules,
    SelectionSession,
    SelectionTurn,
)
from placement.notices import selection as notices
from services.actions import documents, partners
from services.enums import DocumentKind
from services.models import Station
from veterans_portal import locking
from veterans_portal.chinese_dates import date_with_year


@transaction.atomic
def publish_result(*, session, by, starts_on=None):
    """Show the result to everybody for the working days of the terms in force.

    By a reviewer or head who did not close the session.
    """
    session = held(session)
    require_decider(session, by)
    expect(session, [SessionState.CLOSED], "公示结果")
    if session.closed_by_id == by.pk:
        raise SelectionError("结束选岗的人不能批准公示，请另一位同事批准。", code="own_work")
    today = timezone.localdate()
    starts_on = starts_on or today
    if starts_on < today:
        raise SelectionError("公示不能从过去的日子开始。", field="starts_on")
    turns = list(SelectionTurn.objects.standing().with_all().filter(session=session))
    if not turns:
        raise SelectionError("没有人选定岗位，不用公示。", code="nobody")
    session.publicity_from = starts_on
    session.publicity_until = last_day(
        starts_on, PlacementTerms.objects.on(starts_on).publicity_workdays
    )
    session.state, session.published_by = SessionState.PUBLISHED, by
    session.save()
    cases = {each.pk: each for each in trail.locked_all([turn.case_id for turn in turns])}
    for turn in turns:
        case = cases[turn.case_id]
        if case.state != CaseState.CHOSEN:
            continue
        trail.move(case, CaseState.RESULT_PUBLICITY, CaseAct.RESULT_PUBLISHED, by=by,
                   public=f"公示至{date_with_year(session.publicity_until)}。")  # fmt: skip
        turn.case, turn.session = case, session
        notices.published(turn)
    record("published", session, by=by, until=session.publicity_until.isoformat())
    return session


def settle_due(today=None):
    """Settle every result whose term is over; returns how many. Run each night; may run twice."""
    today = today or timezone.localdate()
    over = SelectionSession.objects.filter(state=SessionState.PUBLISHED, publicity_until__lt=today)
    return sum(_settle(each, today) for each in over)


@transaction.atomic
def _settle(session, today):
    session = held(session)
    if session.state != SessionState.PUBLISHED or session.publicity_until >= today:
        return False
    session.state, session.settled_at = SessionState.SETTLED, timezone.now()
    session.save()
    record("settled", session, by=None)
    return True


@transaction.atomic
def annul(*, turn, by, reason):
    """A result does not stand: the person waits for another session, the place is free for it."""
    session = held(turn.session_id)
    require_decider(session, by)
    expect(session, [SessionState.PUBLISHED, SessionState.SETTLED], "改结果")
    turn = SelectionTurn.objects.with_all().get(pk=turn.pk)
    if turn.annulled_at is not None:
        return turn
    case = trail.locked(turn.case_id)
    trail.expect(case, [CaseState.RESULT_PUBLICITY], "改结果")
    turn.annulled_reason = required(reason, "reason", "请写明原因，本人会看到。", longest=200)
    turn.annulled_at, turn.annulled_by = timezone.now(), by
    turn.save(update_fields=["annulled_reason", "annulled_at", "annulled_by"])
    trail.move(case, CaseState.READY, CaseAct.UNCHOSEN, by=by, public=turn.annulled_reason)
    if turn.confirmation is not None:
        documents.revoke(document=turn.confirmation, by=by, reason=turn.annulled_reason)
    record("annulled", session, by=by, turn=turn.position, reason=turn.annulled_reason)
    turn.case = case
    notices.annulled(turn)
    return turn


@transaction.atomic
def issue_letter(*, turn, by):
    """Issue the introduction letter of a settled result; its employer's clock starts. Twice is once."""
    turn = SelectionTurn.objects.with_all().select_related("post__post__employer").get(pk=turn.pk)
    session = turn.session
    if not perms.may_handle_cases(by, session.station):
        raise SelectionError("请由组织单位的经办人或负责人开介绍信。", code="not_allowed")
    case = trail.locked(turn.case_id)
    issued = IntroductionLetter.objects.filter(turn=turn).first()
    if issued is not None:
        return issued
    expect(session, [SessionState.SETTLED], "开介绍信，公示期满以后才可以")
    trail.expect(case, [CaseState.RESULT_PUBLICITY], "开介绍信")
    today = timezone.localdate()
    employer = turn.post.post.employer
    letter = IntroductionLetter(
        station=session.station, year=today.year, serial=_next_serial(session.station, today.year),
        case=case, turn=turn, employer=employer, post_title=turn.post.title, issued_on=today,
        issued_by=by, seat_by=today + timedelta(days=PlacementTerms.objects.on(today).seat_days),
        wage_percent=SelectionRules.objects.on(today).wage_percent,
    )  # fmt: skip
    letter.document = documents.issue(
        kind=DocumentKind.INTRODUCTION_LETTER, by=by, person=case.person, station=session.station,
        number=letter.number, content=_words(letter, case, turn),
    )  # fmt: skip
    letter.save(force_insert=True)
    case.letter_on, case.seat_by = letter.issued_on, letter.seat_by
    trail.move(case, CaseState.LETTER_ISSUED, CaseAct.LETTER_ISSUED, by=by,
               public=f"{letter.number}，请在{date_with_year(letter.seat_by)}前到{employer.name}报到。")  # fmt: skip
    trail.record("letter_issued", case, by=by, number=letter.number)
    notices.letter(letter)
    return letter


def issue_letters(*, session, by):
    """Issue the letters of a settled session that are not issued yet; returns how many."""
    turns = SelectionTurn.objects.standing().filter(
        session=session, letter=None, case__state=CaseState.RESULT_PUBLICITY
    )
    return len([issue_letter(turn=turn, by=by) for turn in turns.order_by("position")])


@transaction.atomic
def seat(*, letter, by, on, contract_words=""):
    """The holder of a letter is at work since the day `on`; the visit afterwards gets its day.

    By a member of the employer's room, or by a clerk of the centre. Twice is once.
    """
    case = trail.locked(letter.case_id)
    letter = IntroductionLetter.objects.with_all().get(pk=letter.pk)
    mine = by.is_citizen and partners.is_member(by, letter.employer)
    if not mine and not perms.may_handle_cases(by, letter.station):
        raise SelectionError("请由用人单位或开具介绍信的单位确认上岗。", code="not_allowed")
    if letter.state == LetterState.SEATED:
        return letter
    trail.expect(case, [CaseState.LETTER_ISSUED], "确认上岗")
    if not letter.issued_on <= on <= timezone.localdate():
        raise SelectionError("上岗日期应在介绍信日期以后、今天以前，请核对。", field="on")
    letter.state, letter.seated_on, letter.seated_by = LetterState.SEATED, on, by
    letter.seated_at, letter.contract_words = timezone.now(), contract_words.strip()[:120]
    letter.save()
    case.onboard_on = on
    trail.move(case, CaseState.ONBOARD, CaseAct.ONBOARD, by=by,
               public=f"{date_with_year(on)}到{letter.employer.name}上岗。")  # fmt: skip
    FollowUp.objects.create(
        letter=letter, due_on=on + timedelta(days=SelectionRules.objects.on(on).visit_days)
    )
    trail.record("seated", case, by=by, on=on.isoformat())
    letter.case = case
    notices.seated(letter)
    return letter


@transaction.atomic
def visit(*, follow_up, by, on, way, still_there, words):
    """Note how somebody who was seated is getting on."""
    follow_up = locking.locked(
        FollowUp.objects.select_related("letter__station", "letter__case__person"), follow_up.pk
    )
    case = trail.locked(follow_up.letter.case_id)
    if not perms.may_go_out(by, follow_up.letter.station):
        raise SelectionError("请由开具介绍信的单位登记回访。", code="not_allowed")
    if follow_up.done_on is not None:
        raise SelectionError("这次回访已经登记过。", code="wrong_state")
    if not follow_up.letter.seated_on <= on <= timezone.localdate():
        raise SelectionError("回访日期应在上岗以后、今天以前，请核对。", field="on")
    follow_up.done_on, follow_up.done_by, follow_up.way = on, by, way
    follow_up.still_there = still_there
    follow_up.words = required(words, "words", "请写下回访情况。", longest=500)
    follow_up.save()
    trail.record_event(case, CaseAct.VISITED, by=by, staff=follow_up.words)
    trail.record("visited", case, by=by, still_there=still_there)
    return follow_up


def _next_serial(station, year):
    """The next number of the centre's year; the station's row holds the line."""
    Station.objects.select_for_update(no_key=True, of=("self",)).get(pk=station.pk)
    last = IntroductionLetter.objects.filter(station=station, year=year)
    return (last.aggregate(n=Max("serial"))["n"] or 0) + 1


def _words(letter, case, turn):
    return {
        "name": case.person.name,
        "title": "退役军人安置介绍信",
        "paragraphs": [
            f"{letter.employer.name}：",
            f"根据{letter.year}年度安排工作计划和选岗结果，介绍{case.person.name}同志"
            f"到你单位{turn.post.title}工作，请在{date_with_year(letter.seat_by)}前安排上岗。",
            f"逾期没有安排上岗的，从期限届满次日起按不低于本单位同等条件人员平均工资的"
            f"{letter.wage_percent}%逐月发给生活费，直到上岗。",
        ],
        "rows": [("安置编号", case.number), ("岗位", turn.post.title), ("地点", turn.post.place)],
    }

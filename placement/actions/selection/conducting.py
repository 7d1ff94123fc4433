"""A session is opened, stopped and gone on with, and closed with the hash of its record."""

from datetime import timedelta
from math import ceil

from django.db import transaction
from django.utils import timezone

from placement import selection_record
from placement.actions.cases import trail
from placement.actions.selection import clock
from placement.actions.selection.common import (
    SelectionError,
    append,
    expect,
    held,
    record,
    require_conductor,
)
from placement.enums import CaseAct, CaseState
from placement.enums.selection import (
    SESSION_LIVE,
    ChosenHow,
    RecordAct,
    SessionState,
    TurnState,
    UndoState,
)
from placement.models import SelectionTurn, SelectionUndo
from placement.notices import selection as notices
from services.actions import documents
from services.enums import DocumentKind
from veterans_portal.masking import mask_text

WORDS = {
    TurnState.PASSED: "这次本人没有选岗。",
    TurnState.ABSENT: "没有在时间内选岗。",
    TurnState.UNREACHED: "选岗会结束时还没有轮到。",
}


@transaction.atomic
def open_session(*, session, by, now=None):
    """Begin: the record's first line holds the digest of rules, order and posts; the first is called."""
    session = held(session)
    require_conductor(session, by)
    if session.state == SessionState.RUNNING:
        return session
    expect(session, [SessionState.PREPARED], "开始")
    now = now or timezone.now()
    session.state, session.opened_at, session.seen_at = SessionState.RUNNING, now, now
    digest = selection_record.frozen_digest(selection_record.frozen(session))
    append(session, RecordAct.OPENED, at=now, by=by, frozen=digest)
    clock.call_next(session, now)
    session.save()
    record("opened", session, by=by, frozen=digest)
    return session


@transaction.atomic
def pause(*, session, by, reason, now=None):
    """Stop the clock; the seconds left are kept. Twice is once."""
    session = held(session)
    require_conductor(session, by)
    if session.state == SessionState.PAUSED:
        return session
    expect(session, [SessionState.RUNNING], "暂停")
    reason = _said(reason, "请写明暂停原因，会写进公开的记录。")
    now = clock.look(session, now or timezone.now())
    left = 0
    if session.current_id is not None:
        left = max(0, ceil((session.deadline - now).total_seconds()))
        session.remaining, session.deadline = left, None
    session.state = SessionState.PAUSED
    append(session, RecordAct.PAUSED, at=now, by=by, seconds=left, reason=reason)
    session.save()
    record("paused", session, by=by, seconds=left)
    return session


@transaction.atomic
def resume(*, session, by, now=None):
    """Go on with the seconds that were left. Twice is once."""
    session = held(session)
    require_conductor(session, by)
    if session.state == SessionState.RUNNING:
        return session
    expect(session, [SessionState.PAUSED], "继续")
    now = max(now or timezone.now(), session.seen_at)
    left = session.remaining or 0
    if session.current_id is not None:
        session.deadline, session.remaining = now + timedelta(seconds=left), None
    session.state, session.seen_at = SessionState.RUNNING, now
    append(session, RecordAct.RESUMED, at=now, by=by, seconds=left)
    if session.current_id is None:
        clock.call_next(session, now)
    session.save()
    record("resumed", session, by=by, seconds=left)
    return session


def take_back(*, turn, by, now=None):
    """Somebody who missed their time has come within the rule's minutes: they are called next."""
    clock.tick(session=turn.session, now=now)
    return _take_back(turn, by, now or timezone.now())


@transaction.atomic
def _take_back(turn, by, now):
    session = held(turn.session_id)
    require_conductor(session, by)
    expect(session, [SessionState.RUNNING], "补选")
    turn = SelectionTurn.objects.with_all().get(pk=turn.pk)
    if turn.state == TurnState.RETURNED:
        return turn
    if turn.state != TurnState.MISSED:
        raise SelectionError("只有错过时间的人可以补选，请刷新页面查看。", code="wrong_state")
    now = clock.look(session, now)
    if (now - turn.ended_at).total_seconds() > session.rules["late_seconds"]:
        raise SelectionError(
            f"已经超过{session.rules['late_seconds'] // 60}分钟，按规则不能补选。", code="too_late"
        )
    turn.state, turn.ended_at = TurnState.RETURNED, None
    turn.save(update_fields=["state", "ended_at"])
    append(session, RecordAct.RETURNED, at=now, by=by, turn=turn.position)
    if session.current_id is None:
        clock.call_next(session, now)
    session.save()
    notices.returned(turn, "您已赶到。")
    return turn


@transaction.atomic
def close(*, session, by, reason="", now=None):
    """End it: everybody gets a result, the last line the digest of it, the audit trail its hash.

    While somebody may still choose, a reason is wanted and the clock must stand still.
    """
    session = held(session)
    require_conductor(session, by)
    if session.is_over:
        return session
    expect(session, SESSION_LIVE, "结束")
    now = clock.look(session, now or timezone.now())
    if SelectionUndo.objects.filter(turn__session=session, state=UndoState.PROPOSED).exists():
        raise SelectionError("有一次撤销还没有办完，请先确认或不同意。", code="undo_open")
    if session.current_id is not None:
        if session.state == SessionState.RUNNING:
            raise SelectionError("还有人正在选，请等选完；要提前结束，请先暂停。", code="not_over")
        reason = _said(reason, "还有人没有选，请写明提前结束的原因。")
    session.current = session.deadline = session.remaining = None
    _end_all(session, by, now)
    result = session.turns.filter(state=TurnState.CHOSEN)
    digest = selection_record.result_digest(result.values_list("position", "post__position"))
    append(session, RecordAct.CLOSED, at=now, by=by, result=digest,
           reason=mask_text(reason.strip())[:200])  # fmt: skip
    session.state, session.closed_at, session.closed_by = SessionState.CLOSED, now, by
    session.save()
    record("closed", session, by=by, hash=session.head, entries=session.entries, result=digest)
    _confirm(session, by)
    _note(session)
    return session


def _end_all(session, by, now):
    """Whoever has no result gets one, in the order of positions."""
    ends = {
        TurnState.MISSED: (TurnState.ABSENT, RecordAct.ABSENT),
        TurnState.WAITING: (TurnState.UNREACHED, RecordAct.UNREACHED),
        TurnState.RETURNED: (TurnState.UNREACHED, RecordAct.UNREACHED),
        TurnState.CALLED: (TurnState.UNREACHED, RecordAct.UNREACHED),
    }
    for turn in session.turns.filter(state__in=ends).order_by("position"):
        turn.state, act = ends[turn.state]
        turn.ended_at = now
        turn.save(update_fields=["state", "ended_at"])
        append(session, act, at=now, by=by, turn=turn.position)


def _confirm(session, by):
    """The confirmation of each choice (选岗确认表), signed by the portal."""
    for turn in SelectionTurn.objects.with_all().filter(session=session, state=TurnState.CHOSEN):
        post = turn.post
        turn.confirmation = documents.issue(
            kind=DocumentKind.SELECTION_CONFIRMATION, by=by, person=turn.case.person,
            station=session.station, number=f"{session.code}-{turn.position}",
            content={
                "name": turn.case.person.name,
                "paragraphs": [f"本人参加{session.title}，按名次顺序选定以下岗位。"],
                "rows": [
                    ("安置编号", turn.case.number), ("总分", turn.total), ("顺序", turn.position),
                    ("单位", post.employer_name), ("岗位", post.title), ("工作地点", post.place),
                    ("方式", ChosenHow(turn.how).label),
                ],
                "note": f"选岗记录校验值：{session.head}",
            },
        )  # fmt: skip
        turn.save(update_fields=["confirmation"])


def _note(session):
    """The files of those who chose nothing say so; what follows is decided by people."""
    for turn in SelectionTurn.objects.with_all().filter(session=session, state__in=WORDS):
        if turn.case.state == CaseState.READY:
            trail.record_event(
                turn.case, CaseAct.NOTED, by=None, public=f"{session.title}：{WORDS[turn.state]}"
            )


def _said(reason, sentence):
    text = mask_text((reason or "").strip())[:200]
    if not text:
        raise SelectionError(sentence, field="reason", code="reason_missing")
    return text

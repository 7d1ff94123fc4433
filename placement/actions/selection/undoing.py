"""A choice is undone only by two officers and with a reason, while the session is on."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from placement.actions.cases import trail
from placement.actions.cases.trail import required
from placement.actions.selection import clock
from placement.actions.selection.common import (
    SelectionError,
    append,
    expect,
    held,
    record,
    require_conductor,
    require_decider,
)
from placement.enums import CaseAct, CaseState
from placement.enums.selection import SESSION_LIVE, RecordAct, SessionState, TurnState, UndoState
from placement.models import SelectionPost, SelectionTurn, SelectionUndo
from placement.notices import selection as notices
from veterans_portal import locking
from veterans_portal.masking import mask_text


@transaction.atomic
def propose(*, turn, by, reason, now=None):
    """Propose to undo a choice, with the reason that goes into the public record."""
    session = held(turn.session_id)
    require_conductor(session, by)
    expect(session, SESSION_LIVE, "撤销选择")
    turn = SelectionTurn.objects.with_all().get(pk=turn.pk)
    if turn.state != TurnState.CHOSEN:
        raise SelectionError("这一位没有可以撤销的选择，请刷新页面查看。", code="wrong_state")
    reason = mask_text(
        required(reason, "reason", "请写明撤销原因，会写进公开的记录。", longest=200)
    )
    try:
        with transaction.atomic():
            undo = SelectionUndo.objects.create(
                turn=turn, post=turn.post, reason=reason, proposed_by=by
            )
    except IntegrityError as there:
        raise SelectionError("撤销已经有人提议，等另一人确认。", code="there_already") from there
    now = clock.look(session, now or timezone.now())
    append(session, RecordAct.UNDO_PROPOSED, at=now, by=by, turn=turn.position,
           post=turn.post.position, reason=reason)  # fmt: skip
    session.save()
    record("undo_proposed", session, by=by, turn=turn.position, reason=reason)
    return undo


@transaction.atomic
def confirm(*, undo, by, now=None):
    """The other officer agrees: the place is free, and the person is called again next."""
    session, undo, turn = _deciding(undo, by)
    if turn.state != TurnState.CHOSEN or turn.post_id != undo.post_id:
        raise SelectionError("这一位的选择已经变了，请刷新页面查看。", code="wrong_state")
    now = clock.look(session, now or timezone.now())
    post = undo.post
    SelectionPost.objects.filter(pk=post.pk, taken__gt=0).update(taken=F("taken") - 1)
    case = trail.locked(turn.case_id)
    trail.expect(case, [CaseState.CHOSEN], "撤销选岗")
    turn.state, turn.post, turn.how, turn.ended_at = TurnState.RETURNED, None, None, None
    turn.proxy = turn.authority = None
    turn.calls = 0
    turn.save()
    _decide(undo, UndoState.CONFIRMED, by)
    append(session, RecordAct.UNDONE, at=now, by=by, turn=turn.position, post=post.position)
    trail.move(case, CaseState.READY, CaseAct.UNCHOSEN, by=by,
               public=f"选岗已撤销，原因：{undo.reason}。")  # fmt: skip
    if session.state == SessionState.RUNNING and session.current_id is None:
        clock.call_next(session, now)
    session.save()
    record("undone", session, by=by, turn=turn.position, proposed_by=undo.proposed_by_id)
    notices.returned(turn, f"您刚才的选择已撤销，原因：{undo.reason}。")
    return undo


@transaction.atomic
def refuse(*, undo, by, now=None):
    """The other officer does not agree: the choice stands."""
    session, undo, turn = _deciding(undo, by)
    now = clock.look(session, now or timezone.now())
    _decide(undo, UndoState.REFUSED, by)
    append(session, RecordAct.UNDO_REFUSED, at=now, by=by, turn=turn.position)
    session.save()
    record("undo_refused", session, by=by, turn=turn.position)
    return undo


def _deciding(undo, by):
    session = held(undo.turn.session_id)
    require_decider(session, by)
    expect(session, SESSION_LIVE, "办理撤销")
    undo = locking.locked(SelectionUndo.objects.select_related("post"), undo.pk)
    if undo.state != UndoState.PROPOSED:
        raise SelectionError("这次撤销已经办过，请刷新页面查看。", code="wrong_state")
    if undo.proposed_by_id == by.pk:
        raise SelectionError("提议人和确认人不能是同一个人，请另一位同事确认。", code="own_work")
    turn = SelectionTurn.objects.with_all().get(pk=undo.turn_id)
    turn.session = session
    return session, undo, turn


def _decide(undo, state, by):
    undo.state, undo.decided_by, undo.decided_at = state, by, timezone.now()
    undo.save()

"""The clock of a session: who is called next, whose time is over, what an outage gives back.

Nothing of it lives in a process. `tick` comes from beat every few seconds and from every press; it
may run as often as anybody likes. When nobody looked at the clock for longer than the rules' outage,
the portal was away: the one whose turn it was gets the time back, and the record says so.
"""

from datetime import timedelta
from math import ceil

from django.db import transaction
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils import timezone

from placement.actions.selection.common import append, held
from placement.enums import CaseState
from placement.enums.selection import MissedRule, RecordAct, SessionState, TurnState
from placement.models import SelectionSession, SelectionTurn
from placement.notices import selection as notices

LOOK_EVERY = timedelta(seconds=4)  # how often a running clock is noted as looked at


def tick_all(now=None):
    """Look at the clock of every running session; returns how many moved on."""
    running = SelectionSession.objects.filter(state=SessionState.RUNNING)
    return sum(tick(session=each, now=now) for each in running)


def tick(*, session, now=None):
    """Go on if the time is over, give time back after an outage; says whether somebody was called."""
    now = now or timezone.now()
    row = SelectionSession.objects.filter(pk=session.pk, state=SessionState.RUNNING)
    due = Q(deadline__lte=now) | Q(seen_at__lte=now - LOOK_EVERY) | Q(seen_at__isnull=True)
    if not row.filter(due).exists():
        return False
    return _tick(session, now)


@transaction.atomic
def _tick(session, now):
    session = held(session)
    if session.state != SessionState.RUNNING:
        return False
    now = max(now, session.seen_at or now)
    _give_back(session, now)
    moved = session.current_id is not None and session.deadline <= now
    if moved:
        _miss(session, now)
        call_next(session, now)
    session.seen_at = now
    session.save()
    return moved


def look(session, now):
    """The moment an act happens in a held, running session; an outage before it is given back."""
    now = max(now, session.seen_at or now)
    if session.state == SessionState.RUNNING:
        _give_back(session, now)
        session.seen_at = now
    return now


def call_next(session, now):
    """Call whoever is next by the rules in a held session; nobody when nobody or no post is left."""
    session.current = session.deadline = session.remaining = None
    while session.posts.filter(taken__lt=F("places")).exists():
        turn = _next(session)
        if turn is None:
            break
        case = turn.case
        if case.state != CaseState.READY:
            _end(turn, TurnState.OUT, now)
            append(session, RecordAct.OUT, at=now, turn=turn.position)
            continue
        turn.state, turn.called_at, turn.calls = TurnState.CALLED, now, turn.calls + 1
        turn.save(update_fields=["state", "called_at", "calls"])
        seconds = session.rules["turn_seconds"]
        session.current, session.deadline = turn, now + timedelta(seconds=seconds)
        append(session, RecordAct.CALLED, at=now, turn=turn.position, seconds=seconds)
        turn.session = session
        notices.called(turn, case)
        break


def _next(session):
    again = Q(state=TurnState.MISSED, calls=1) if session.rules["missed"] == MissedRule.LAST else Q(pk=None)  # fmt: skip
    first = Case(
        When(state=TurnState.RETURNED, then=Value(0)),
        When(state=TurnState.WAITING, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    waiting = Q(state__in=[TurnState.RETURNED, TurnState.WAITING]) | again
    rows = session.turns.select_related("case__person__account", "case__station")
    return rows.filter(waiting).order_by(first, "position").first()


def _miss(session, now):
    """The time of the one who was called is over: called again later, or absent for good."""
    turn = SelectionTurn.objects.get(pk=session.current_id)
    if turn.calls > 1:
        _end(turn, TurnState.ABSENT, now)
        append(session, RecordAct.ABSENT, at=now, turn=turn.position)
    else:
        _end(turn, TurnState.MISSED, now)
        append(session, RecordAct.MISSED, at=now, turn=turn.position)
    notices.missed(turn, session)


def _end(turn, state, now):
    turn.state, turn.ended_at = state, now
    turn.save(update_fields=["state", "ended_at"])


def _give_back(session, now):
    if session.current_id is None or session.seen_at is None:
        return
    away = (now - session.seen_at).total_seconds()
    if away <= session.rules["outage_seconds"]:
        return
    seconds = ceil(away)
    session.deadline += timedelta(seconds=seconds)
    append(session, RecordAct.STOPPED, at=now, seconds=seconds)

"""What every act of a session shares: the lock, the record, the refusals."""

from accounts import audit
from placement import perms, selection_record
from placement.models import SelectionRecord, SelectionSession
from veterans_portal import locking
from veterans_portal.errors import DomainError


class SelectionError(DomainError):
    """A rule of the session refuses."""

    code = "selection_refused"


def held(session):
    """Return the session's row, locked until the transaction ends: one act at a time in a session."""
    rows = SelectionSession.objects.select_related("station", "plan", "current")
    return locking.locked(rows, getattr(session, "pk", session))


def append(session, act, *, at, by=None, **facts):
    """Write the next line of the record of a held session; its head is saved with the session."""
    content = selection_record.canonical(
        {
            "number": session.entries + 1,
            "at": selection_record.instant(at),
            "act": str(act),
            "officer": selection_record.pseudonym(session.code, by),
            **facts,
        }
    )
    session.entries += 1
    session.head = selection_record.chained(session.head, content)
    return SelectionRecord.objects.create(
        session=session, number=session.entries, at=at, act=act, content=content,
        hash=session.head, by=by,
    )  # fmt: skip


def record(act, session, *, by, **detail):
    """Audit an act on a session: `act` without the app's name."""
    audit.record(
        f"placement.selection_{act}", session, by=by, station=session.station,
        detail=detail or None,
    )  # fmt: skip


def expect(session, states, deed):
    """Raise SelectionError unless the session is in one of `states`."""
    if session.state not in states:
        raise SelectionError(
            f"这场选岗会现在是“{session.get_state_display()}”，不能{deed}。"
            "可能刚有人办过，请刷新页面查看。",
            code="wrong_state",
        )


def require_conductor(session, by):
    """Raise SelectionError unless `by` may conduct sessions of the centre."""
    if not perms.may_conduct_selection(by, session.station):
        raise SelectionError("请由组织单位的工作人员办理。", code="not_allowed")


def require_decider(session, by):
    """Raise SelectionError unless `by` may decide at the centre."""
    if not perms.may_decide_cases(by, session.station):
        raise SelectionError("请由组织单位的审核人或负责人办理。", code="not_allowed")

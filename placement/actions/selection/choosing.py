"""A post is chosen: by the person on their phone, by whoever has their written authority, at the desk.

One act at a time goes through a session (its row is locked), and a place is taken by one conditional
statement besides, so that a post is never chosen more often than it has places.
"""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import private_files
from placement.actions.cases import trail
from placement.actions.selection import clock
from placement.actions.selection.common import (
    SelectionError,
    append,
    held,
    require_conductor,
)
from placement.enums import CaseAct, CaseState
from placement.enums.selection import ChosenHow, RecordAct, SessionState, TurnState
from placement.models import SelectionAuthority, SelectionPost, SelectionTurn
from placement.models.selection_turns import WRITTEN
from placement.notices import selection as notices
from services import uploads
from services.models import Proxy


def choose(*, turn, post, by, proxy=None, authority=None, now=None):
    """Choose `post` for the one whose turn it is; returns the SelectionTurn.

    A citizen chooses for themselves or by a written authority on file. Staff take down what the
    person says, or with `proxy` (on file) or `authority` (brought along) what their agent says.
    Raises SelectionError; the same choice twice is once.
    """
    clock.tick(session=turn.session, now=now)
    return _choose(turn, post, by, proxy, authority, now or timezone.now())


@transaction.atomic
def _choose(turn, post, by, proxy, authority, now):
    session = held(turn.session_id)
    turn = SelectionTurn.objects.with_all().get(pk=turn.pk)
    how, proxy, authority = _way(turn, by, proxy, authority)
    if turn.state == TurnState.CHOSEN and turn.post_id == post.pk:
        return turn
    now = _expect_turn(session, turn, now)
    post = take(session, post)
    case = trail.locked(turn.case_id)
    trail.expect(case, [CaseState.READY], "选岗")
    turn.state, turn.post, turn.how, turn.ended_at = TurnState.CHOSEN, post, how, now
    turn.proxy, turn.authority, turn.session = proxy, authority, session
    turn.save(update_fields=["state", "post", "how", "ended_at", "proxy", "authority"])
    append(session, RecordAct.CHOSE, at=now, by=by, turn=turn.position, post=post.position, how=how)
    trail.move(case, CaseState.CHOSEN, CaseAct.CHOSEN, by=by,
               public=f"选定{post.employer_name}的{post.title}。", staff=ChosenHow(how).label)  # fmt: skip
    trail.record("selection_chosen", case, by=by, session=session.code, post=post.pk, how=str(how))
    turn.case = case
    notices.chosen(turn)
    clock.call_next(session, now)
    session.save()
    return turn


def take(session, post):
    """Take a place of a post in one statement; raises SelectionError when there is none."""
    free = SelectionPost.objects.filter(pk=post.pk, session=session, taken__lt=F("places"))
    if not free.update(taken=F("taken") + 1):
        raise SelectionError("这个岗位的名额已经选完，请另选一个。", code="post_full", field="post")
    return SelectionPost.objects.get(pk=post.pk)


def give_up(*, turn, by, now=None):
    """The one whose turn it is chooses nothing this time; their file stays where it was."""
    clock.tick(session=turn.session, now=now)
    return _give_up(turn, by, now or timezone.now())


@transaction.atomic
def _give_up(turn, by, now):
    session = held(turn.session_id)
    turn = SelectionTurn.objects.with_all().get(pk=turn.pk)
    _way(turn, by, None, None)
    if turn.state == TurnState.PASSED:
        return turn
    now = _expect_turn(session, turn, now)
    turn.state, turn.ended_at = TurnState.PASSED, now
    turn.save(update_fields=["state", "ended_at"])
    append(session, RecordAct.PASSED, at=now, by=by, turn=turn.position)
    trail.record("selection_passed", turn.case, by=by, session=session.code)
    notices.passed(turn)
    clock.call_next(session, now)
    session.save()
    return turn


def add_authority(*, turn, by, agent_name, upload):
    """Keep the written authority somebody brought along; returns the SelectionAuthority."""
    require_conductor(turn.session, by)
    name = (agent_name or "").strip()[:50]
    if not name:
        raise SelectionError("请填写受托人姓名。", field="agent_name")
    if upload is None:
        raise SelectionError("请上传书面委托书的照片或扫描件。", field="upload")
    cleaned = uploads.clean(upload)
    known = SelectionAuthority.objects.filter(turn=turn, digest=cleaned.digest).first()
    if known is not None:
        return known
    stored_as = private_files.keep(cleaned.data, lasting=True)
    try:
        with transaction.atomic():
            found = SelectionAuthority.objects.create(
                turn=turn, agent_name=name, content_type=cleaned.content_type, size=cleaned.size,
                digest=cleaned.digest, stored_as=stored_as, by=by,
            )  # fmt: skip
            trail.record("selection_authority_added", turn.case, by=by, digest=found.digest[:16])
            return found
    except BaseException:
        private_files.remove(stored_as)
        raise


def _expect_turn(session, turn, now):
    """The moment of the act; raises SelectionError unless it is their turn and time is left."""
    if session.state == SessionState.PAUSED:
        raise SelectionError("选岗会暂停了，时间也停着。继续以后再选。", code="paused")
    if session.state != SessionState.RUNNING or session.current_id != turn.pk:
        raise SelectionError("现在没有轮到，请看大屏或刷新页面。", code="not_your_turn")
    now = clock.look(session, now)
    if now > session.deadline:
        raise SelectionError("时间到了，没有选上。赶快联系现场工作人员补选。", code="time_over")
    return now


def _way(turn, by, proxy, authority):
    """(how, proxy, authority) of an act by `by`; raises SelectionError for those who may not."""
    person = turn.case.person
    if by.is_citizen:
        if person.account_id == by.pk:
            return ChosenHow.PHONE, None, None
        acting = Proxy.objects.acting(by, person)
        if acting is not None and acting.proof in WRITTEN:
            return ChosenHow.AGENT, acting, None
        raise SelectionError("您不能替这位选岗：要有书面委托。", code="not_allowed")
    require_conductor(turn.session, by)
    if proxy is not None:
        if proxy.person_id != person.pk or proxy.proof not in WRITTEN or not proxy.is_in_force():
            raise SelectionError(
                "这份代办关系没有书面委托，或已经不在有效期。", code="no_authority"
            )
        return ChosenHow.PROXY, proxy, None
    if authority is not None:
        if authority.turn_id != turn.pk:
            raise SelectionError("这份委托书不是这位的。", code="no_authority")
        return ChosenHow.PROXY, None, authority
    return ChosenHow.DESK, None, None

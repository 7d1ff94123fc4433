"""One session at the desk: whose turn, choosing for them, stopping, undoing, the result."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.perms import only
from placement import perms
from placement.actions import seating
from placement.actions import selection as acts
from placement.enums import CaseState
from placement.enums.selection import SessionState, TurnState, UndoState
from placement.forms.selection import AuthorityForm
from placement.models import SelectionSession, SelectionTurn, SelectionUndo
from placement.models.selection_turns import WRITTEN
from services.forms.reasons import ReasonForm
from services.models import Proxy
from services.perms import works_at_a_desk
from veterans_portal.errors import DomainError

PUBLIC_WHY = {"length": 200, "hint": "会写进公开的记录，请不要写个人情况。"}


def session_in_scope(request, code):
    """The session of a station in the reader's scope; Http404 otherwise."""
    rows = SelectionSession.objects.visible_to(request.user).select_related("station", "plan")
    return get_object_or_404(rows, code=code)


@only(works_at_a_desk)
@require_safe
def session_page(request, code):
    """The next step first, whose turn, posts, the order, undoings that wait."""
    session = session_in_scope(request, code)
    user, station = request.user, session.station
    conducts = perms.may_conduct_selection(user, station)
    current = None
    if session.current_id:
        current = SelectionTurn.objects.with_all().get(pk=session.current_id)
    context = _status(session) | {
        "conducts": conducts,
        "decides": perms.may_decide_cases(user, station),
        "current": current,
        "posts": list(session.posts.order_by("position")),
        "turns": _turns(session),
        "undos": SelectionUndo.objects.filter(turn__session=session, state=UndoState.PROPOSED)
        .select_related("turn", "post", "proposed_by"),
        "proxies": Proxy.objects.in_force().filter(person=current.case.person, proof__in=WRITTEN)
        if current
        else [],
        "authority_form": AuthorityForm(auto_id="authority_%s"),
        "to_letter": session.state == SessionState.SETTLED
        and session.turns.standing().filter(
            letter=None, case__state=CaseState.RESULT_PUBLICITY
        ).count(),
    }  # fmt: skip
    return render(request, "placement/desk/selection.html", context)


def _turns(session):
    """The order, each with its letter or None as `issued`."""
    turns = list(session.turns.select_related("case__person", "post", "letter"))
    for turn in turns:
        turn.issued = getattr(turn, "letter", None)
    return turns


def _status(session):
    return {
        "session": session,
        "seconds": session.seconds_left(),
        "waiting": session.turns.filter(state__in=[TurnState.WAITING, TurnState.RETURNED]).count(),
    }


@only(works_at_a_desk)
@require_POST
def tick(request, code):
    """How the clock stands; the whole page anew once something happened."""
    session = session_in_scope(request, code)
    acts.tick(session=session)
    session.refresh_from_db()
    if request.POST.get("entries") != str(session.entries):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "placement/desk/selection_now.html", _status(session))


def _doing(request, code, deed, done):
    """Do it and go back to the page, saying what came of it."""
    try:
        deed()
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, done)
    return redirect("placement:desk_selection", code)


@only(works_at_a_desk)
@require_POST
def choose(request, code):
    """Take down what the one whose turn it is, or their agent, says."""
    session = session_in_scope(request, code)
    turn = _turn(session, request.POST.get("turn"))
    post = session.posts.filter(position=_number(request.POST.get("post"))).first()
    if post is None:
        messages.error(request, "请先选一个岗位。")
        return redirect("placement:desk_selection", code)
    proxy = Proxy.objects.filter(pk=_number(request.POST.get("proxy"))).first()
    form = AuthorityForm(request.POST, request.FILES)

    def deed():
        authority = None
        if form.is_valid() and (form.cleaned_data["upload"] or form.cleaned_data["agent_name"]):
            authority = acts.add_authority(turn=turn, by=request.user, **form.cleaned_data)
        acts.choose(turn=turn, post=post, by=request.user, proxy=proxy, authority=authority)

    return _doing(request, code, deed, f"{turn.name}已选定{post}。")


@only(works_at_a_desk)
@require_POST
def turn_act(request, code, position, act):
    """Chose nothing, came late, undo, does not stand, the letter: of one in the order."""
    session = session_in_scope(request, code)
    turn = _turn(session, position)
    user, reason = request.user, request.POST.get("reason", "")
    deeds = {
        "pass": (lambda: acts.give_up(turn=turn, by=user), "已记为这次不选。"),
        "late": (lambda: acts.take_back(turn=turn, by=user), "当前这一位选完后就叫。"),
        "undo": (lambda: acts.propose(turn=turn, by=user, reason=reason), "等另一位同事确认。"),
        "annul": (lambda: seating.annul(turn=turn, by=user, reason=reason), "已改回待选岗。"),
        "letter": (lambda: seating.issue_letter(turn=turn, by=user), "介绍信已开。"),
    }
    if act not in deeds:
        raise Http404
    return _doing(request, code, *deeds[act])


@only(works_at_a_desk)
@require_POST
def undo_act(request, code, pk, act):
    """Confirm an undoing or not agree: by another officer."""
    session = session_in_scope(request, code)
    rows = SelectionUndo.objects.select_related("turn").filter(turn__session=session)
    undo = get_object_or_404(rows, pk=pk)
    deeds = {
        "confirm": (acts.confirm, "已撤销，当前这一位选完后再叫。"),
        "refuse": (acts.refuse, "选择照旧。"),
    }
    if act not in deeds:
        raise Http404
    deed, done = deeds[act]
    return _doing(request, code, lambda: deed(undo=undo, by=request.user), done)


@only(works_at_a_desk)
@require_POST
def session_act(request, code, act):
    """Open, pause, go on, close, call off, publish the result, issue all letters."""
    session = session_in_scope(request, code)
    user = request.user
    form = ReasonForm(request.POST, **PUBLIC_WHY)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    deeds = {
        "open": (lambda: acts.open_session(session=session, by=user), "选岗开始。"),
        "pause": (lambda: acts.pause(session=session, by=user, reason=reason), "已暂停。"),
        "resume": (lambda: acts.resume(session=session, by=user), "继续选岗。"),
        "close": (lambda: acts.close(session=session, by=user, reason=reason), "选岗已结束。"),
        "cancel": (lambda: acts.cancel(session=session, by=user, reason=reason), "已取消。"),
        "publish": (lambda: seating.publish_result(session=session, by=user), "结果开始公示。"),
        "letters": (lambda: seating.issue_letters(session=session, by=user), "介绍信已开。"),
    }
    if act not in deeds:
        raise Http404
    return _doing(request, code, *deeds[act])


def _turn(session, position):
    rows = SelectionTurn.objects.with_all().filter(session=session)
    return get_object_or_404(rows, position=_number(position))


def _number(text):
    text = str(text or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

"""Choosing a post on one's own phone, or for somebody by their written authority."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import is_citizen, only
from placement.actions import selection as acts
from placement.enums.selection import SESSION_LIVE, SessionState, TurnState
from placement.models import SelectionTurn
from veterans_portal.errors import DomainError

SHOWN = 20


def _turn(request, code, position):
    rows = SelectionTurn.objects.of_user(request.user).with_all()
    rows = rows.exclude(session__state=SessionState.CANCELLED)
    return get_object_or_404(rows, session__code=code, position=position)


@only(is_citizen)
@require_safe
def my_selections(request):
    """Sessions in which I choose, or somebody whose written authority I hold."""
    rows = SelectionTurn.objects.of_user(request.user).with_all()
    rows = rows.exclude(session__state=SessionState.CANCELLED).order_by("-session__starts_at")
    return render(request, "placement/me/selections.html", {"turns": rows[:SHOWN]})


@only(is_citizen)
@require_safe
def my_turn(request, code, position):
    """My place in the order; when it is my turn, the posts."""
    return render(
        request, "placement/me/turn.html", _context(request, _turn(request, code, position))
    )


def _context(request, turn):
    session = turn.session
    mine = session.state == SessionState.RUNNING and session.current_id == turn.pk
    wishes = {}
    for wish in turn.case.wishes.all():
        wishes[wish.post_id] = wish.position
    posts = [
        {"post": post, "wish": wishes.get(post.post_id)}
        for post in session.posts.order_by("position")
        if post.left
    ]
    posts.sort(key=lambda each: (each["wish"] or 99, each["post"].position))
    ahead = session.turns.filter(
        state__in=[TurnState.WAITING, TurnState.RETURNED, TurnState.CALLED],
        position__lt=turn.position,
    )
    return {
        "turn": turn,
        "session": session,
        "mine": mine,
        "is_own": turn.case.person.account_id == request.user.pk,
        "is_live": session.state in SESSION_LIVE,
        "ahead": ahead.count(),
        "posts": posts,
        "seconds": session.seconds_left(),
    }


@only(is_citizen)
@require_POST
def my_tick(request, code, position):
    """How it stands now; the whole page anew once something happened."""
    turn = _turn(request, code, position)
    acts.tick(session=turn.session)
    turn.session.refresh_from_db()
    turn.refresh_from_db(fields=["state", "post"])
    context = _context(request, turn)
    if request.POST.get("entries") != str(context["session"].entries):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "placement/me/turn_now.html", context)


@only(is_citizen)
@require_http_methods(["GET", "HEAD", "POST"])
def my_choice(request, code, position, post):
    """Look once more, then choose."""
    turn = _turn(request, code, position)
    chosen = get_object_or_404(turn.session.posts, position=post)
    back = redirect("placement:my_turn", code, position)
    if request.method == "POST":
        try:
            acts.choose(turn=turn, post=chosen, by=request.user)
        except DomainError as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, f"已选定{chosen.employer_name}的{chosen.title}。")
        return back
    if turn.session.current_id != turn.pk:
        return back
    context = {"turn": turn, "session": turn.session, "post": chosen}
    return render(request, "placement/me/choice.html", context)


@only(is_citizen)
@require_POST
def my_pass(request, code, position):
    """Choose nothing this time."""
    try:
        acts.give_up(turn=_turn(request, code, position), by=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已记为这次不选。")
    return redirect("placement:my_turn", code, position)

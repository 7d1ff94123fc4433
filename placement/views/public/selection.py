"""Choosing posts for everybody: the board, the result in its time, and the record to recompute."""

import json

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count, F, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from placement import selection_record
from placement.enums.selection import TurnState
from placement.models import SelectionSession

PER_PAGE = 10
POSTS_SHOWN = 14
LAST_SHOWN = 5
NEXT_SHOWN = 4
ENDED = [TurnState.CHOSEN, TurnState.PASSED, TurnState.ABSENT, TurnState.OUT, TurnState.UNREACHED]


def session_shown(code):
    """The session that everybody may follow, or Http404."""
    rows = SelectionSession.objects.public().select_related("station", "current")
    return get_object_or_404(rows, code=code)


def on_board(session):
    """What the board shows. No full name, number, unit or disability: it is not read at all."""
    turns = session.turns
    waiting = turns.filter(state__in=[TurnState.RETURNED, TurnState.WAITING])
    last = turns.filter(state=TurnState.CHOSEN) if session.is_live else turns.none()
    sums = session.posts.aggregate(places=Sum("places"), taken=Sum("taken"))
    return {
        "session": session,
        "posts": session.posts.filter(taken__lt=F("places")).order_by("position")[:POSTS_SHOWN],
        "places_left": (sums["places"] or 0) - (sums["taken"] or 0),
        "next": waiting.order_by("state", "position")[:NEXT_SHOWN] if not session.is_over else [],
        "last": last.select_related("post").order_by("-ended_at")[:LAST_SHOWN],
        "done": turns.filter(state__in=ENDED).count(),
        "people": turns.count(),
    }


@login_not_required
@require_safe
def session_list(request):
    """Sessions to come, on, and over."""
    rows = SelectionSession.objects.public().select_related("station")
    rows = rows.annotate(people=Count("turns", distinct=True))
    page = Paginator(rows.order_by("-starts_at", "pk"), PER_PAGE)
    context = {"page_obj": page.get_page(request.GET.get("page"))}
    return render(request, "placement/public/selection_list.html", context)


@login_not_required
@require_safe
def board(request, code):
    """The whole screen; it updates itself, or by refresh."""
    context = on_board(session_shown(code)) | {"now": timezone.now()}
    return render(request, "placement/public/selection_board.html", context)


@login_not_required
@conditional_page
@require_safe
def board_now(request, code):
    """What changes on the screen."""
    context = on_board(session_shown(code))
    return render(request, "placement/public/selection_board_now.html", context)


@login_not_required
@require_safe
def result(request, code):
    """The order and, in its time, the result; how anybody recomputes it."""
    session = session_shown(code)
    shown = session.result_is_public()
    rows = session.turns.select_related("post").order_by("position") if shown else []
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {"session": session, "shown": shown, "page_obj": page}
    return render(request, "placement/public/selection_result.html", context)


@login_not_required
@require_safe
def record_file(request, code):
    """The record as a file: without names, so it may stand for good."""
    session = session_shown(code)
    if not session.entries:
        raise Http404
    text = json.dumps(selection_record.published(session), ensure_ascii=False, indent=1)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="selection-{session.code}.json"'
    return answer

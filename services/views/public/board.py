"""The hall's screen: called tickets and windows, who is next. Tickets only, no person."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from services import hall
from services.models import Station


def _shown(code):
    """Two queries: the station, and everybody in its hall."""
    stations = Station.objects.active().only("code", "name")
    station = get_object_or_404(stations, code=code)
    return {"station": station} | hall.board_of(station)


@login_not_required
@require_safe
def board(request, code):
    """The whole screen; `?voice=1` lets the browser read new calls aloud."""
    context = _shown(code) | {"now": timezone.now(), "voice": request.GET.get("voice") == "1"}
    return render(request, "services/public/board.html", context)


@login_not_required
@conditional_page
@require_safe
def board_now(request, code):
    """What changes on the screen; 304 while nothing did."""
    return render(request, "services/public/board_now.html", _shown(code))

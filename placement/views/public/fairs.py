"""Fairs for everybody: the list, one with its employers and posts, the screen in its hall."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from placement import fair_figures
from placement.enums.fairs import FairEmployerState, FairState
from placement.models import JobFair
from services.enums import COUNTED_STATES
from services.models import Booking

PER_PAGE = 10
ACCEPTED = Q(employers__state=FairEmployerState.ACCEPTED)


@login_not_required
@require_safe
def fair_list(request):
    """What comes, soonest first, and what was."""
    shown = JobFair.objects.public().select_related("station")
    shown = shown.annotate(coming_employers=Count("employers", filter=ACCEPTED))
    before = shown.exclude(state=FairState.OPEN, held_on__gte=timezone.localdate())
    page = Paginator(before.order_by("-held_on", "pk"), PER_PAGE)
    context = {
        "coming": list(shown.to_come()[:50]),
        "page_obj": page.get_page(request.GET.get("page")),
    }
    return render(request, "placement/public/fair_list.html", context)


def fair_shown(pk):
    """The fair that everybody may read about, or Http404."""
    return get_object_or_404(JobFair.objects.public().select_related("station", "visits"), pk=pk)


@login_not_required
@require_safe
def fair(request, pk):
    """One: when, where, who comes with which posts, and how to register."""
    shown = fair_shown(pk)
    mine = None
    if request.user.is_authenticated and request.user.is_citizen:
        visits = Booking.objects.visible_to(request.user).filter(slot__offering=shown.visits_id)
        mine = visits.filter(state__in=COUNTED_STATES).first()
    ahead = shown.state == FairState.OPEN and shown.held_on >= timezone.localdate()
    board = fair_figures.board_of(shown)
    context = {
        "fair": shown,
        "sessions": list(shown.visits.slots.order_by("starts_at")),
        "stands": board["stands"],
        "totals": board["totals"],
        "ahead": ahead,
        "mine": mine,
        "takes_employers": shown.takes_applications(),
    }
    return render(request, "placement/public/fair.html", context)


@login_not_required
@require_safe
def board(request, pk):
    """The whole screen of the hall; it updates itself."""
    context = _on_screen(pk) | {"now": timezone.now()}
    return render(request, "placement/public/fair_board.html", context)


@login_not_required
@conditional_page
@require_safe
def board_now(request, pk):
    """What changes on the screen; 304 while nothing did."""
    return render(request, "placement/public/fair_board_now.html", _on_screen(pk))


def _on_screen(pk):
    shown = fair_shown(pk)
    return {"fair": shown} | fair_figures.screen_of(shown, now=timezone.now())

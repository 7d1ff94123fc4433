"""The coverage check of my subtree: every division has an active station, or is listed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from services.actions.stations import open_station as open_the_station
from services.coverage import by_tier, gaps, lacks_a_have, special
from services.models import Station
from services.perms import may_open_or_close, scope_of
from veterans_portal.errors import DomainError

PAGE_SIZE = 20


@require_safe
def coverage(request):
    scope = scope_of(request.user)
    if not scope.postings:
        raise Http404
    stations = Station.objects.active().visible_to(request.user)
    found = [
        {"gap": gap, "may_open": may_open_or_close(request.user, gap.path)} for gap in gaps(scope)
    ]
    lacking = stations.ordinary().filter(lacks_a_have()).select_related("parent")
    context = {
        "gaps": found,
        "tiers": by_tier(stations),
        "special": special(stations),
        "lacking": Paginator(lacking, PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return render(request, "services/desk/coverage.html", context)


@require_POST
def open_station(request, code):
    """Open the station of a division that never had one."""
    gap = next((g for g in gaps(scope_of(request.user)) if g.division.code == code), None)
    if gap is None or not may_open_or_close(request.user, gap.path):
        raise Http404
    try:
        station = open_the_station(division=gap.division, by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("services:coverage")
    messages.success(request, f"{station.name}已开设，请补充地址、电话和开放时间。")
    return redirect("services:desk_station", station.code)

"""Figures rolled up from village to city, one column per child station."""

from collections import defaultdict

from django.db.models import Count, F
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.perms import only
from reports import months
from reports import rollup as figures
from reports.counting import child_path
from reports.enums import REPORTED
from reports.models import Return
from reports.states import bar_of
from services.enums import Tier
from services.models import Station
from services.perms import scope_of, works_at_a_desk


@only(works_at_a_desk)
@require_safe
def rollup(request):
    """The station of the address (by default the viewer's highest) with its children."""
    station = station_of(request)
    span = months.chosen(request.GET)
    if span is None:
        return render(request, "reports/rollup.html", {"station": station, "span": None})
    children = list(
        Station.objects.filter(parent=station, active_from__lte=span.span.last)
        .exclude(active_to__lte=span.first)
        .order_by(F("tier").asc(nulls_last=True), "path")
    )
    parts = [station, *children] if children else [station]
    counts = _states(station, span.last)
    columns = [
        {
            "station": part,
            "own": part == station,
            "name": short_name(part),
            "bar": bar_of(counts[part.path]),
            "filed": _filed(counts[part.path]),
            "total": sum(counts[part.path].values()),
            "leaf": part == station or part.tier in (None, Tier.VILLAGE),
        }
        for part in parts
    ]
    return render(
        request,
        "reports/rollup.html",
        {
            "station": station,
            "trail": _trail(request.user, station),
            "span": span,
            "columns": columns,
            "rows": figures.table(station, [part.path for part in parts], span.first, span.last),
            "filed": sum(column["filed"] for column in columns),
            "total": sum(column["total"] for column in columns),
            "has_children": bool(children),
        },
    )


def station_of(request):
    """The station asked for, in scope; without one the viewer's own (the highest). 404 outside."""
    visible = Station.objects.visible_to(request.user)
    code = (request.POST or request.GET).get("station")
    if code:
        return get_object_or_404(visible, code=code.replace("\x00", ""))
    paths = scope_of(request.user).paths
    station = visible.filter(path=min(paths, key=len)).first() if paths else None
    if station is None:
        raise Http404
    return station


def _states(station, month):
    """`{path of the part: {state: count}}` of the last month, in one grouped query."""
    found = defaultdict(dict)
    rows = (
        Return.objects.filter(period__month=month, station__path__startswith=station.path)
        .order_by()
        .values_list(child_path("station__path", station), "state")
        .annotate(count=Count("pk"))
    )
    for path, state, count in rows:
        found[path][state] = count
    return found


def short_name(station):
    """锡山区退役军人服务中心 -> 锡山区: what all columns share is left out."""
    for ending in ("退役军人服务中心", "退役军人服务站"):
        if station.name.endswith(ending) and station.name != ending:
            return station.name.removesuffix(ending)
    return station.name


def _filed(counts):
    return sum(counts.get(state, 0) for state in REPORTED)


def _trail(user, station):
    """The stations above within the viewer's scope, from the top down."""
    parts = station.path.rstrip("/").split("/")
    above = ["/".join(parts[:depth]) + "/" for depth in range(1, len(parts))]
    return list(Station.objects.visible_to(user).filter(path__in=above).order_by("path"))

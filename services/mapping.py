"""What stands on the sketch map: district outlines and station points, ready to draw."""

from django.urls import reverse
from django.utils.http import urlencode

from services import geo
from services.enums import StationKind, Tier
from services.models import Station

# District names stand a little above the centre, whose station is there.
NAME_ABOVE = 18


def station_map_of(district=None):
    """Outlines, points and list of the map: all districts down to towns, or one with its villages.

    `district` is a district's station. An area without an outline of its own is drawn on its
    neighbours' (it has no border by law).
    """
    shapes = geo.shapes()
    stations = Station.objects.active().select_related("division").order_by("tier", "path")
    if district is None:
        stations = stations.exclude(tier=Tier.VILLAGE)
        drawn = list(shapes.values())
    else:
        stations = stations.in_area(district)
        own = shapes.get(district.code[:6])
        around = {s.division_id[:6] for s in stations.filter(tier=Tier.TOWN)}
        drawn = [own] if own else [shapes[code] for code in sorted(around) if code in shapes]
    sketch = geo.Sketch(drawn or list(shapes.values()))
    stations = list(stations)
    return {
        "width": sketch.width,
        "height": sketch.height,
        "shapes": [_outline(sketch, shape) for shape in drawn],
        "points": [_point(sketch, s) for s in reversed(stations) if s.latitude is not None],
        "stations": stations,
        "groups": _groups(stations, depth=1 if district is None else 2),
    }


def _groups(stations, depth):
    """The stations under the one at each path of `depth` + 1 parts; the rest comes first."""
    groups = {}
    for station in sorted(stations, key=lambda s: (s.tier is None, s.path)):
        parts = station.path.rstrip("/").split("/")
        special = station.kind != StationKind.ORDINARY
        key = "" if special and len(parts) == depth + 1 else "/".join(parts[: depth + 1])
        groups.setdefault(key if len(parts) > depth else "", []).append(station)
    above = groups.pop("", [])
    titled = [{"title": group[0].division.name, "stations": group} for group in groups.values()]
    return [{"title": "服务中心和特设站", "stations": above}, *titled] if above else titled


def _outline(sketch, shape):
    x, y = sketch.point(shape.center[1], shape.center[0])
    return {
        "name": shape.name,
        "path": sketch.outline(shape),
        "x": x,
        "y": y - NAME_ABOVE,
        "url": f"{reverse('services:stations')}?{urlencode({'district': f'{shape.code}000000'})}",
    }


def _point(sketch, station):
    x, y = sketch.point(station.latitude, station.longitude)
    special = station.kind != StationKind.ORDINARY
    return {
        "name": station.name,
        "x": x,
        "y": y,
        "url": station.get_absolute_url(),
        "mark": "special" if special else Tier(station.tier).name.lower(),
    }

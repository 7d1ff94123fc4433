"""What stands on the sketch map: district outlines and station points, ready to draw."""

from django.urls import reverse
from django.utils.http import urlencode

from services import geo
from services.enums import StationKind, Tier
from services.models import Station


def station_map_of(district=None):
    """Outlines, points and list of the map: all districts down to towns, or one with its villages.

    `district` is a district's station. An area without an outline of its own is drawn on its
    neighbours' (it has no border by law).
    """
    shapes = geo.shapes()
    stations = Station.objects.active().order_by("tier", "path")
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
    }


def _outline(sketch, shape):
    x, y = sketch.point(shape.center[1], shape.center[0])
    return {
        "name": shape.name,
        "path": sketch.outline(shape),
        "x": x,
        "y": y,
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

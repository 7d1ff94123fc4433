"""The districts' outlines and the sketch map that is drawn from them on the server.

The file is `settings.DISTRICT_SHAPES` (GeoJSON, WGS-84, one feature per district with `adcode`,
`name` and `center`), so that the bureau can put an approved outline in its place. Angles are in
degrees, distances in kilometres, drawings in units of their own view box.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

from django.conf import settings

EARTH_RADIUS_KM = 6371.0
MAP_WIDTH = 720
MAP_MARGIN = 16


@dataclass(frozen=True)
class Shape:
    """One district: six digit code, name, centre and outer rings as (longitude, latitude)."""

    code: str
    name: str
    center: tuple[float, float]
    rings: tuple[tuple[tuple[float, float], ...], ...]

    def contains(self, latitude, longitude):
        """Whether a point lies inside (even-odd rule over all rings)."""
        return sum(_inside(ring, longitude, latitude) for ring in self.rings) % 2 == 1

    @property
    def bounds(self):
        """West, south, east, north."""
        xs, ys = zip(*(point for ring in self.rings for point in ring), strict=True)
        return min(xs), min(ys), max(xs), max(ys)


def shapes():
    """The districts of the file in force, by six digit code."""
    return _read(str(settings.DISTRICT_SHAPES))


@lru_cache(maxsize=4)
def _read(name):
    features = json.loads(Path(name).read_text(encoding="utf-8"))["features"]
    found = {}
    for feature in features:
        geometry, about = feature["geometry"], feature["properties"]
        several = geometry["type"] == "MultiPolygon"
        polygons = geometry["coordinates"] if several else [geometry["coordinates"]]
        rings = tuple(
            tuple((float(x), float(y)) for x, y, *_ in ring)
            for polygon in polygons
            for ring in polygon
        )
        code = str(about["adcode"])
        found[code] = Shape(code, about["name"], tuple(about["center"]), rings)
    return found


def distance_km(latitude, longitude, other_latitude, other_longitude):
    """Great-circle distance in kilometres."""
    here, there = radians(latitude), radians(other_latitude)
    half = sin((there - here) / 2) ** 2
    half += cos(here) * cos(there) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(half))


class Sketch:
    """A projection of some shapes onto a view box: straight degrees, narrowed by the latitude."""

    def __init__(self, drawn):
        bounds = [shape.bounds for shape in drawn]
        self.west, south = min(b[0] for b in bounds), min(b[1] for b in bounds)
        east, self.north = max(b[2] for b in bounds), max(b[3] for b in bounds)
        narrowing = cos(radians((south + self.north) / 2))
        inner = MAP_WIDTH - 2 * MAP_MARGIN
        self.x_scale = inner / (east - self.west)
        self.y_scale = self.x_scale / narrowing
        self.width = MAP_WIDTH
        self.height = round((self.north - south) * self.y_scale) + 2 * MAP_MARGIN

    def point(self, latitude, longitude):
        """Return x and y of a place, to a tenth of a unit."""
        x = MAP_MARGIN + (float(longitude) - self.west) * self.x_scale
        y = MAP_MARGIN + (self.north - float(latitude)) * self.y_scale
        return round(x, 1), round(y, 1)

    def outline(self, shape):
        """Return the `d` of an SVG path."""
        parts = []
        for ring in shape.rings:
            points = (self.point(latitude, longitude) for longitude, latitude in ring)
            parts.append("M" + "L".join(f"{x} {y}" for x, y in points) + "Z")
        return "".join(parts)


def _inside(ring, x, y):
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside

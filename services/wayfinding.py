"""From what people write or where they stand to the station that serves them.

Nothing asked here is stored: an address or a position is read, answered and forgotten.
"""

from dataclasses import dataclass

from services import geo
from services.enums import Tier
from services.models import Station

ENDINGS = ("街道", "社区", "镇", "村", "区", "市")
SHORTEST_STEM = 2
MOST_CANDIDATES = 12
# From farther away than this the nearest station is no help.
FARTHEST_KM = 40


@dataclass(frozen=True)
class Hit:
    """A station whose division is named in the text, and where the name stands."""

    pk: int
    tier: int
    path: str
    district: str
    start: int
    end: int

    @property
    def length(self):
        return self.end - self.start

    def lies_within(self, other):
        """Whether this name is only a part of a longer one (惠山 in 惠山街道)."""
        return other.length > self.length and other.start <= self.start and self.end <= other.end

    def narrows(self, other):
        """Whether this name, written beside the other one, lies under it: in the network, or on
        the official map (太湖街道 lies in 滨湖区)."""
        under = self.path.startswith(other.path) or (
            other.tier == Tier.DISTRICT and self.district == other.district
        )
        return under and (self.end <= other.start or self.start >= other.end)

    def competes_with(self, other):
        """The same words mean this or the other one (惠山: the district, or the subdistrict)."""
        same = (self.start, self.end) == (other.start, other.end)
        return same and not self.path.startswith(other.path)


def stations_named_in(text):
    """The stations of the divisions that an address names: the deepest level that fits.

    Districts narrow towns, towns narrow villages, and the longest name wins; several come back
    when the text leaves it open, none when it names nothing.
    """
    hits = _hits("".join(text.split()))
    hits = [hit for hit in hits if not any(hit.lies_within(other) for other in hits)]
    chosen = []
    for tier in (Tier.DISTRICT, Tier.TOWN, Tier.VILLAGE):
        here = [hit for hit in hits if hit.tier == tier]
        narrowed = [hit for hit in here if any(hit.narrows(above) for above in chosen)]
        rivals = [hit for hit in here if any(hit.competes_with(above) for above in chosen)]
        chosen = narrowed or (chosen + rivals if chosen else here)
    if not chosen:
        return []
    longest = max(hit.length for hit in chosen)
    keys = [hit.pk for hit in chosen if hit.length == longest]
    found = Station.objects.filter(pk__in=keys).select_related("parent", "parent__parent")
    return list(found.order_by("path"))


def nearest_stations(latitude, longitude, count=3):
    """(station, kilometres) pairs of the nearest active stations, nearest first.

    Empty when the place is farther than FARTHEST_KM from all of them.
    """
    places = (
        Station.objects.active()
        .filter(latitude__isnull=False)
        .order_by()
        .values_list("pk", "latitude", "longitude")
    )
    distances = sorted(
        (geo.distance_km(latitude, longitude, float(lat), float(lng)), pk)
        for pk, lat, lng in places
    )[:count]
    if not distances or distances[0][0] > FARTHEST_KM:
        return []
    stations = Station.objects.select_related("parent", "parent__parent").in_bulk(
        [pk for _, pk in distances]
    )
    return [(stations[pk], kilometres) for kilometres, pk in distances]


def chain(station):
    """The station itself and those above it, nearest first, from its path (one query)."""
    parts = station.path.rstrip("/").split("/")
    paths = ["/".join(parts[:length]) + "/" for length in range(len(parts), 0, -1)]
    return list(Station.objects.filter(path__in=paths).order_by("-path"))


def _hits(text):
    rows = (
        Station.objects.active()
        .ordinary()
        .filter(tier__gt=Tier.CITY)
        .order_by()
        .values_list("pk", "tier", "path", "division_id", "division__name", "division__short_name")
    )
    hits = []
    for pk, tier, path, code, name, short_name in rows:
        for spoken in _spoken(name, short_name):
            start = text.find(spoken)
            if start >= 0:
                hits.append(Hit(pk, tier, path, code[:6], start, start + len(spoken)))
                break
    return hits


def _spoken(name, short_name):
    """What people may write for a division, longest first: 溪南社区居委会, 溪南社区, 溪南."""
    stem = next((short_name.removesuffix(e) for e in ENDINGS if short_name.endswith(e)), "")
    names = {name, short_name} | ({stem} if len(stem) >= SHORTEST_STEM else set())
    return sorted(names, key=len, reverse=True)

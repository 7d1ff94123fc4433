"""Is every division served? (A203) Divisions without an active station, within somebody's scope."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Count, Q

from services import network_data
from services.enums import ModelStatus, StationKind, Tier
from services.models import Division, Station
from services.models.network import FIVE_HAVES


@dataclass(frozen=True)
class Gap:
    """A division that no active ordinary station serves; `closed` is the one that did."""

    division: Division
    parent: Station | None
    closed: Station | None
    path: str


def station_above(division):
    """The station that a division's station reports to: its functional area's, else its parent's."""
    reports_to = {t: a.division.code for a in network_data.functional_areas() for t in a.towns}
    above = reports_to.get(division.code, division.parent_id)
    return Station.objects.ordinary().filter(division_id=above).order_by("-active_from").first()


def gaps(scope):
    """The gaps in a scope, by path: functional areas are divisions too."""
    found = []
    for division in Division.objects.needing_a_station().select_related("parent"):
        closed = (
            Station.objects.ordinary()
            .filter(division=division)
            .select_related("parent")
            .order_by("-active_from")
            .first()
        )
        parent = closed.parent if closed else station_above(division)
        own = network_data.segment(division.code, division.level)
        path = closed.path if closed else f"{parent.path if parent else ''}{own}/"
        if scope.covers(path):
            found.append(Gap(division, parent, closed, path))
    return sorted(found, key=lambda gap: gap.path)


def lacks_a_have():
    """The condition of a station where one of the five haves (五有) is missing."""
    return reduce(or_, (Q(**{have: False}) for have in FIVE_HAVES))


def by_tier(stations):
    """Per tier: stations, named model stations, and stations lacking one of the five haves."""
    lacking = lacks_a_have()
    rows = {
        row["tier"]: row
        for row in stations.ordinary()
        .order_by()
        .values("tier")
        .annotate(
            count=Count("pk"),
            named=Count("pk", filter=Q(model_status=ModelStatus.NAMED)),
            lacking=Count("pk", filter=lacking),
        )
    }
    return [{"tier": tier, "label": tier.label} | rows[tier.value] for tier in Tier if tier in rows]


def special(stations):
    """The stations beside the tree."""
    return stations.exclude(kind=StationKind.ORDINARY).select_related("parent").order_by("path")

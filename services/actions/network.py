"""Acts on the network as a whole: laying it and the working-day calendar down from data."""

from django.db import transaction
from django.utils import timezone

from services import network_data, workday_data
from services.enums import DivisionLevel, StationKind
from services.models import CalendarDay, Division, ServiceItem, Station
from services.models.calendar import CalendarSource

# The four tiers have stood since 2019; the bureau corrects a station's own day at its desk page.
NETWORK_SINCE = "2019-01-01"


@transaction.atomic
def lay_down_network():
    """Create what the data files name and the database lacks; return counts by kind of row.

    Divisions follow the files. Stations that exist are left alone: their staff keep them.
    """
    areas = network_data.functional_areas()
    rows = network_data.divisions() + [area.division for area in areas]
    _keep_divisions(rows)
    reports_to = {town: area.division.code for area in areas for town in area.towns}
    created = _create_ordinary(rows, reports_to) + _create_special()
    items = network_data.read("service_items.csv")
    ServiceItem.objects.bulk_create(
        [
            ServiceItem(
                code=row["code"],
                name=row["name"],
                is_consultation=row["is_consultation"] == "1",
                position=int(row["position"]),
            )
            for row in items
        ],
        ignore_conflicts=True,
    )
    return {"divisions": len(rows), "stations_created": created, "items": len(items)}


def _keep_divisions(rows):
    Division.objects.bulk_create(
        [
            Division(
                code=row.code,
                name=row.name,
                short_name=row.short_name,
                level=row.level,
                kind=row.kind,
                parent_id=row.parent_code or None,
                pinyin=network_data.reading(row.short_name),
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "short_name", "level", "kind", "parent", "pinyin"],
    )


def _create_ordinary(rows, reports_to):
    """One station per division from the city down, tier by tier so that parents come first."""
    existing = {
        division: (pk, path)
        for pk, path, division in Station.objects.ordinary()
        .order_by("active_from")
        .values_list("pk", "path", "division_id")
    }
    created = 0
    for level, tier in network_data.TIERS.items():
        new = []
        for row in rows:
            if row.level != level or row.code in existing:
                continue
            parent, path = existing.get(reports_to.get(row.code, row.parent_code), (None, ""))
            own = network_data.segment(row.code, level)
            new.append(
                _station(
                    row.code,
                    network_data.station_name(
                        row.name if level < DivisionLevel.VILLAGE else row.short_name, tier
                    ),
                    tier=tier,
                    parent_id=parent,
                    path=f"{path}{own}/",
                    division_id=row.code,
                )
            )
        Station.objects.bulk_create(new)
        existing |= {station.division_id: (station.pk, station.path) for station in new}
        created += len(new)
    return created


def _create_special():
    """Stations beside the tree (`domain.md` A208-A219, A422): no tier, but a parent."""
    rows = network_data.read("special_stations.csv")
    existing = dict(
        Station.objects.filter(
            code__in=[code for row in rows for code in (row["code"], row["parent_code"])]
        ).values_list("code", "pk")
    )
    paths = dict(Station.objects.values_list("pk", "path").filter(pk__in=existing.values()))
    levels = dict(Division.objects.values_list("code", "level"))
    new = []
    for row in rows:
        if row["code"] in existing:
            continue
        division, suffix = row["division_code"], row["code"].rsplit("-", 1)[1]
        parent = existing[row["parent_code"]]
        own = network_data.segment(division, levels[division], suffix)
        new.append(
            _station(
                row["code"],
                row["name"],
                kind=StationKind(row["kind"]),
                parent_id=parent,
                path=f"{paths[parent]}{own}/",
                division_id=division,
                active_from=row["active_from"],
                partner=row["partner"],
            )
        )
    return len(Station.objects.bulk_create(new))


def _station(code, name, **fields):
    return Station(
        code=code,
        name=name,
        pinyin=network_data.reading(name.split("退役军人服务")[0]),
        **{"active_from": NETWORK_SINCE} | fields,
    )


@transaction.atomic
def extend_calendar(*, today=None):
    """Write the working-day calendar up to the end of the year after next.

    Days that staff changed stay as they are; expected days give way to announced ones. Returns
    the first day, the last day and how many rows were written.
    """
    known = CalendarDay.objects.in_bulk()
    new, changed = [], []
    for day, is_workday, name, source in workday_data.days(today or timezone.localdate()):
        row = known.get(day)
        if row is None:
            new.append(CalendarDay(day=day, is_workday=is_workday, name=name, source=source))
        elif row.source != CalendarSource.STAFF and (row.is_workday, row.name, row.source) != (
            is_workday,
            name,
            source,
        ):
            row.is_workday, row.name, row.source = is_workday, name, source
            changed.append(row)
    CalendarDay.objects.bulk_create(new)
    CalendarDay.objects.bulk_update(changed, ["is_workday", "name", "source"], batch_size=500)
    return workday_data.FIRST_DAY, day, len(new) + len(changed)

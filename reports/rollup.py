"""Rolling returns up from village to city by kind (`domain.md` C.3 rule 6), in one grouped query.

Flows are added over stations and months, stocks take each station's latest month, ratios are
recomputed from the sums of their parts, distinct people are recounted on ids; distinct people
that were typed are never added over stations. What a station filed counts as filed; of a station that
has not filed, the automatic indicators count as the system counted them, the typed ones not at all.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from reports import counting
from reports.catalogue import AUTOMATIC, INDICATORS
from reports.enums import REPORTED
from reports.models import Figure, ReportingPeriod, Return
from services.models import Station
from veterans_portal.indicators import Span, ratio

TABLES = {
    "figure": Figure._meta.db_table,
    "return": Return._meta.db_table,
    "period": ReportingPeriod._meta.db_table,
    "station": Station._meta.db_table,
}
FIGURES = """
    SELECT f.code, r.station_id, s.path, p.month, s.active_to,
           CASE WHEN {reported} THEN COALESCE(f.typed_value, f.system_value)
                ELSE f.system_value END AS value,
           CASE WHEN {reported} THEN COALESCE(f.typed_numerator, f.system_numerator)
                ELSE f.system_numerator END AS numerator,
           CASE WHEN {reported} THEN COALESCE(f.typed_denominator, f.system_denominator)
                ELSE f.system_denominator END AS denominator
    FROM {period} p
    JOIN {return} r ON r.period_id = p.id
    JOIN {station} s ON s.id = r.station_id
    JOIN {figure} f ON f.of_id = r.id
    WHERE r.period_id = ANY(%(periods)s) AND s.path LIKE %(under)s
      AND ({reported} OR f.code = ANY(%(automatic)s))
""".format(reported="(r.state = ANY(%(reported)s) AND r.filed_at IS NOT NULL)", **TABLES)  # noqa: S608
ROLLED_UP = f"""
    WITH latest AS (
        SELECT DISTINCT ON (station_id, code) *
        FROM ({FIGURES} AND f.code = ANY(%(latest)s)) AS stock
        WHERE value IS NOT NULL AND (active_to IS NULL OR active_to > %(end)s)
        ORDER BY station_id, code, month DESC
    ), counted AS (
        {FIGURES} AND f.code = ANY(%(summed)s)
        UNION ALL
        SELECT * FROM latest
    )
    SELECT CASE WHEN %(depth)s = 0 OR path = %(own)s THEN path
                ELSE %(own)s || split_part(path, '/', %(depth)s) || '/' END AS part,
           code, SUM(value), SUM(numerator), SUM(denominator),
           COUNT(value), COUNT(DISTINCT station_id) FILTER (WHERE value IS NOT NULL)
    FROM counted GROUP BY part, code
"""  # noqa: S608


@dataclass(frozen=True)
class Cell:
    """A figure of the roll-up. `value` None: nothing reported; `by_person` True: never added;
    `few` True: over too few to be told."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    figures: int = 0
    stations: int = 0
    by_person: bool = False
    few: bool = False


EMPTY = Cell()
BY_PERSON = Cell(by_person=True)
FEW = Cell(few=True)


def cells(station, first, last):
    """`{(path, code): Cell}` for the station itself and each child's subtree, from the returns
    of the months `first` to `last`; people on file are recounted as of the last day."""
    return _from_returns(station, first, last, depth=station.path.count("/") + 1) | _recounted(
        station, last
    )


def every_station(station, first, last):
    """Cells of each station of the subtree, `(path, code, "own")`, and of each station with all
    under it, `(path, code, "under")`. Pass them through `shown`."""
    found = {}
    for (path, code), cell in _every_own(station, first, last).items():
        found[path, code, "own"] = cell
        parts = path.rstrip("/").split("/")
        for depth in range(station.path.count("/"), len(parts) + 1):
            above = "/".join(parts[:depth]) + "/", code, "under"
            found[above] = add(found.get(above, EMPTY), cell)
    return found


def add(one, other):
    """Two cells of the same indicator as one, part by part."""
    return Cell(
        _sum((one.value, other.value)),
        _sum((one.numerator, other.numerator)),
        _sum((one.denominator, other.denominator)),
        one.figures + other.figures,
        one.stations + other.stations,
    )


def _every_own(station, first, last):
    found = _from_returns(station, first, last, depth=0)
    paths = dict(Station.objects.under(station).values_list("pk", "path"))
    people = {indicator.code for indicator in INDICATORS if indicator.is_recounted}
    for (pk, code), amount in counting.by_station(Span.month(last)).items():
        if code in people and pk in paths:
            found[paths[pk], code] = Cell(Decimal(amount.value), figures=amount.rows, stations=1)
    return found


def _from_returns(station, first, last, *, depth):
    """Figures of the returns grouped by the path segment at `depth` (0: by station).

    The periods are looked up first: from their ids the planner knows how many rows come.
    """
    periods = ReportingPeriod.objects.filter(month__range=(first, last))
    with connection.cursor() as cursor:
        cursor.execute(
            ROLLED_UP,
            {
                "periods": list(periods.values_list("pk", flat=True)),
                "end": Span.month(last).last,
                "reported": [str(state) for state in REPORTED],
                "automatic": [indicator.code for indicator in AUTOMATIC],
                "under": f"{station.path}%",
                "own": station.path,
                "depth": depth,
                "latest": [i.code for i in INDICATORS if i.is_latest and not i.is_recounted],
                "summed": [i.code for i in INDICATORS if not i.is_latest and not i.is_recounted],
            },
        )
        return {(path, code): Cell(*numbers) for path, code, *numbers in cursor.fetchall()}


def table(station, parts, first, last):
    """Rows of the roll-up page: `[(indicator, total, [cell per path of parts])]`.

    `parts` are the paths of the station itself and of its children, in the page's order.
    """
    found = cells(station, first, last)
    rows = []
    for indicator in INDICATORS:
        mine = [shown(indicator, found.get((path, indicator.code), EMPTY)) for path in parts]
        rows.append((indicator, _total(indicator, station, found), mine))
    return rows


def total(station, first, last):
    """`{code: Cell}` of a station with everything under it."""
    found = cells(station, first, last)
    return {i.code: _total(i, station, found) for i in INDICATORS}


def own(station, first, last):
    """`{code: Cell}` of a station alone."""
    found = cells(station, first, last)
    return {i.code: found.get((station.path, i.code), EMPTY) for i in INDICATORS}


def _recounted(station, last):
    people = [indicator for indicator in INDICATORS if indicator.is_recounted]
    counted = counting.by_child(Span.month(last), station, people)
    return {
        key: Cell(Decimal(amount.value), figures=amount.rows, stations=1)
        for key, amount in counted.items()
    }


def shown(indicator, cell):
    """A ratio is recomputed, and left out over too few; distinct people typed by more than one
    station are not a figure."""
    if indicator.is_never_added and cell.stations > 1:
        return BY_PERSON
    if indicator.is_too_few(cell.denominator):
        return FEW
    if indicator.is_ratio:
        value = ratio(cell.numerator, cell.denominator)
        return Cell(value, cell.numerator, cell.denominator, cell.figures, cell.stations)
    if indicator.is_recounted and cell.value is None:
        return Cell(Decimal(0))
    return cell


def _total(indicator, station, found):
    mine = [cell for (_, code), cell in found.items() if code == indicator.code]
    if indicator.is_never_added and sum(cell.stations for cell in mine) > 1:
        return BY_PERSON
    return shown(
        indicator,
        Cell(
            _sum(cell.value for cell in mine),
            _sum(cell.numerator for cell in mine),
            _sum(cell.denominator for cell in mine),
            sum(cell.figures for cell in mine),
            sum(cell.stations for cell in mine),
        ),
    )


def _sum(numbers):
    known = [number for number in numbers if number is not None]
    return sum(known, Decimal(0)) if known else None

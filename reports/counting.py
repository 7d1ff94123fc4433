"""Automatic figures straight from the records: one grouped pass per table (`domain.md` C.3)."""

from collections import defaultdict
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Case, CharField, F, Func, Value, When
from django.db.models.functions import Concat

from reports.catalogue import AUTOMATIC
from veterans_portal.indicators import ratio


@dataclass(frozen=True)
class Amount:
    """A counted figure: its value, a ratio's parts, and how many records stand behind it."""

    value: object
    numerator: object = None
    denominator: object = None
    rows: int = 0


NOTHING = Amount(0)
NO_RATIO = Amount(None, 0, 0)


def by_station(span, *, stations=None):
    """`{(station id, code): Amount}` of all automatic indicators; stations without records are
    left out. `stations` (a queryset or ids) narrows the pass."""

    def narrow(records, counted):
        return (
            records if stations is None else records.filter(**{f"{counted.station}__in": stations})
        )

    return _passes(span, AUTOMATIC, lambda counted: F(counted.station), narrow)


def by_child(span, station, indicators=AUTOMATIC):
    """`{(path of the child, code): Amount}` below `station`; its own records stand under its path.

    People are counted once per child: each record has one station, so ids never repeat.
    """

    def narrow(records, counted):
        return records.filter(**{f"{counted.path}__startswith": station.path})

    return _passes(span, indicators, lambda counted: child_path(counted.path, station), narrow)


def total(span, station, indicator, *, own=False):
    """The Amount of one indicator over a subtree (`own`: the station alone)."""
    counted = indicator.counted
    end = "" if own else "__startswith"
    records = counted.records().filter(**{f"{counted.path}{end}": station.path})
    found = records.select_related(None).aggregate(**counted.aggregates(span))
    return _amount(indicator, found, "")


def child_path(field, station):
    """The path of the child of `station` that a record at `field` belongs to; the station's own
    path for its own records."""
    segment = Func(
        F(field),
        Value("/"),
        Value(station.path.count("/") + 1),
        function="split_part",
        output_field=CharField(),
    )
    return Case(
        When(**{field: station.path}, then=Value(station.path)),
        default=Concat(Value(station.path), segment, Value("/")),
        output_field=CharField(),
    )


def _passes(span, indicators, key, narrow):
    found = {}
    for table in _tables(indicators):
        counted = table[0].counted
        records = narrow(counted.records().select_related(None), counted)
        wanted = reduce(or_, (indicator.counted.when(span) for indicator in table))
        columns = {
            f"{name}_{position}": aggregate
            for position, indicator in enumerate(table)
            for name, aggregate in indicator.counted.aggregates(span).items()
        }
        rows = records.filter(wanted).order_by().values(group=key(counted)).annotate(**columns)
        for row in rows:
            for position, indicator in enumerate(table):
                if row[f"rows_{position}"]:
                    found[row["group"], indicator.code] = _amount(indicator, row, f"_{position}")
    return found


def _tables(indicators):
    """Indicators that count the same table share one pass."""
    tables = defaultdict(list)
    for indicator in indicators:
        counted = indicator.counted
        tables[counted.records().model, counted.station].append(indicator)
    return tables.values()


def _amount(indicator, row, end):
    rows = row[f"rows{end}"]
    if indicator.is_ratio:
        hits, base = row[f"hits{end}"] or 0, row.get(f"base{end}", rows) or 0
        return Amount(ratio(hits, base), hits, base, rows)
    value = row.get(f"value{end}") if indicator.counted.amount else rows
    return Amount(value or 0, rows=rows)

"""Every indicator of a stretch of days: automatic ones from the records, typed ones from returns."""

from reports import counting, rollup
from reports.catalogue import INDICATORS
from reports.rollup import EMPTY


def lines(span, station):
    """`[{code, name, unit, kind, value, printed, rows}]` of a station and everything under it.

    `value` is None when nothing was reported. `rows` counts the records behind an automatic
    figure, or the returns behind a typed one. Typed figures come from what was filed for the
    months wholly inside the span, by kind; distinct people that were typed are never added over
    stations: their figure is the station's own.
    """
    typed, own = _typed(span, station)
    made = []
    for indicator in INDICATORS:
        if indicator.is_automatic:
            amount = counting.total(span, station, indicator)
            value, rows = amount.value, amount.rows
        else:
            cell = (own if indicator.is_never_added else typed).get(indicator.code, EMPTY)
            value, rows = cell.value, cell.figures
        made.append(
            {
                "code": indicator.code,
                "name": indicator.name,
                "unit": indicator.unit,
                "kind": str(indicator.kind),
                "value": value,
                "printed": indicator.printed(value),
                "rows": rows,
            }
        )
    return made


def notes(span):
    """What a reader of the figures must know, as sentences."""
    said = ["去重人数类的人工指标（SVC-10）不跨站相加，取所选站点本级的填报数。"]
    months = span.months()
    if not months or months[0] != span.first or months[-1] != _last_month(span):
        said.append("所选日期含不完整的月份：人工指标只取整月的月报，自动指标按日期计数。")
    return said


def _typed(span, station):
    months = span.months()
    if not months:
        return {}, {}
    return (
        rollup.total(station, months[0], months[-1]),
        rollup.own(station, months[0], months[-1]),
    )


def _last_month(span):
    return span.last.replace(day=1)

"""The return as people read it: each figure beside last month, last year and the year so far."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from reports.catalogue import BY_CODE, CODES
from reports.checks import Line, line_of
from reports.enums import ReturnState
from reports.models import Figure
from veterans_portal.indicators import Indicator, Kind, previous_month, ratio


@dataclass
class Row:
    """One indicator of a return. `last_year_so_far` is last year's cumulative figure."""

    indicator: Indicator
    figure: Figure
    line: Line
    last_year: Decimal | None
    so_far: Decimal | None
    last_year_so_far: Decimal | None
    is_open: bool

    @property
    def value(self):
        return self.line.value

    @property
    def last(self):
        return self.line.last

    @property
    def difference(self):
        """Typed minus system; None when nobody typed over the system's figure."""
        return self.line.typed - self.line.system if self.figure.is_override else None

    @property
    def change(self):
        """Year-to-date against last year's, in percent; None without a base."""
        if not self.last_year_so_far or self.so_far is None:
            return None
        return (self.so_far / self.last_year_so_far - 1) * 100

    @property
    def source(self):
        if not self.indicator.is_automatic:
            return "人工"
        return "自动（人工更正）" if self.figure.is_override else "自动"


def rows_of(of):
    """The rows of a return in the order of the catalogue, in two queries."""
    past = _past(of)
    year, month = of.period.month.year, of.period.month.month
    figures = {figure.code: figure for figure in of.figures.all()}
    rows = []
    for code in [code for code in CODES if code in figures]:
        indicator, figure = BY_CODE[code], figures[code]
        known = past[code]
        this_year = [known.get((year, m)) for m in range(1, month)] + [figure]
        last_year = [known.get((year - 1, m)) for m in range(1, month + 1)]
        before = previous_month(of.period.month)
        rows.append(
            Row(
                indicator=indicator,
                figure=figure,
                line=line_of(figure, _value(known.get((before.year, before.month)))),
                last_year=_value(known.get((year - 1, month))),
                so_far=cumulate(indicator, this_year),
                last_year_so_far=cumulate(indicator, last_year)
                if _is_whole(indicator, last_year)
                else None,
                is_open=is_open(of, figure),
            )
        )
    return rows


def is_open(of, figure):
    """Whether the figure may be changed: all of a new return, those sent back of a returned one."""
    if of.state == ReturnState.RETURNED:
        return bool(figure.returned_reason)
    return of.is_editable


def cumulate(indicator, figures):
    """The year so far from its months in order (None where a month is missing)."""
    known = [figure for figure in figures if figure is not None and figure.value is not None]
    if indicator.is_latest:
        return figures[-1].value if figures and figures[-1] else None
    if indicator.kind == Kind.RATIO:
        parts = [figure.parts for figure in known]
        return ratio(sum(n or 0 for n, _ in parts), sum(d or 0 for _, d in parts))
    return sum((figure.value for figure in known), Decimal(0)) if known else None


def _is_whole(indicator, figures):
    """Whether last year can be compared with: no month of it may be missing (stocks need one)."""
    return indicator.is_latest or None not in figures


def _past(of):
    """`{code: {(year, month): Figure}}` of the station since January of last year."""
    month = of.period.month
    found = defaultdict(dict)
    figures = Figure.objects.filter(
        of__station_id=of.station_id,
        of__period__month__gte=month.replace(year=month.year - 1, month=1),
        of__period__month__lt=month,
    ).select_related("of__period")
    for figure in figures:
        when = figure.of.period.month
        found[figure.code][when.year, when.month] = figure
    return found


def _value(figure):
    return figure.value if figure else None

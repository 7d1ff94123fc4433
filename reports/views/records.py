"""What stands behind a figure: the records that were counted, or the returns that were added."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.perms import only
from reports import counting, months, rollup
from reports.catalogue import BY_CODE
from reports.enums import REPORTED
from reports.models import Figure
from reports.views.rollup import station_of
from services.perms import scope_of, works_at_a_desk
from veterans_portal.indicators import Span

PER_PAGE = 50


@only(works_at_a_desk)
@require_safe
def records(request, code):
    """The list behind one figure of a station and its subtree (`own=1`: the station alone)."""
    indicator = BY_CODE.get(code)
    if indicator is None:
        raise Http404
    station, span = station_of(request), months.chosen(request.GET)
    if span is None:
        raise Http404
    own = request.GET.get("own") == "1"
    listed = _records if indicator.is_automatic else _figures
    return render(
        request,
        "reports/records.html",
        {
            "indicator": indicator,
            "station": station,
            "span": span,
            "own": own,
            "reported": _reported(indicator, station, span, own),
            **listed(request, indicator, station, span, own),
        },
    )


def _records(request, indicator, station, span, own):
    """The same condition that counts the figure lists its records, within the viewer's scope."""
    counted = indicator.counted
    when = Span.month(span.last) if indicator.is_latest else span.span
    rows = counted.behind(when).visible_to(request.user)
    rows = rows.filter(**{counted.path if own else f"{counted.path}__startswith": station.path})
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    amount = counting.total(when, station, indicator, own=own)
    if (
        indicator.is_too_few(amount.denominator)
        and station.path not in scope_of(request.user).paths
    ):
        return {"page": page, "headings": [], "lines": [], "amount": None, "few": indicator.few}
    return {
        "page": page,
        "split": _split(rows, counted.split) if counted.split else [],
        "headings": [label for label, _ in counted.columns],
        "lines": [
            (
                counted.link(record) if counted.link else "",
                [cell(record) for _, cell in counted.columns],
            )
            for record in page
        ],
        "amount": amount,
        "as_of": when.last if indicator.is_latest else None,
    }


def _split(rows, field):
    """`[(what, how many)]` by the field's choices, none left out."""
    counts = dict(rows.order_by().values_list(field).annotate(count=Count("pk")))
    choices = rows.model._meta.get_field(field).choices
    return [(label, counts.get(value, 0)) for value, label in choices]


def _figures(request, indicator, station, span, own):
    """Typed figures: the returns they were typed into."""
    figures = (
        Figure.objects.visible_to(request.user)
        .filter(
            code=indicator.code,
            of__period__month__range=(span.first, span.last),
            of__state__in=REPORTED,
            of__filed_at__isnull=False,
            typed_value__isnull=False,
            **{"of__station__path" if own else "of__station__path__startswith": station.path},
        )
        .select_related("of__station", "of__period", "of__filler")
        .order_by("-of__period__month", "of__station__path")
    )
    page = Paginator(figures, PER_PAGE).get_page(request.GET.get("page"))
    headings = ["站点", "月份", "填报数", "填表人", "说明"]
    if indicator.is_ratio:
        headings[3:3] = indicator.parts
    return {
        "page": page,
        "headings": headings,
        "lines": [
            (figure.of.get_absolute_url(), _figure_line(indicator, figure)) for figure in page
        ],
        "amount": None,
        "as_of": None,
    }


def _figure_line(indicator, figure):
    line = [
        figure.of.station.name,
        str(figure.of.period),
        figure.value,
        str(figure.of.filler or "—"),
        figure.reason,
    ]
    if indicator.is_ratio:
        line[3:3] = figure.parts
    return line


def _reported(indicator, station, span, own):
    cells = (rollup.own if own else rollup.total)(station, span.first, span.last)
    return cells[indicator.code]

"""The stretch of months that a page of figures is about."""

from dataclasses import dataclass
from datetime import date

from reports.forms import SpanForm
from reports.models import ReportingPeriod
from veterans_portal.indicators import Span


@dataclass(frozen=True)
class Months:
    """From the first of a month to the first of another, with the form that chose them."""

    first: date
    last: date
    form: SpanForm

    @property
    def span(self):
        return Span(self.first, Span.month(self.last).last)

    @property
    def query(self):
        """The same stretch as a query string."""
        return f"first={self.first:%Y-%m}&last={self.last:%Y-%m}"

    def __str__(self):
        return say(self.first, self.last)


def say(first, last):
    """2025年6月; 2025年1—6月; 2025年11月—2026年2月."""
    start = f"{first.year}年{first.month}"
    if first == last:
        return f"{start}月"
    if first.year == last.year:
        return f"{start}—{last.month}月"
    return f"{start}月—{last.year}年{last.month}月"


def chosen(data):
    """The months a request asks for, by default the latest one; None while no month is open."""
    periods = list(ReportingPeriod.objects.all())
    if not periods:
        return None
    known = {f"{period.month:%Y-%m}": period.month for period in periods}
    latest = f"{periods[0].month:%Y-%m}"
    last = data.get("last") if data.get("last") in known else latest
    first = data.get("first") if data.get("first") in known else last
    first, last = sorted([first, last])
    form = SpanForm({"first": first, "last": last}, periods=periods)
    return Months(known[first], known[last], form)

"""What an indicator is, how records make its figure, and how a figure is printed.

Kinds and roll-up by `domain.md` C.3 rule 6, wording by C.4. Each app lists its own indicators
in `indicators.py`; the condition that counts a figure also lists the records behind it.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal

from django.db import models
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

WAN = 10_000
YI = 100_000_000


class Kind(models.TextChoices):
    """How figures of several stations and months become one (`domain.md` C.3 rule 6)."""

    FLOW = "F", "流量"
    STOCK = "S", "存量"
    RATIO = "R", "比率"
    DISTINCT = "D", "去重人数"


class PrintMode(models.TextChoices):
    EXACT = "EXACT", "照实"
    APPROX = "APPROX", "约数"


@dataclass(frozen=True)
class Span:
    """A stretch of days, both ends included."""

    first: dt.date
    last: dt.date

    @classmethod
    def month(cls, month):
        """The calendar month that `month` (any day of it) lies in."""
        first = month.replace(day=1)
        return cls(first, next_month(first) - dt.timedelta(days=1))

    @property
    def start(self):
        """The first moment, in local time."""
        return _midnight(self.first)

    @property
    def end(self):
        """The first moment after it, in local time."""
        return _midnight(self.last + dt.timedelta(days=1))

    def months(self):
        """The firsts of the calendar months that lie wholly inside."""
        month = self.first if self.first.day == 1 else next_month(self.first)
        found = []
        while next_month(month) - dt.timedelta(days=1) <= self.last:
            found.append(month)
            month = next_month(month)
        return found


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How records make a figure. `when` is both the condition of the number and of the list.

    `records` gives the whole table, `station` and `path` name the lookups of the station's id
    and path on a record, `amount` the field that is summed (rows are counted without it),
    `hit` the numerator's further condition of a ratio. `columns` says what the list shows,
    `split` the field by whose choices the list is told apart.
    """

    records: Callable[[], QuerySet]
    when: Callable[[Span], Q]
    station: str
    path: str
    amount: str = ""
    amounts: tuple[str, str] = ("", "")
    hit: Callable[[Span], Q] | None = None
    order: tuple[str, ...] = ("pk",)
    columns: tuple[tuple[str, Callable], ...] = ()
    split: str = ""
    link: Callable | None = None

    def behind(self, span):
        """The records of the figure, unscoped: narrow them with `visible_to` or a path."""
        return self.records().filter(self.when(span)).order_by(*self.order)

    def aggregates(self, span):
        """`{value, rows, hits, base}` as aggregates over the whole table, for one grouped pass."""
        when = self.when(span)
        made = {"rows": Count("pk", filter=when, distinct=True)}
        if self.amount:
            made["value"] = Sum(self.amount, filter=when)
        if self.hit:
            made["hits"] = Count("pk", filter=when & self.hit(span), distinct=True)
        if self.amounts[0]:
            made["hits"] = Sum(self.amounts[0], filter=when)
            made["base"] = Sum(self.amounts[1], filter=when)
        return made


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One row of the monthly return (`domain.md` C.5).

    `unit` stands in tables, `measure` behind the printed figure (by default the same);
    `places` is how many decimals may be typed. Money is in 万元. `distinct` marks a stock of
    people, recounted on ids instead of added up, `of_stocks` a ratio whose parts are stocks
    (its months are not added). `parts` names a ratio's numerator and denominator. Without
    `counted` people type it. A ratio over fewer than `few` is not told outside the station: one
    could guess whose it is (`domain.md` D.5, small cells). `beyond_whole` is a ratio that may
    exceed one.
    """

    code: str
    name: str
    unit: str
    kind: Kind
    core: bool = True
    mode: PrintMode = PrintMode.EXACT
    measure: str = ""
    places: int = 0
    distinct: bool = False
    of_stocks: bool = False
    counted: Counted | None = None
    few: int = 0
    beyond_whole: bool = False
    hint: str = ""
    parts: tuple[str, str] = field(default=("", ""))

    @property
    def is_automatic(self):
        return self.counted is not None

    @property
    def is_ratio(self):
        return self.kind == Kind.RATIO

    def is_too_few(self, denominator):
        """Whether a ratio stands over too few to be told outside the station."""
        return denominator is not None and 0 < denominator < self.few

    @property
    def is_latest(self):
        """Whether the latest month speaks for a span of months, instead of their sum."""
        return self.kind == Kind.STOCK or self.of_stocks

    @property
    def is_recounted(self):
        """Whether people are counted on ids at every level (`domain.md` C.3 rule 6)."""
        return self.is_automatic and (self.distinct or self.kind == Kind.DISTINCT)

    @property
    def is_never_added(self):
        """Typed figures of distinct people: two stations may have typed the same person."""
        return self.kind == Kind.DISTINCT and not self.is_automatic

    def printed(self, value):
        """The figure as a report says it, e.g. 1.12万余人次; — when there is none."""
        if value is None:
            return "—"
        if self.is_ratio:
            return f"{plain(Decimal(value))}%"
        if self.unit == "万元":
            return money(value, mode=self.mode)
        return say(value, measure=self.measure or self.unit, mode=self.mode)


def say(value, *, measure, mode=PrintMode.EXACT):
    """Print a count with its measure word: `say(276, measure="名", mode=APPROX)` is 270余名."""
    words = approx(value) if mode == PrintMode.APPROX else exact(value)
    return f"{words}{measure}"


def exact(value):
    """Digits in full; whole ten thousands to two decimals are said in 万 when nothing is lost."""
    value = Decimal(value)
    if value >= WAN and value % (WAN // 100) == 0:
        return f"{plain(value / WAN)}万"
    return plain(value)


def approx(value):
    """Round down and say 余 for what is cut off (`domain.md` C.4).

    Two significant figures, three from 1万 up, 百余 between 100 and 200; no 余 when nothing
    is cut: 276 -> 270余, 11238 -> 1.12万余, 104 -> 百余, 480 -> 480.
    """
    value = Decimal(value)
    if 100 < value < 200:
        return "百余"
    kept = cut(value, 3 if value >= WAN else 2)
    more = "余" if kept != value else ""
    if kept >= YI:
        return f"{plain(kept / YI)}亿{more}"
    if kept >= WAN:
        return f"{plain(kept / WAN)}万{more}"
    return f"{plain(kept)}{more}"


def money(wan_yuan, *, mode=PrintMode.EXACT):
    """Print an amount given in 万元; from one hundred million 元 up in 亿元 (60000 -> 6亿元).

    An exact amount that two decimals of 亿元 would cut stays in 万元.
    """
    amount = Decimal(wan_yuan)
    if amount < WAN:
        return f"{plain(amount)}万元"
    kept = (amount / WAN).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
    if kept * WAN == amount:
        return f"{plain(kept)}亿元"
    return f"{plain(kept)}亿余元" if mode == PrintMode.APPROX else f"{plain(amount)}万元"


def cut(value, figures):
    """`value` rounded down to so many significant figures; fractions of one are dropped."""
    value = Decimal(value).to_integral_value(rounding=ROUND_DOWN)
    step = Decimal(10) ** max(len(str(value)) - figures, 0)
    return (value // step) * step


def plain(number):
    """A decimal without needless noughts and never in exponent form."""
    text = f"{Decimal(number):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def ratio(numerator, denominator):
    """Percent to two decimals; None when there is nothing to divide by."""
    if not denominator or numerator is None:
        return None
    return (Decimal(numerator) * 100 / Decimal(denominator)).quantize(Decimal("0.01"))


def next_month(month):
    """The first of the month after the one that `month` lies in."""
    return (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def previous_month(month):
    """The first of the month before the one that `month` lies in."""
    return (month.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def _midnight(day):
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))

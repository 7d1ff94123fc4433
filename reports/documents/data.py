"""What a consolidated report tells: one reading of the figures for its Excel and its Word."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from reports import months, rollup
from reports.catalogue import BY_CODE
from reports.enums import REPORTED
from reports.models import ReportingPeriod, Return
from services.enums import Tier
from services.models import Station

BUREAU = "无锡市退役军人事务局"
AREAS = {Tier.CITY: "全市", Tier.DISTRICT: "全区（市）", Tier.TOWN: "全镇（街道）"}


@dataclass(frozen=True)
class Report:
    """The subtree of a station over some months, this year so far, and last year to compare."""

    station: Station
    first: date
    last: date
    figures: dict
    this_year: dict
    last_year: dict  # without flows and ratios when a month of it is missing
    due: int
    filed: int

    @property
    def months(self):
        return months.say(self.first, self.last)

    @property
    def issuer(self):
        """Who signs: the bureau for the city, the centre or station for its own area."""
        return BUREAU if self.station.tier == Tier.CITY else self.station.name

    @property
    def area(self):
        return AREAS.get(self.station.tier, "本站")

    @property
    def name(self):
        """The base of the file names."""
        return f"{self.station.name}{self.months}综合报告"


def gather(station, first, last):
    """Read a Report; three roll-ups and a count, however many stations there are."""
    january = last.replace(month=1)
    before = last.replace(year=last.year - 1)
    returns = Return.objects.filter(
        period__month__range=(first, last), station__path__startswith=station.path
    ).aggregate(
        due=Count("pk"), filed=Count("pk", filter=Q(state__in=REPORTED, filed_at__isnull=False))
    )
    figures = rollup.total(station, first, last)
    return Report(
        station=station,
        first=first,
        last=last,
        figures=figures,
        this_year=figures if first == january else rollup.total(station, january, last),
        last_year=_comparable(rollup.total(station, before.replace(month=1), before), before),
        **returns,
    )


def _comparable(figures, last):
    """Last year's figures that may stand beside this year's: flows need all their months."""
    months = ReportingPeriod.objects.filter(month__range=(last.replace(month=1), last)).count()
    if months == last.month:
        return figures
    return {
        code: cell if BY_CODE[code].is_latest else rollup.EMPTY for code, cell in figures.items()
    }

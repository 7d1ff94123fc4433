"""What a consolidated report tells: one reading of the figures for its Excel and its Word."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from reports import months, rollup
from reports.enums import REPORTED
from reports.models import Return
from services.enums import Tier
from services.models import Station

AREAS = {Tier.CITY: "全市", Tier.DISTRICT: "全区（市）", Tier.TOWN: "全镇（街道）"}


@dataclass(frozen=True)
class Report:
    """The subtree of a station over some months, this year so far, and last year to compare."""

    station: Station
    first: date
    last: date
    figures: dict
    this_year: dict
    last_year: dict
    due: int
    filed: int

    @property
    def months(self):
        return months.say(self.first, self.last)

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
        last_year=rollup.total(station, before.replace(month=1), before),
        **returns,
    )

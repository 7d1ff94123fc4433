"""`manage.py indicators --from 2025-01-01 --to 2025-06-30 [--station CODE] --format json`"""

import datetime as dt
import json
from decimal import Decimal

from django.core.management.base import BaseCommand, CommandError

from reports import figures
from services.models import Station
from veterans_portal.indicators import Span

FIRST_YEAR, LAST_YEAR = 1949, 2099


class Command(BaseCommand):
    help = "Print every indicator of a stretch of days, from records and from filed returns."

    def add_arguments(self, parser):
        parser.add_argument("--from", dest="first", required=True, metavar="YYYY-MM-DD")
        parser.add_argument("--to", dest="last", required=True, metavar="YYYY-MM-DD")
        parser.add_argument("--station", default="", help="station code; default: the whole city")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *, first, last, station, **options):
        span = Span(_day(first, "--from"), _day(last, "--to"))
        if span.last < span.first:
            raise CommandError(f"结束日期 {last} 早于开始日期 {first}，请对调后再试。")
        lines = figures.lines(span, _station(station))
        for note in figures.notes(span):
            self.stderr.write(note)
        if options["format"] == "json":
            self.stdout.write(json.dumps(lines, ensure_ascii=False, indent=2, default=_number))
            return
        for line in lines:
            self.stdout.write(f"{line['code']}\t{line['name']}\t{line['printed']}\t{line['rows']}")


def _day(text, option):
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{option} 应为日期，例如 2025-01-31；您写的是“{text}”。") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise CommandError(f"{option} 应在{FIRST_YEAR}年到{LAST_YEAR}年之间；您写的是“{text}”。")
    return day


def _station(code):
    if not code:
        station = Station.objects.filter(parent__isnull=True).first()
        if station is None:
            raise CommandError("还没有站点数据，请先运行 manage.py load_network。")
        return station
    try:
        return Station.objects.get(code=code)
    except Station.DoesNotExist:
        raise CommandError(f"没有代码为“{code}”的站点，请核对站点代码。") from None


def _number(value):
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(value)

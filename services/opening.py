"""When a station is open, as pages say it: hours by kind of day, closures ahead, open now or when."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.utils import timezone

from services.enums import DayKind
from services.models import CalendarDay, Closure, OpeningHours

# How far ahead closures are announced and the next opening is looked for, in days.
AHEAD = 14


@dataclass(frozen=True)
class Opening:
    """The hours of a station's days of each kind, and its closures from today on."""

    hours: dict
    closures: list
    workdays: dict

    @property
    def is_known(self):
        """Whether the station has hours as data; without them its own words stand."""
        return any(self.hours.values())

    @property
    def lines(self):
        """`[(工作日, [(start, end), …]), …]`; a kind of day without hours is a day of rest."""
        return [(kind.label, self.hours[kind]) for kind in DayKind]

    def stretches(self, day):
        """The (start, end) times of a day, with what the closures of the whole station take out."""
        pieces = self.hours[self.kind_of(day)]
        for closed in self.closures:
            if closed.window_id is None and closed.covers(day):
                pieces = _without(pieces, closed.start or time.min, closed.end or time.max)
        return pieces

    def kind_of(self, day):
        """A day without a calendar entry counts as a working day from Monday to Friday."""
        is_workday = self.workdays.get(day, day.isoweekday() < 6)
        return DayKind.WORKDAY if is_workday else DayKind.RESTDAY

    def is_open(self, moment):
        """Whether the doors are open at an aware moment."""
        local = timezone.localtime(moment)
        return any(start <= local.time() < end for start, end in self.stretches(local.date()))

    def next_opening(self, moment):
        """The aware moment at which the doors open next (within AHEAD days), or None."""
        local = timezone.localtime(moment)
        for days in range(AHEAD + 1):
            day = local.date() + timedelta(days=days)
            for start, _ in self.stretches(day):
                opens = timezone.make_aware(datetime.combine(day, start))
                if opens > moment:
                    return opens
        return None


def opening_of(station, *, now=None):
    """The opening of a station, in three queries."""
    today = timezone.localdate(now)
    hours = {kind: [] for kind in DayKind}
    for each in OpeningHours.objects.filter(station=station).order_by("start"):
        hours[DayKind(each.on)].append((each.start, each.end))
    closures = Closure.objects.standing().filter(station=station, last_day__gte=today)
    return Opening(
        hours=hours,
        closures=list(closures.filter(stand_in__isnull=True).select_related("window")),
        workdays=_workdays(today, today + timedelta(days=AHEAD)),
    )


def _workdays(first: date, last: date) -> dict[date, bool]:
    days = CalendarDay.objects.filter(day__gte=first, day__lte=last)
    return dict(days.values_list("day", "is_workday"))


def _without(stretches, first, last):
    """Cut the time from `first` to `last` out of (start, end) stretches."""
    left = []
    for start, end in stretches:
        if start < min(end, first):
            left.append((start, min(end, first)))
        if max(start, last) < end:
            left.append((max(start, last), end))
    return left


def stretches_overlap(stretches: list[tuple[time, time]]) -> bool:
    """Whether two stretches of one day share a moment."""
    ordered = sorted(stretches)
    return any(end > start for (_, end), (start, _) in pairwise(ordered))

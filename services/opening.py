"""When a station is open, as pages say it: hours by kind of day, closures ahead, open now or when."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.utils import timezone

from services.enums import DayKind
from services.models import CalendarDay, Closure, OpeningHours
from veterans_portal import chinese_dates

# How far ahead closures are announced and the next opening is looked for, in days.
AHEAD = 14
WHOLE_DAY = [(time.min, time.max)]


@dataclass(frozen=True)
class Shut:
    """Nobody is received at a moment: `why` in public words, `since` when, and when again
    (`opens` is None when that is not within AHEAD days). `of_window`: only the window rests."""

    why: str
    since: datetime
    opens: datetime | None
    of_window: bool = False

    @property
    def when(self):
        """When it opens again, as people say it; a day alone where the hour is not known."""
        if self.opens is None:
            return f"{AHEAD}天内不恢复"
        local = timezone.localtime(self.opens)
        hour = "" if local.time() == time.min else chinese_dates.time_of_day(self.opens)
        return f"{chinese_dates.day(self.opens)}{hour and ' '}{hour}恢复"


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

    def stretches(self, day, window=None):
        """The (start, end) times of a day, less what closures of the station take out, and of
        `window` when one is named."""
        return self._open(self.hours[self.kind_of(day)], day, window)

    def _open(self, pieces, day, window):
        for closed in self.closures:
            if self._is_of(closed, window) and closed.covers(day):
                pieces = _without(pieces, closed.start or time.min, closed.end or time.max)
        return pieces

    @staticmethod
    def _is_of(closed, window):
        return closed.window_id is None or (window is not None and closed.window_id == window.pk)

    def kind_of(self, day):
        """A day without a calendar entry counts as a working day from Monday to Friday."""
        is_workday = self.workdays.get(day, day.isoweekday() < 6)
        return DayKind.WORKDAY if is_workday else DayKind.RESTDAY

    def is_open(self, moment):
        """Whether the doors are open at an aware moment."""
        local = timezone.localtime(moment)
        return any(start <= local.time() < end for start, end in self.stretches(local.date()))

    def next_opening(self, moment, window=None):
        """The aware moment at which the doors (or `window`) open next within AHEAD days, or None.

        Without hours as data a day counts as open from its first minute.
        """
        local = timezone.localtime(moment)
        for days in range(AHEAD + 1):
            day = local.date() + timedelta(days=days)
            known = self.hours[self.kind_of(day)] if self.is_known else WHOLE_DAY
            for start, _ in self._open(known, day, window):
                opens = timezone.make_aware(datetime.combine(day, start))
                if opens > moment:
                    return opens
        return None

    def shut(self, moment, window=None):
        """The closure that holds at an aware moment for the station, or for `window`, or None."""
        local = timezone.localtime(moment)
        holding = [each for each in self.closures
                   if self._is_of(each, window) and each.holds_at(local)]  # fmt: skip
        if not holding:
            return None
        return Shut(
            why=holding[0].public_reason,
            since=min(each.began(local.date()) for each in holding),
            opens=self.next_opening(moment, window),
            of_window=any(each.window_id for each in holding),
        )

    def over(self, moment):
        """Why nobody is received any more on the day of an aware moment, or None while the doors
        are open or open again later that day."""
        local = timezone.localtime(moment)
        planned = self.hours[self.kind_of(local.date())]
        if not self.is_known or any(local.time() < end for _, end in planned):
            return None
        why = "今天已经下班" if planned else "今天休息"
        return Shut(why=why, since=moment, opens=self.next_opening(moment))


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


def closing_of(window, *, now):
    """Why the window receives nobody new now, or None; one query when nothing is closed today."""
    closures = Closure.objects.on_day(timezone.localdate(now)).filter(stand_in__isnull=True)
    if not closures.filter(station=window.station_id).exists():
        return None
    return opening_of(window.station, now=now).shut(now, window)


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

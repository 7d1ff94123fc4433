"""Demonstration hours of all stations, who sits at which window, and some days off ahead."""

from datetime import time

from django.db import transaction

from services.actions.hours import close_for
from services.actions.workdays import due_day
from services.demo.staff import DESKS, station_of
from services.enums import ClosureKind, DayKind, Role, Tier
from services.models import Closure, OpeningHours, Posting, Station, Window

SPANS = {
    Tier.CITY: ((time(9), time(12)), (time(13), time(17))),
    Tier.DISTRICT: ((time(9), time(12)), (time(13), time(17))),
    Tier.TOWN: ((time(8, 30), time(11, 30)), (time(13, 30), time(17))),
    Tier.VILLAGE: ((time(8, 30), time(11, 30)), (time(13, 30), time(16, 30))),
    None: ((time(9), time(11, 30)), (time(13, 30), time(16, 30))),
}
# City and districts keep a window open on days of rest.
ON_REST_DAYS = {Tier.CITY: ((time(9), time(11, 30)),)}
AWAY_IN_WORKDAYS = 6
SHUT_IN_WORKDAYS = 9


@transaction.atomic
def load():
    """Give hours to stations without any; enter one absence and one closure per demonstration desk."""
    stations = Station.objects.filter(hours__isnull=True)
    OpeningHours.objects.bulk_create(
        OpeningHours(station=station, on=kind, start=start, end=end)
        for station in stations
        for kind, spans in (
            (DayKind.WORKDAY, SPANS[station.tier]),
            (DayKind.RESTDAY, ON_REST_DAYS.get(station.tier, ())),
        )
        for start, end in spans
    )
    if Closure.objects.exists():
        return
    for station in {station_of(desk) for desk in DESKS} - {None}:
        _seat(station)
        _days_off(station)


def _seat(station):
    """Clerks sit at the windows in the order of their numbers."""
    clerks = [each.user for each in _postings(station).filter(role=Role.CLERK)]
    for window, clerk in zip(station.windows.order_by("number"), clerks, strict=False):
        Window.objects.filter(pk=window.pk).update(attendant=clerk)


def _days_off(station):
    posted = [each.user for each in _postings(station)]
    window = station.windows.filter(attendant__isnull=False).order_by("number").first()
    if window is None:
        return
    others = [user for user in posted if user != window.attendant]
    away = due_day(AWAY_IN_WORKDAYS)
    if others:
        absence = Closure(
            station=station, window=window, kind=ClosureKind.ABSENCE, reason="业务培训",
            staff=window.attendant, stand_in=others[0], first_day=away, last_day=away,
        )  # fmt: skip
        close_for(closure=absence, by=window.attendant)
    shut = due_day(SHUT_IN_WORKDAYS)
    closure = Closure(
        station=station, window=window, kind=ClosureKind.CLOSED, reason="设备检修",
        first_day=shut, last_day=shut, start=time(13, 30), end=time(17),
    )  # fmt: skip
    close_for(closure=closure, by=window.attendant)


def _postings(station):
    posted = Posting.objects.in_force().filter(station=station).select_related("user")
    return posted.order_by("user__staff_number")

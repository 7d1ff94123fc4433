"""What the hall's pages show: a window's people, the board, a day's figures. Reads only."""

from datetime import timedelta

from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from services.enums import AT_A_WINDOW, IN_THE_HALL, OPEN_MATTERS, ArrivalAct, ArrivalState
from services.models import Arrival, ArrivalEvent, Matter

NEXT_SHOWN = 12  # of a window's line
NEXT_ON_BOARD = 10
DAYS_BACK = 14


def at_window(window):
    """Who is at the window now, or None."""
    return Arrival.objects.with_all().at_a_window().filter(window=window).first()


def stands(arrival):
    """What the window's page shows, as a word that changes when it does."""
    return f"{arrival.pk}:{arrival.state}:{arrival.calls}" if arrival else ""


def line_of(window, *, now=None):
    """Who waits for the window in order, and who was passed over, today."""
    today = timezone.localdate(now)
    mine = Arrival.objects.with_all().for_window(window).on_day(today)
    waiting = list(mine.waiting().in_turn(now))
    passed = mine.filter(state=ArrivalState.SKIPPED).order_by("called_at")
    return {"next": waiting[:NEXT_SHOWN], "waiting": len(waiting), "passed": list(passed)}


def matters_of(arrival, user):
    """Open matters of the person at the window that the reader may see, and the one they came for."""
    theirs = Q(pk=arrival.matter_id)
    if arrival.person_id:
        theirs |= Q(person=arrival.person_id, state__in=OPEN_MATTERS)
    matters = Matter.objects.visible_to(user).filter(theirs)
    return matters.select_related("kind").order_by("due_on", "pk")[:5]


def ahead_of(arrival, *, now=None):
    """How many parties are called before this one, as things stand."""
    line = Arrival.objects.filter(station=arrival.station_id, day=arrival.day).waiting()
    if arrival.window_id:
        line = line.for_window(arrival.window)
    tickets = list(line.in_turn(now).values_list("pk", flat=True))
    return tickets.index(arrival.pk) if arrival.pk in tickets else 0


def board_of(station, *, now=None):
    """Called tickets with their windows, newest first, and who is next: one query, no names."""
    today = timezone.localdate(now)
    rows = Arrival.objects.filter(
        station=station, day=today, state__in=[ArrivalState.WAITING, *AT_A_WINDOW]
    )
    rows = list(rows.select_related("window").defer("phone", "name", "came_for").in_turn(now))
    called = [each for each in rows if each.state in AT_A_WINDOW]
    waiting = [each for each in rows if each.state == ArrivalState.WAITING]
    return {
        "called": sorted(called, key=lambda each: each.called_at, reverse=True),
        "next": waiting[:NEXT_ON_BOARD],
        "waiting": len(waiting),
    }


class Median(Aggregate):
    """The middle value, in PostgreSQL's words."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def with_waiting_time(arrivals):
    """Arrivals with `waited`: from coming, or from the slot for those who came early, to the
    first call; None for who was never called. Never less than nothing."""
    calls = ArrivalEvent.objects.filter(arrival=OuterRef("pk"), act=ArrivalAct.CALLED)
    first = Subquery(calls.order_by("at").values("at")[:1])
    since = Greatest("arrived_at", "booking__slot__starts_at")
    waited = ExpressionWrapper(F("first_called") - F("since"), output_field=DurationField())
    arrivals = arrivals.annotate(first_called=Coalesce(first, "begun_at"), since=since)
    return arrivals.annotate(
        waited=Greatest(waited, Value(timedelta(0), output_field=DurationField()))
    )


FIGURES = {
    "came": Count("pk"),
    "heads": Coalesce(Sum("heads"), 0),
    "booked": Count("pk", filter=Q(booking__isnull=False)),
    "walked_in": Count("pk", filter=Q(booking__isnull=True)),
    "by_proxy": Count("pk", filter=Q(proxy__isnull=False) | ~Q(came_for="")),
    "served": Count("pk", filter=Q(state=ArrivalState.SERVED)),
    "left": Count("pk", filter=Q(state=ArrivalState.LEFT)),
    "in_the_hall": Count("pk", filter=Q(state__in=IN_THE_HALL)),
}


def _figures():
    called = Q(first_called__isnull=False)
    return FIGURES | {
        "median": Median("waited", filter=called, output_field=DurationField()),
        "longest": Max("waited", filter=called),
    }


def figures_of_day(station, day):
    """Counts of parties of a station's day, with the median and longest waiting time."""
    arrivals = Arrival.objects.filter(station=station, day=day)
    return with_waiting_time(arrivals).aggregate(**_figures())


def figures_of_days(station, until):
    """The same per day for the last two weeks up to `until`, newest first; days with nobody are
    left out."""
    since = until - timedelta(days=DAYS_BACK)
    arrivals = Arrival.objects.filter(station=station, day__range=(since, until)).order_by()
    rows = with_waiting_time(arrivals).values("day").annotate(**_figures())
    return list(rows.order_by("-day"))


def minutes(duration):
    """A waiting time in whole minutes, rounded; None stays None."""
    return None if duration is None else round(duration.total_seconds() / 60)

"""Demonstration visits: whoever came with a booking, and walk-ins of today and the last days."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from services import arrival_rules as rules
from services.actions.arrivals.arriving import agent_of
from services.demo.staff import DESKS, station_of
from services.enums import ArrivalAct, ArrivalState, BookingState, Role
from services.models import Arrival, ArrivalEvent, Booking, CalendarDay, Person, Posting

State = ArrivalState
DAYS_BACK = 10  # of walk-ins, calendar days
PAST = [State.SERVED] * 18 + [State.LEFT] * 2  # of twenty
RELATIVES = ["女儿", "儿子", "妻子", "孙子"]
LEFT_BECAUSE = ["等不及，改天再来", "材料没带齐，先回去拿", "叫号时不在"]


@transaction.atomic
def load(*, seed=2025):
    """Make the visits that are not there yet; needs network, staff, persons and bookings."""
    if Arrival.objects.exists():
        return
    random = Random(seed)
    clerks = _clerks()
    made = _booked(clerks, random)
    for station in sorted({station_of(desk) for desk in DESKS} - {None}, key=lambda s: s.path):
        if station.pk in clerks:
            made += _walk_ins(station, clerks[station.pk], random)
    _seat_todays(made)
    _number(made)
    Arrival.objects.bulk_create(made)
    ArrivalEvent.objects.bulk_create(event for each in made for event in _events(each))


def _clerks():
    """The first clerk of each station, by its id."""
    found = {}
    posted = Posting.objects.in_force().filter(role=Role.CLERK).select_related("user")
    for posting in posted.order_by("user__staff_number"):
        found.setdefault(posting.station_id, posting.user)
    return found


def _booked(clerks, random):
    """The visits behind demonstration bookings that were checked in."""
    came = Booking.objects.filter(
        state__in=[BookingState.CHECKED_IN, BookingState.SERVED], client_key__startswith="demo-"
    )
    made = []
    for booking in came.with_slot().select_related("person", "proxy").order_by("pk"):
        offering = booking.slot.offering
        clerk = clerks.get(booking.station_id)
        if clerk is None or (offering.window_id is None and offering.item_id is None):
            continue
        arrival = _arrival(
            offering.station, booking.checked_in_at, clerk, f"demo-b{booking.pk}",
            booking=booking, person=booking.person, name=booking.contact_name,
            phone=booking.contact_phone, heads=booking.heads, item=offering.item,
            window=offering.window, proxy=booking.proxy,
            came_for=agent_of(booking.proxy) if booking.proxy else "",
        )  # fmt: skip
        arrival.turn_at = rules.turn_of(booking.slot, now=booking.checked_in_at)
        if booking.state == BookingState.SERVED:
            begun = max(booking.slot.starts_at, booking.checked_in_at)
            _serve(arrival, begun, max(booking.served_at, begun))
        made.append(arrival)
    return made


def _walk_ins(station, clerk, random):
    windows = list(station.windows.prefetch_related("items").order_by("number"))
    people = list(Person.objects.filter(station__path__startswith=station.path)[:80])
    if not windows or not people:
        return []
    now, today, made = timezone.now(), timezone.localdate(), []
    days = CalendarDay.objects.filter(
        day__range=(today - timedelta(days=DAYS_BACK), today), is_workday=True
    )
    for day in days.order_by("day").values_list("day", flat=True):
        for number in range(random.randint(6, 12)):
            minutes = random.randint(0, 440)
            at = timezone.make_aware(datetime.combine(day, time(9))) + timedelta(minutes=minutes)
            if at > now:
                continue
            key = f"demo-w{station.pk}-{day:%m%d}-{number}"
            made.append(_walk_in(station, windows, random.choice(people), at, clerk, key, random))
    return made


def _walk_in(station, windows, person, at, clerk, key, random):
    window = random.choice(windows)
    items = sorted(window.items.all(), key=lambda item: item.code)
    arrival = _arrival(
        station, at, clerk, key, person=person, name=person.name, phone=person.phone,
        item=random.choice(items) if items else None,
        came_for=f"家人（{random.choice(RELATIVES)}）" if random.random() < 0.15 else "",
        needs_care=person.age() >= 80,
    )  # fmt: skip
    begun = at + timedelta(minutes=random.randint(1, 25))
    ended = begun + timedelta(minutes=random.randint(4, 20))
    if ended > timezone.now():
        return arrival
    if random.choice(PAST) == State.SERVED:
        arrival.window = window
        _serve(arrival, begun, ended)
    else:
        arrival.state, arrival.ended_at = State.LEFT, ended
        arrival.left_because = random.choice(LEFT_BECAUSE)
    return arrival


def _arrival(station, at, clerk, key, **values):
    return Arrival(
        station=station, day=timezone.localdate(at), arrived_at=at, turn_at=at, by=clerk,
        client_key=key, **values,
    )  # fmt: skip


def _serve(arrival, begun, ended):
    arrival.state, arrival.ended_at = State.SERVED, ended
    arrival.called_at = arrival.begun_at = begun
    arrival.called_by, arrival.calls = arrival.by, 1


def _seat_todays(made):
    """Yesterday's hall is empty: only today's may wait. The first at each window is served now."""
    today, seen = timezone.localdate(), set()
    for arrival in made:
        if arrival.state != State.WAITING:
            continue
        if arrival.day != today:
            arrival.state, arrival.ended_at = State.LEFT, arrival.arrived_at
        elif arrival.window_id and arrival.window_id not in seen:
            seen.add(arrival.window_id)
            arrival.state, arrival.called_by, arrival.calls = State.SERVING, arrival.by, 1
            arrival.called_at = arrival.begun_at = max(arrival.arrived_at, arrival.turn_at)


def _number(made):
    counted = defaultdict(int)
    for arrival in sorted(made, key=lambda each: (each.arrived_at, each.client_key)):
        letter = rules.BOOKED if arrival.booking_id else rules.WALKED_IN
        counted[arrival.station_id, arrival.day, letter] += 1
        arrival.ticket = rules.ticket(letter, counted[arrival.station_id, arrival.day, letter])


def _events(arrival):
    """What the history holds of a visit, in the order in which it happened."""
    steps = [
        (ArrivalAct.ARRIVED, arrival.arrived_at, arrival.came_for),
        (ArrivalAct.CALLED, arrival.called_at, ""),
        (ArrivalAct.BEGUN, arrival.begun_at, ""),
        (ArrivalAct.SERVED if arrival.state == State.SERVED else ArrivalAct.LEFT,
         arrival.ended_at, getattr(arrival, "left_because", "")),
    ]  # fmt: skip
    for act, at, note in steps:
        if at is not None:
            window = None if act == ArrivalAct.ARRIVED else arrival.window
            yield ArrivalEvent(
                arrival=arrival, act=act, at=at, window=window, by=arrival.by, note=note
            )

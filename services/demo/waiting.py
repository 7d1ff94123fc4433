"""Demonstration waiting lists: a full day at each demonstration desk, and people who want it."""

from random import Random

from django.db import transaction

from accounts.models import User
from services.actions import bookings, waiting
from services.actions.bookings import Contact
from services.actions.workdays import due_day
from services.demo.staff import DESKS, PHONES, station_of
from services.enums import CancelledAs, Role
from services.models import Person, Posting, Slot, WaitingEntry
from veterans_portal.errors import DomainError

FULL_IN_WORKDAYS = 3
NAMES = ("钱守义", "孙长庚", "周德厚", "吴有根", "郑宝田", "冯桂生", "陈水根", "褚金林",
         "卫大年", "蒋阿福", "沈根宝", "韩云山", "杨万春", "朱洪兴")  # fmt: skip


@transaction.atomic
def load(*, seed=2027):
    """Book one day of the first offering of each demonstration station, and let some wait for it."""
    if WaitingEntry.objects.exists():
        return
    random = Random(seed)
    citizen = User.objects.with_phone(PHONES[1]).first()
    for station in {station_of(desk): None for desk in DESKS}:
        clerk = _clerk(station) if station else None
        offering = station.offerings.open().order_by("pk").first() if clerk else None
        if offering is not None:
            _fill_and_wait(offering, clerk, citizen, random)


def _clerk(station):
    posting = Posting.objects.in_force().filter(station=station, role=Role.CLERK)
    found = posting.select_related("user").first()
    return found.user if found else None


def _fill_and_wait(offering, clerk, citizen, random):
    day = due_day(FULL_IN_WORKDAYS)
    slots = Slot.objects.with_rules().filter(offering=offering, closed_at__isnull=True)
    slots = list(slots.on_day(day).order_by("starts_at"))
    made = [_fill(slot, clerk, random) for slot in slots if slot.places_left]
    if not made:
        return
    _wait(slots, clerk, citizen)
    # One of them cancels: the first in line has an offer to answer.
    bookings.cancel(
        booking=made[-1], by=clerk, reason="时间不便", as_=CancelledAs.STATION, quietly=True
    )


def _fill(slot, clerk, random):
    return bookings.book(
        slot=slot, heads=slot.places_left, by=clerk, client_key=f"demo-full-{slot.pk}",
        contact=Contact(random.choice(NAMES)), on_behalf=True,
    )  # fmt: skip


def _wait(slots, clerk, citizen):
    """Two with a file, one without a phone who wants one slot, and the demonstration citizen."""
    offering, day = slots[0].offering, slots[0].day
    people = Person.objects.filter(station__path__startswith=offering.station.path)
    wishes = [{"person": each} for each in people.select_related("account").order_by("pk")[:2]]
    wishes.append({"contact": Contact("赵老根"), "slot": slots[0]})
    entries = [
        _join(offering, day, by=clerk, on_behalf=True, number=number, **wish)
        for number, wish in enumerate(wishes)
    ]
    if citizen is not None:
        own = Person.objects.of_account(citizen).first()
        whose = {"person": own} if own else {"contact": Contact(citizen.name, citizen.phone)}
        _join(offering, day, by=citizen, number=9, **whose)
    if entries[-1] is not None:
        waiting.prioritise(entry=entries[-1], by=clerk, reason="行动不便，由村里接送")


def _join(offering, day, *, number, **who):
    try:
        return waiting.join(
            offering=offering, day=day, heads=1,
            client_key=f"demo-waiting-{offering.pk}-{number}", **who,
        )  # fmt: skip
    except DomainError:  # a file that has gone, or has a booking of that day
        return None

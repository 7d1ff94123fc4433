"""Demonstration offerings, slots and bookings around today, in all states."""

from datetime import time, timedelta
from random import Random

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import AuditEntry, User
from services import booking_rules as rules
from services.actions import bookings
from services.actions.bookings.taking import CODE_ALPHABET, CODE_LENGTH
from services.demo.staff import DESKS, PHONES, station_of
from services.enums import HOLDING_STATES, BookingState, CancelledAs, Role, Tier
from services.models import Booking, Offering, OfferingHours, Person, Posting, Slot, Station
from veterans_portal.masking import mask_name

PAST_WEEKS = 4
MORNING, AFTERNOON = (time(9), time(11, 30)), (time(13, 30), time(16, 30))
BRING = {
    "建档立卡窗口": "身份证、退役证和户口簿",
    "优抚帮扶窗口": "身份证和相关证明",
}
ITEMS = {
    "建档立卡窗口": "建档立卡登记",
    "优抚帮扶窗口": "优抚帮扶",
    "就业创业窗口": "就业创业扶持",
    "权益维护窗口": "法律咨询与援助转介",
    "来访接待窗口": "政策咨询",
}
PAST = (
    [BookingState.SERVED] * 15 + [BookingState.NO_SHOW] * 2 + [BookingState.CANCELLED] * 3
)  # of twenty
AHEAD = [BookingState.CONFIRMED] * 9 + [BookingState.CANCELLED]  # of ten
NOTES = ["", "", "", "", "坐轮椅，请留无障碍通道。", "由家人陪同。", "听力不好，请大声一些。"]
REASONS = ["时间不便", "身体不适", "事情已经办好"]


@transaction.atomic
def load(*, seed=2025):
    """Offer the windows of city, districts, towns and demonstration villages, and book some."""
    shown = [station for desk in DESKS if (station := station_of(desk))]
    stations = Station.objects.active().filter(tier__lte=Tier.TOWN)
    for station in [*stations, *(each for each in shown if each.tier == Tier.VILLAGE)]:
        _offer(station)
    bookings.open_slots()
    if Booking.objects.filter(client_key__startswith="demo-").exists():
        return
    random = Random(seed)
    busy = Offering.objects.filter(station__in=shown).select_related("station").order_by("pk")
    made = []
    for offering in busy:
        made += _book_some(offering, random)
    made += _book_for_citizens(busy, random)
    Booking.objects.bulk_create(made)
    AuditEntry.objects.bulk_create(_trails(made))
    _count_again()


def _offer(station):
    if station.offerings.exists():
        return
    windows = station.windows.all()
    if station.tier == Tier.TOWN:
        windows = windows[:2]
    for window in windows:
        offering = Offering.objects.create(
            station=station,
            window=window,
            item=window.items.filter(name=ITEMS.get(window.name, "")).first(),
            title=window.name.removesuffix("窗口") or window.name,
            description="按约定的时间来，不用排队。",
            bring=BRING.get(window.name, "身份证"),
            needs_review=window.name == "权益维护窗口",
        )
        OfferingHours.objects.bulk_create(
            OfferingHours(offering=offering, start=start, end=end)
            for start, end in (MORNING, AFTERNOON)
        )


def _book_some(offering, random):
    now = timezone.now()
    for weeks in (4, 2):
        bookings.open_slots(offering=offering, now=now - timedelta(weeks=weeks))
    people = list(Person.objects.filter(station__path__startswith=offering.station.path)[:60])
    clerk = _clerk(offering.station)
    if not people or clerk is None:
        return []
    slots = list(offering.slots.filter(starts_at__gt=now - timedelta(weeks=PAST_WEEKS)))
    chosen = random.sample(slots, min(len(slots) // 6, 45))
    chosen += [slot for slot in slots if slot.day == timezone.localdate(now)][:8]
    made, used = [], set()
    for slot in sorted(set(chosen), key=lambda each: each.starts_at):
        person = random.choice(people)
        booking = _booking(offering, slot, person, clerk, random, now)
        if booking.once_key not in used:
            used.add(booking.once_key)
            made.append(booking)
    return made


def _clerk(station):
    posting = Posting.objects.in_force().filter(station=station).select_related("user").first()
    return posting.user if posting else None


def _booking(offering, slot, person, by, random, now, *, state=None):
    slot.offering = offering
    booking = Booking(
        code="".join(random.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH)),
        slot=slot,
        station=offering.station,
        person=person,
        contact_name=person.name if person else by.name or "王建华",
        contact_phone=person.phone if person else by.phone,
        heads=random.choice([1, 1, 1, 2]),
        note=random.choice(NOTES),
        once_key=rules.once_key(
            offering, slot, f"p{person.pk}" if person else f"c{by.phone_index}"
        ),
        client_key=f"demo-{slot.pk}-{person.pk if person else by.pk}",
        by=by,
        on_behalf=not by.is_citizen,
        created_at=min(slot.starts_at - timedelta(days=random.randint(1, 6)), now),
    )
    _set_state(booking, state or _state(offering, slot, random, now), random, now)
    return booking


def _state(offering, slot, random, now):
    if slot.ends_at < now - timedelta(minutes=30):
        return random.choice(PAST)
    if slot.starts_at <= now:
        return BookingState.CHECKED_IN
    state = random.choice(AHEAD)
    waits = offering.needs_review and state == BookingState.CONFIRMED
    return random.choice([BookingState.PENDING, state]) if waits else state


def _set_state(booking, state, random, now):
    booking.state = state
    slot = booking.slot
    if state in (BookingState.CHECKED_IN, BookingState.SERVED):
        booking.checked_in_at = min(slot.starts_at - timedelta(minutes=5), now)
    if state == BookingState.SERVED:
        booking.served_at = min(slot.starts_at + timedelta(minutes=random.randint(5, 25)), now)
    if state == BookingState.NO_SHOW:
        booking.no_show_at = slot.ends_at + timedelta(minutes=30)
    if state == BookingState.CANCELLED:
        booking.cancelled_at = min(slot.starts_at - timedelta(hours=20), now)
        booking.cancelled_as = CancelledAs.CITIZEN
        booking.cancelled_by = booking.by
        booking.cancel_reason = random.choice(REASONS)


def _book_for_citizens(offerings, random):
    """Each demonstration citizen has one coming booking, a served one and a missed one."""
    now = timezone.now()
    offering = next((each for each in offerings if each.station.tier == Tier.TOWN), None)
    if offering is None:
        return []
    past = offering.slots.filter(ends_at__lt=now - timedelta(days=1)).order_by("-starts_at")
    ahead = offering.slots.filter(starts_at__gt=now + timedelta(days=1)).order_by("starts_at")
    made = []
    for number, phone in enumerate(PHONES):
        user = User.objects.with_phone(phone).first()
        slots = [
            *ahead[3 * number + 2 : 3 * number + 3],
            *past[12 * number : 12 * number + 24 : 12],
        ]
        if user is None or len(slots) < 3:
            continue
        person = Person.objects.of_account(user).first()
        states = (BookingState.CONFIRMED, BookingState.SERVED, BookingState.CANCELLED)
        for slot, state in zip(slots, states, strict=True):
            made.append(_booking(offering, slot, person, user, random, now, state=state))
    return made


def _trails(made):
    """What the trail holds of the bookings, in the order in which it happened."""
    clerks = {
        posting.station_id: posting.user
        for posting in Posting.objects.in_force().filter(role=Role.CLERK).select_related("user")
    }
    entries = [entry for booking in made for entry in _trail(booking, clerks)]
    return sorted(entries, key=lambda entry: entry.at)


def _trail(booking, clerks):
    behalf = mask_name(booking.contact_name) if booking.on_behalf else ""
    detail = {"slot": booking.slot_id, "heads": booking.heads, "state": booking.state}
    yield _entry(
        "booked", booking, booking.created_at, booking.by, on_behalf_of=behalf, detail=detail
    )
    clerk = clerks.get(booking.station_id)
    yield from (
        _entry(act, booking, at, by)
        for act, at, by in (
            ("checked_in", booking.checked_in_at, clerk),
            ("served", booking.served_at, clerk),
            ("no_show", booking.no_show_at, None),
            ("cancelled", booking.cancelled_at, booking.cancelled_by),
        )
        if at is not None
    )


def _entry(act, booking, at, by, **values):
    return AuditEntry(
        at=at,
        actor=by,
        actor_name="" if by is None else mask_name(by.name) if by.is_citizen else str(by),
        act=f"services.booking_{act}",
        target_type="services.booking",
        target_id=str(booking.pk),
        target_name=booking.code,
        station_path=booking.station.path,
        **values,
    )


def _count_again():
    """Set each booked slot's count to what its bookings hold, its capacity not below."""
    # Grouped here and not as a subquery per slot: on tables just filled, nothing is known of their
    # sizes, and the database may take the slowest way there is.
    counted = Booking.objects.filter(state__in=HOLDING_STATES).order_by().values_list("slot")
    held = dict(counted.annotate(Sum("heads")))
    booked = Booking.objects.filter(client_key__startswith="demo-").values_list("slot", flat=True)
    slots = Slot.objects.in_bulk(set(booked)).values()
    for slot in slots:
        slot.taken = held.get(slot.pk, 0)
        slot.capacity = max(slot.capacity, slot.taken)
    Slot.objects.bulk_update(slots, ["taken", "capacity"])

"""Coming in: a ticket for whoever booked, a ticket for whoever walks in."""

from django.db import connection, transaction
from django.utils import timezone

from services import arrival_rules as rules
from services.actions.arrivals.trail import note_open_for, write
from services.enums import ArrivalAct
from services.models import Arrival
from services.opening import opening_of

TICKETS = 0x54494B54  # names our kind of advisory lock; the station's id is the second key


def arrive(
    *,
    station,
    by,
    client_key,
    name,
    item=None,
    window=None,
    person=None,
    phone="",
    heads=1,
    came_for="",
    proxy=None,
    matter=None,
    needs_care=False,
    note="",
    closed_reason="",
    now=None,
):
    """Give a party that walked in a ticket (A…) and a place in line; returns the Arrival.

    `window` fixes where they go, else `item` says which windows may call them. `came_for` names
    who came when it is not the person, a `proxy` in force says so with proof. While the station or
    the windows that could serve them are closed, and after the day's hours, only with a
    `closed_reason`, which is audited. Repeated with its `client_key` it is the same arrival. Raises ArrivalRefusedError, nothing is written then.
    """
    now = now or timezone.now()
    name = name.strip()
    if not name:
        raise rules.ArrivalRefusedError("请填写姓名。", code="name_missing", field="name")
    if window is not None and window.station_id != station.pk:
        raise rules.ArrivalRefusedError(
            "这个窗口不在本站，请另选。", code="other_station", field="window"
        )
    if proxy is not None:
        if refusal := rules.refusal_of_proxy(proxy, person, on=timezone.localdate(now)):
            raise refusal
        came_for = came_for or agent_of(proxy)
    wanted = Arrival(
        station=station, day=timezone.localdate(now), person=person, name=name,
        phone=phone or None, heads=heads, proxy=proxy, came_for=came_for, item=item,
        matter=matter, window=window, needs_care=needs_care, note=note, arrived_at=now,
        turn_at=now, by=by, client_key=client_key,
    )  # fmt: skip
    with transaction.atomic():
        _hold_tickets(station)
        if earlier := _earlier(wanted):
            return earlier
        shut, reason = _shut_for(wanted, now), closed_reason.strip()[:120]
        if shut and not reason:
            raise rules.refusal_of_closed(shut)
        _enter(wanted, rules.WALKED_IN, closed_reason=reason if shut else "")
        if shut:
            note_open_for(wanted, shut, by=by)
    return wanted


def _shut_for(wanted, now):
    """Why nobody would receive the party now: the station, its window, or all that do its item."""
    opening = opening_of(wanted.station, now=now)
    if shut := opening.shut(now) or opening.over(now):
        return shut
    if wanted.window:
        return opening.shut(now, wanted.window)
    if not wanted.item or not any(each.window_id for each in opening.closures):
        return None
    doing = [opening.shut(now, each) for each in wanted.station.windows.filter(items=wanted.item)]
    return doing[0] if doing and all(doing) else None


def arrive_booked(*, booking, by, now=None):
    """Give a party that booked a ticket (B…), inside the transaction that checks it in.

    `booking` is locked and loaded with its slot. Returns None for an offering without a window
    and without a service item: nobody waits for those at a window.
    """
    offering = booking.slot.offering
    if offering.window_id is None and offering.item_id is None:
        return None
    now = now or timezone.now()
    wanted = Arrival(
        station=offering.station, day=timezone.localdate(now), booking=booking,
        person=booking.person, name=booking.contact_name, phone=booking.contact_phone,
        heads=booking.heads, proxy=booking.proxy,
        came_for=agent_of(booking.proxy) if booking.proxy else "",
        item=offering.item, window=offering.window, note=booking.note[:120], arrived_at=now,
        turn_at=rules.turn_of(booking.slot, now=now), by=by,
        client_key=f"booking-{booking.pk}",
    )  # fmt: skip
    _hold_tickets(offering.station)
    return _enter(wanted, rules.BOOKED)


def agent_of(proxy):
    """Who came for somebody: 王小明（子女）."""
    return f"{proxy.agent_name}（{proxy.get_relation_display()}）"[:50]


def _hold_tickets(station):
    """Let one party at a time take a number: without this lock two would take the same, and a
    sequence would leave gaps when a transaction is undone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [TICKETS, station.pk])


def _enter(arrival, letter, closed_reason=""):
    taken = Arrival.objects.filter(
        station=arrival.station_id, day=arrival.day, ticket__startswith=letter
    ).count()
    arrival.ticket = rules.ticket(letter, taken + 1)
    arrival.closed_reason = closed_reason
    arrival.save(force_insert=True)
    words = "；".join(filter(None, [arrival.came_for, closed_reason]))
    write(
        arrival, ArrivalAct.ARRIVED, by=arrival.by, at=arrival.arrived_at, window=arrival.window,
        words=words[:120],
    )  # fmt: skip
    return arrival


def _earlier(wanted):
    """What the same client key made before, or None."""
    made = Arrival.objects.with_all().filter(by=wanted.by, client_key=wanted.client_key).first()
    if made and (made.station_id, made.name) != (wanted.station_id, wanted.name):
        raise rules.ArrivalRefusedError(
            "这次提交的编号已用于另一位。请回到接待页面重新登记。", code="client_key_reused"
        )
    return made

"""Bookings without the guard: look whether there is room, then write. The races must break it.

Everything else (accounts, sessions, tables, server) is the portal's own, so a race that finds
nothing wrong here would prove nothing there.
"""

import json
import os
import time
import uuid
from pathlib import Path

from django.db import transaction
from django.db.models import Sum
from django.http import JsonResponse
from django.urls import path
from django.utils import timezone

from services.actions.bookings.changing import free
from services.actions.bookings.passing import pass_on
from services.actions.bookings.taking import new_code
from services.enums import HOLDING_STATES, BookingState, CancelledAs
from services.models import Booking, Slot, WaitingEntry

PAUSE = 0.6  # seconds between looking and writing


def between():
    """What lies between looking and writing: over the live server, a second one that looked too.

    However slow the machine is, two have then looked before either writes.
    """
    gate = Path(os.environ["RACE_GATE"])
    (gate / uuid.uuid4().hex).touch()
    deadline = time.monotonic() + 20
    while len(list(gate.iterdir())) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)


def held(slot_id):
    """Heads in the slot by its bookings."""
    mine = Booking.objects.filter(slot_id=slot_id, state__in=HOLDING_STATES)
    return mine.aggregate(heads=Sum("heads"))["heads"] or 0


def book(slot_id, by, key, *, wait=lambda: time.sleep(PAUSE)):
    """Look, wait, write: returns the booking, or None when it looks full or closed."""
    slot = Slot.objects.select_related("offering").get(pk=slot_id)
    known = Booking.objects.filter(by=by, note=key).first()
    if known is not None:
        return known
    if slot.closed_at is not None or held(slot_id) >= slot.capacity:
        return None
    wait()
    return Booking.objects.create(
        code=new_code(), slot=slot, station_id=slot.offering.station_id, contact_name="某人",
        once_key=uuid.uuid4().hex, client_key=uuid.uuid4().hex, note=key, by=by,
    )  # fmt: skip


def cancel(booking_id, *, pause=PAUSE):
    """Look whether it is still on, wait, give the places back."""
    booking = Booking.objects.get(pk=booking_id)
    if booking.state != BookingState.CONFIRMED:
        return
    time.sleep(pause)
    slot = Slot.objects.get(pk=booking.slot_id)
    Slot.objects.filter(pk=slot.pk).update(taken=max(slot.taken - booking.heads, 0))


def move(booking_id, slot_id, *, pause=PAUSE):
    """Look whether the other slot has room, wait, move."""
    if held(slot_id) >= Slot.objects.get(pk=slot_id).capacity:
        return
    time.sleep(pause)
    Booking.objects.filter(pk=booking_id).update(slot_id=slot_id)


def accept(booking_id, *, pause=PAUSE):
    """Look whether the offer stands, wait, book the place as if it still were one's own."""
    offered = Booking.objects.get(pk=booking_id)
    if offered.state != BookingState.OFFERED:
        return None
    time.sleep(pause)
    return Booking.objects.create(
        code=new_code(), slot_id=offered.slot_id, station_id=offered.station_id, by=offered.by,
        contact_name="某人", once_key=uuid.uuid4().hex, client_key=uuid.uuid4().hex,
    )  # fmt: skip


def cancel_then_offer(booking_id, *, pause=PAUSE):
    """Give the place back, wait, and only then offer it to those who wait."""
    booking = Booking.objects.select_related("slot").get(pk=booking_id)
    with transaction.atomic():
        free(booking, by=booking.by, reason="时间不便", as_=CancelledAs.CITIZEN,
             now=timezone.now())  # fmt: skip
    time.sleep(pause)
    with transaction.atomic():
        pass_on(booking.slot)


def join(slot_id, by, *, pause=PAUSE):
    """Look whether it is full and oneself not on the list, wait, write."""
    slot = Slot.objects.select_related("offering__station").get(pk=slot_id)
    mine = WaitingEntry.objects.filter(by=by, offering=slot.offering)
    if slot.taken < slot.capacity or mine.exists():
        return None
    time.sleep(pause)
    return WaitingEntry.objects.create(
        offering=slot.offering, station=slot.offering.station, day=slot.day, by=by,
        contact_name="某人", who=uuid.uuid4().hex, client_key=uuid.uuid4().hex,
        rank=time.time_ns() // 1000,
    )  # fmt: skip


def _post(request):
    if request.method != "POST":
        return JsonResponse({}, status=405)
    wanted = json.loads(request.body)
    booking = book(wanted["slot"], request.user, wanted["client_key"], wait=between)
    if booking is None:
        return JsonResponse({}, status=409)
    return JsonResponse({"code": booking.code}, status=201)


urlpatterns = [path("api/v1/bookings/", _post)]

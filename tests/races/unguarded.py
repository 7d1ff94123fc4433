"""Bookings without the guard: look whether there is room, then write. The races must break it.

Everything else (accounts, sessions, tables, server) is the portal's own, so a race that finds
nothing wrong here would prove nothing there.
"""

import json
import os
import time
import uuid
from pathlib import Path

from django.db.models import Sum
from django.http import JsonResponse
from django.urls import path

from services.actions.bookings.taking import new_code
from services.enums import HOLDING_STATES, BookingState
from services.models import Booking, Slot

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


def _post(request):
    if request.method != "POST":
        return JsonResponse({}, status=405)
    wanted = json.loads(request.body)
    booking = book(wanted["slot"], request.user, wanted["client_key"], wait=between)
    if booking is None:
        return JsonResponse({}, status=409)
    return JsonResponse({"code": booking.code}, status=201)


urlpatterns = [path("api/v1/bookings/", _post)]

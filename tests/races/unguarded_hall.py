"""The hall without its guards: look who is next, or which number is free, then write."""

import time

from django.utils import timezone

from services.enums import ArrivalState
from services.models import Arrival

PAUSE = 0.4  # seconds between looking and writing


def call_next(window, by):
    """Look who is next, wait, call them; the constraint knows one window only, not two."""
    first = Arrival.objects.for_window(window).waiting().in_turn().first()
    time.sleep(PAUSE)
    Arrival.objects.filter(pk=first.pk).update(
        state=ArrivalState.CALLED, window=window, called_at=timezone.now(), called_by=by
    )
    return first


def take_ticket(station, by, key):
    """Look how many there are, wait, take the number after; the constraint refuses the second."""
    taken = Arrival.objects.filter(station=station, ticket__startswith="A").count()
    time.sleep(PAUSE)
    return Arrival.objects.create(
        station=station, ticket=f"A{taken + 1:03d}", name="某人", by=by, client_key=key
    )

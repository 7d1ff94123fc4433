"""The demonstration's waiting lists: full days, somebody with an offer, somebody moved forward."""

import pytest

from services.actions.network import extend_calendar, lay_down_network
from services.demo import bookings, hours, network, persons, staff, waiting
from services.enums import WaitingState
from services.models import WaitingEntry

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_demo__loaded_twice__has_waiting_lists_once():
    lay_down_network()
    extend_calendar()
    for step in (network, staff, persons, hours, bookings, waiting):
        step.load()
    states = set(WaitingEntry.objects.values_list("state", flat=True))
    assert states == {WaitingState.WAITING, WaitingState.OFFERED}
    assert WaitingEntry.objects.exclude(rank_reason="").exists()
    number = WaitingEntry.objects.count()
    waiting.load()
    assert WaitingEntry.objects.count() == number

"""The demonstration's transfers: open, late and ended ones, made once, where the files lie."""

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone

from services.actions.network import extend_calendar
from services.demo import network, persons, staff, transfers
from services.enums import TransferState
from services.models import Transfer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_demo__transfers__stand_in_every_state_and_come_once():
    call_command("load_network", verbosity=0)
    extend_calendar()
    for part in (network, staff, persons, transfers):
        part.load()
    assert set(Transfer.objects.values_list("state", flat=True)) == set(TransferState.values)
    assert Transfer.objects.open().filter(due_on__lt=timezone.localdate()).exists()
    moved = Transfer.objects.filter(state=TransferState.ACCEPTED)
    assert not moved.exclude(person__station=F("to_station")).exists()
    kept = Transfer.objects.exclude(state=TransferState.ACCEPTED)
    assert not kept.exclude(person__station=F("station")).exists()
    count = Transfer.objects.count()
    transfers.load()
    assert Transfer.objects.count() == count

"""The demonstration's hours: every station has some, days off come once."""

import pytest

from services.actions.network import lay_down_network
from services.demo import hours, network, staff
from services.enums import ClosureKind
from services.models import Closure, OpeningHours, Station, Window

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_demo__loaded_twice__gives_every_station_hours_and_days_off_once():
    lay_down_network()
    network.load()
    staff.load()
    hours.load()
    first = (OpeningHours.objects.count(), Closure.objects.count())
    assert not Station.objects.filter(hours__isnull=True).exists()
    assert Window.objects.filter(attendant__isnull=False).exists()
    assert set(Closure.objects.values_list("kind", flat=True)) == set(ClosureKind.values)
    hours.load()
    assert (OpeningHours.objects.count(), Closure.objects.count()) == first

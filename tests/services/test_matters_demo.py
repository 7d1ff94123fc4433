"""The demonstration's matters: every state, some amber and red, loaded once."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from services.actions.guides import lay_down_guides
from services.actions.network import lay_down_network
from services.demo import matters as demo
from services.demo import network, staff
from services.matter_rules import lights
from services.models import Matter, MatterEvent, Person
from tests.factories.persons import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_demo__loaded_twice__is_there_once_in_every_state():
    call_command("load_calendar")
    lay_down_network()
    lay_down_guides()
    network.load()
    staff.load()
    for desk in staff.DESKS:
        station = staff.station_of(desk)
        if not Person.objects.filter(station=station).exists():
            PersonFactory.create_batch(3, station=station)
    demo.load()
    assert Matter.objects.count() == demo.COUNT
    assert set(Matter.objects.values_list("state", flat=True)) == set(demo.STANDS)
    assert not Matter.objects.filter(submitted_at__gt=timezone.now()).exists()
    rows = list(Matter.objects.open().select_related("kind"))
    tones = {each.tone for each in lights(rows, today=timezone.localdate()).values()}
    assert {"done", "warning", "error", "quiet"} <= tones
    assert 0 < Matter.objects.filter(late_days__gt=0).count() < 20
    events = MatterEvent.objects.count()
    demo.load()
    assert (Matter.objects.count(), MatterEvent.objects.count()) == (demo.COUNT, events)

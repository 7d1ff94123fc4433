"""The demonstration's cards stand where the database lets them, and come once."""

import pytest
from django.core.management import call_command

from services.demo import cards, network, persons, staff
from services.enums import CardState
from services.models import Card, CardStep

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_demo__cards__stand_on_every_step_and_come_once():
    call_command("load_network", verbosity=0)
    for part in (network, staff, persons):
        part.load()
    cards.load()
    states = set(Card.objects.values_list("state", flat=True))
    assert {CardState.PRODUCING, CardState.AT_TOWN, CardState.ISSUED} <= states
    count, steps = Card.objects.count(), CardStep.objects.count()
    cards.load()
    assert (Card.objects.count(), CardStep.objects.count()) == (count, steps)
    assert count > 100

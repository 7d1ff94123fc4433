"""The demonstration's cards stand where the database lets them, and come once."""

from itertools import groupby
from operator import itemgetter

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone

from services.actions.network import extend_calendar
from services.demo import cards, network, persons, staff
from services.enums import CardState
from services.models import CalendarDay, Card, CardStep, Matter

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_demo__cards__stand_on_every_step_and_come_once():
    call_command("load_network", verbosity=0)
    extend_calendar()
    for part in (network, staff, persons):
        part.load()
    cards.load()
    states = set(Card.objects.values_list("state", flat=True))
    assert {CardState.PRODUCING, CardState.AT_TOWN, CardState.ISSUED} <= states
    count, steps = Card.objects.count(), CardStep.objects.count()
    cards.load()
    assert (Card.objects.count(), CardStep.objects.count()) == (count, steps)
    assert count > 100
    worked = set(CalendarDay.objects.filter(is_workday=True).values_list("day", flat=True))
    steps = CardStep.objects.values_list("card", "at").order_by("card", "pk")
    assert {timezone.localdate(at) for _, at in steps} <= worked
    by_card = groupby(steps, key=itemgetter(0))
    assert all(times == sorted(times) for times in ([at for _, at in rows] for _, rows in by_card))
    matters = Matter.objects.filter(card__isnull=False)
    days = matters.values_list("check_by", "due_on", "statutory_due_on", "done_at__date")
    assert {day for row in days for day in row if day} <= worked
    assert not matters.filter(accepted_at__lt=F("submitted_at")).exists()
    assert not matters.filter(done_at__lt=F("accepted_at")).exists()

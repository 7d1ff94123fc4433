"""The demonstration of proxies, ratings and doubles: there once, however often it is loaded."""

import pytest

from services.actions.guides import lay_down_guides
from services.actions.network import extend_calendar, lay_down_network
from services.demo import family, matters, network, persons, staff
from services.enums import ProxyState
from services.models import Duplicate, Proxy, Rating, Rectification

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_demo__loaded_twice__is_there_once():
    lay_down_network()
    lay_down_guides()
    extend_calendar()
    network.load()
    staff.load()
    persons.load()
    matters.load()
    family.load()
    first = [model.objects.count() for model in (Proxy, Rating, Rectification, Duplicate)]
    assert all(first), first
    assert set(Proxy.objects.values_list("state", flat=True)) == {
        ProxyState.ACTIVE, ProxyState.ASKED,
    }  # fmt: skip
    family.load()
    assert first == [model.objects.count() for model in (Proxy, Rating, Rectification, Duplicate)]

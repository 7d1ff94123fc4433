"""The demonstration of proxies, ratings and doubles: there once, however often it is loaded."""

import pytest
from django.conf import settings
from django.utils import timezone

from services.actions.guides import lay_down_guides
from services.actions.network import extend_calendar, lay_down_network
from services.actions.workdays import due_day
from services.demo import family, matters, network, persons, staff
from services.enums import ProxyState, RectificationState
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
    late, early = Rectification.objects.order_by("-opened_at").select_related("rating")
    assert (late.state, early.state) == (RectificationState.OPEN, RectificationState.CLOSED)
    for each in (late, early):
        rated = timezone.localdate(each.rating.rated_at)
        assert each.opened_at == each.rating.rated_at
        assert each.call_by == due_day(settings.RATING_CALL_WORKDAYS, after=rated)
        assert each.close_by == due_day(settings.RATING_MEND_WORKDAYS, after=rated)
    assert timezone.localdate(early.called_at) <= early.call_by
    assert timezone.localdate(early.closed_at) <= early.close_by
    family.load()
    assert first == [model.objects.count() for model in (Proxy, Rating, Rectification, Duplicate)]

"""A prepared query gives what the queryset gives."""

import pytest
from django.forms.models import model_to_dict

from accounts.models import User
from services.models import Slot
from services.models.offering import TO_BOOK
from tests.factories.accounts import UserFactory
from tests.factories.bookings import SlotFactory
from veterans_portal.prepared import Prepared

pytestmark = pytest.mark.django_db
BY_NAME = Prepared(lambda: User.objects.filter(name=""))


def test_prepared__joined_query__gives_the_same_instances(django_assert_num_queries):
    slot = SlotFactory()
    usual = Slot.objects.with_rules().get(pk=slot.pk)
    with django_assert_num_queries(1):
        found = TO_BOOK.first(slot.pk)
        assert found.offering.window is None
        assert found.offering.station == usual.offering.station
    for mine, theirs in (
        (found, usual),
        (found.offering, usual.offering),
        (found.offering.station, usual.offering.station),
    ):
        assert model_to_dict(mine) == model_to_dict(theirs)
    assert not found._state.adding


def test_prepared__encrypted_column__is_opened():
    user = UserFactory(name="赵一")
    assert BY_NAME.first("赵一").phone == user.phone


def test_prepared__nothing_there__is_none():
    assert BY_NAME.first("无此人") is None

"""The demonstration's bookings agree with their slots, and loading twice adds nothing."""

import pytest
from django.db.models import Sum

from services.actions.network import lay_down_network
from services.demo import bookings as demo
from services.demo import network, staff
from services.enums import HOLDING_STATES
from services.models import Booking, Person, Slot, Station
from tests.factories.persons import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_demo__loaded_twice__is_there_once_and_counts_agree():
    lay_down_network()
    network.load()
    staff.load()
    for desk in staff.DESKS:
        station = staff.station_of(desk)
        if not Person.objects.filter(station=station).exists():
            for _ in range(3):
                PersonFactory(station=station)
    demo.load()
    first = (Booking.objects.count(), Slot.objects.count())
    assert first[0] > 200
    assert Booking.objects.filter(slot__offering__item__is_consultation=True).exists()
    demo.load()
    assert (Booking.objects.count(), Slot.objects.count()) == first
    assert Station.objects.filter(offerings__isnull=False).distinct().count() > 90
    held = dict(
        Booking.objects.filter(state__in=HOLDING_STATES).values_list("slot").annotate(Sum("heads"))
    )
    for slot in Slot.objects.filter(bookings__isnull=False).distinct():
        assert slot.taken == held.get(slot.pk, 0)

"""The demonstration's visits agree with its bookings, and loading twice adds nothing."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import Q, Sum
from django.utils import timezone

from services.actions import arrivals
from services.actions.network import lay_down_network
from services.demo import arrivals as demo
from services.demo import bookings, network, staff
from services.enums import ArrivalState, BookingState
from services.models import Arrival, ArrivalEvent, Booking, Person
from tests.factories.persons import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_demo__loaded_twice__is_there_once_and_agrees_with_the_bookings():
    call_command("load_calendar")
    lay_down_network()
    network.load()
    staff.load()
    for desk in staff.DESKS:
        station = staff.station_of(desk)
        if not Person.objects.filter(station=station).exists():
            for _ in range(3):
                PersonFactory(station=station)
    bookings.load()
    demo.load()
    first = (Arrival.objects.count(), ArrivalEvent.objects.count())
    assert first[0] > 200
    demo.load()
    assert (Arrival.objects.count(), ArrivalEvent.objects.count()) == first
    served = Booking.objects.filter(
        Q(slot__offering__window__isnull=False) | Q(slot__offering__item__isnull=False),
        state=BookingState.SERVED,
    )
    of_arrivals = Arrival.objects.filter(state=ArrivalState.SERVED, booking__isnull=False)
    assert set(of_arrivals.values_list("booking", flat=True)) == set(
        served.values_list("pk", flat=True)
    )
    assert of_arrivals.aggregate(n=Sum("heads")) == served.aggregate(n=Sum("heads"))
    walked_in = Arrival.objects.filter(booking__isnull=True)
    assert walked_in.filter(state=ArrivalState.SERVED, item__is_consultation=True).exists()
    old = Arrival.objects.in_the_hall().filter(day__lt=timezone.localdate())
    assert not old.exists()
    assert arrivals.settle(before=timezone.localdate() + timedelta(days=1)) >= 0

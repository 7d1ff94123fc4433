"""A village with its town, district and city, named as people would name them, and who works there."""

from datetime import datetime, time, timedelta
from types import SimpleNamespace

from django.utils import timezone

from services.enums import DivisionLevel, Role
from tests.factories.bookings import OfferingFactory, SlotFactory
from tests.factories.network import DivisionFactory, PostingFactory, StationFactory, WindowFactory


def build():
    """Stations `village`, `town`, `district`, `city`; a window that can be booked at the village."""
    division = DivisionFactory(code="320281101201", name="幸福村村委会", short_name="幸福村")
    place = SimpleNamespace(village=StationFactory(division=division, name="幸福村退役军人服务站"))
    place.town = place.village.parent
    place.district = place.town.parent
    place.city = place.district.parent
    assert place.city.division.level == DivisionLevel.CITY
    place.window = WindowFactory(station=place.village, number=1)
    place.offering = OfferingFactory(
        station=place.village, window=place.window, title="政策咨询", bring="身份证和退役证"
    )
    return place


def slots(place, *, days=(1, 2), hours=(9, 10), capacity=2):
    """Slots of the village's window on the days ahead, by hour of the local clock."""
    today = timezone.localdate()
    return [
        SlotFactory(offering=place.offering, capacity=capacity,
                    starts_at=timezone.make_aware(datetime.combine(today + timedelta(day), time(hour))))
        for day in days for hour in hours
    ]  # fmt: skip


def slot_now(place):
    """The slot that has just begun: whoever comes is received."""
    return SlotFactory(offering=place.offering, starts_at=timezone.now(), capacity=5)


def staff(station, role=Role.CLERK, **user):
    """Somebody who works at the station."""
    posting = PostingFactory(station=station, role=role)
    for name, value in user.items():
        setattr(posting.user, name, value)
    posting.user.save()
    return posting.user

"""What the database refuses to hold about divisions, stations and windows, one test per rule."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from services.enums import DivisionLevel, ModelStatus, StationKind, Tier
from services.models import CalendarDay, Station
from tests.factories.network import (
    DivisionFactory,
    ServiceItemFactory,
    StationFactory,
    WindowFactory,
)

pytestmark = pytest.mark.django_db


def refused(constraint, act, *args, **kwargs):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act(*args, **kwargs)


def changed(**values):
    station = StationFactory()
    Station.objects.filter(pk=station.pk).update(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"level": DivisionLevel.TOWN, "parent": None},
        {"level": DivisionLevel.PROVINCE},
    ],
)
def test_division__without_its_parent_or_a_province_with_one__is_refused(values):
    refused("division_all_but_the_province_have_a_parent", DivisionFactory, **values)


@pytest.mark.parametrize("values", [{"kind": StationKind.CAMPUS}, {"tier": None}])
def test_station__special_with_a_tier_or_ordinary_without__is_refused(values):
    refused("station_tier_belongs_to_ordinary_stations", changed, **values)


@pytest.mark.parametrize("values", [{"parent": None}, {"tier": Tier.CITY}])
def test_station__below_the_city_without_a_parent_or_city_with_one__is_refused(values):
    refused("station_all_but_the_city_have_a_parent", changed, **values)


def test_station__special_without_a_parent__is_refused():
    station = StationFactory(special=True)
    refused(
        "station_all_but_the_city_have_a_parent",
        Station.objects.filter(pk=station.pk).update,
        parent=None,
    )


@pytest.mark.parametrize("day", [date(2019, 1, 1), date(2018, 12, 31)])
def test_station__closed_on_or_before_its_first_day__is_refused(day):
    refused("station_closes_after_it_opens", changed, active_to=day)


def test_station__named_a_model_without_a_date__is_refused():
    refused(
        "station_named_model_has_its_date", changed, model_status=ModelStatus.NAMED, named_at=None
    )


def test_station__with_more_veterans_than_staff__is_refused():
    refused("station_veteran_staff_within_all_staff", changed, staff_fulltime=1, staff_veteran=2)


@pytest.mark.parametrize(
    "values",
    [
        {"latitude": 31.5},
        {"longitude": 120.3},
        {"latitude": 91, "longitude": 120},
        {"latitude": 31, "longitude": 181},
    ],
)
def test_station__with_half_a_position_or_one_off_the_globe__is_refused(values):
    refused("station_position_is_whole", changed, **values)


def test_second_ordinary_station__in_one_division__is_refused_while_the_first_is_open():
    first = StationFactory()
    second = {"division": first.division, "code": "320281-X2", "path": "x/"}
    refused("station_one_ordinary_per_division", StationFactory, **second)
    Station.objects.filter(pk=first.pk).update(active_to=date(2024, 1, 1))
    assert StationFactory(**second).pk


@pytest.mark.parametrize("field", ["code", "path"])
def test_two_stations__with_one_code_or_path__are_refused(field):
    first, second = StationFactory(), StationFactory()
    refused(
        f"services_station_{field}",
        Station.objects.filter(pk=second.pk).update,
        **{field: getattr(first, field)},
    )


def test_two_windows__with_one_number__are_refused():
    window = WindowFactory()
    refused(
        "window_number_once_per_station",
        WindowFactory,
        station=window.station,
        number=window.number,
    )


def test_service_item__code_twice__is_refused():
    item = ServiceItemFactory()
    refused("services_serviceitem_pkey", type(item).objects.create, code=item.code, name="又一个")


def test_calendar_day__twice__is_refused():
    values = {"day": date(2031, 1, 1), "is_workday": False, "source": "STAFF"}
    CalendarDay.objects.create(**values)
    refused("services_calendarday_pkey", CalendarDay.objects.create, **values)

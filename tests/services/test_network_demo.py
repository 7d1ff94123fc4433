"""Made-up details for the real stations: complete, inside their districts, always the same."""

import pytest

from services import geo
from services.demo import network as demo
from services.models import Station, Window

pytestmark = pytest.mark.django_db

FIELDS = ["code", *demo.DETAILS]


def details():
    return list(Station.objects.order_by("code").values_list(*FIELDS))


def test_demonstration__loaded__fills_every_station_and_says_it_is_made_up(network):
    demo.load()
    assert not Station.objects.filter(address="").exists()
    assert not Station.objects.exclude(phone__startswith="0510-0000").exists()
    assert not Station.objects.filter(windows=None).exists()
    assert not Window.objects.filter(items=None).exists()


def test_demonstration__loaded__puts_stations_inside_their_own_district(network):
    demo.load()
    shapes = geo.shapes()
    for station in Station.objects.exclude(division_id__in=["320200000000", "320290000000"]):
        shape = shapes[station.division_id[:6]]
        assert shape.contains(float(station.latitude), float(station.longitude)), station


def test_demonstration__loaded_twice__changes_nothing(network):
    demo.load()
    before = details(), Window.objects.count()
    demo.load()
    assert (details(), Window.objects.count()) == before


def test_demonstration__loaded_elsewhere__gives_the_same_details(network):
    demo.load()
    before = details()
    Station.objects.update(address="", model_status="NOT_APPLIED", named_at=None)
    demo.load()
    assert details() == before


def test_demonstration__loaded_after_staff_wrote__leaves_their_station_alone(network):
    Station.objects.filter(code="320211001006").update(address="河埒街道人民路1号")
    demo.load()
    assert Station.objects.get(code="320211001006").phone == ""

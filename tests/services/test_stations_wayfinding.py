"""From an address or a position to the station that serves there."""

import pytest

from services.demo import network as demo
from services.models import Station
from services.wayfinding import chain, nearest_stations, stations_named_in

pytestmark = pytest.mark.django_db


def names(text):
    return [station.name.removesuffix("退役军人服务站") for station in stations_named_in(text)]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("滨湖区河埒街道溪南社区12号", ["溪南社区"]),
        ("江苏省无锡市滨湖区 河埒街道 溪南新村3号", ["溪南社区"]),
        ("惠山街道五里新村社区", ["五里新村社区"]),
        ("无锡市惠山街道", ["惠山街道"]),
        ("江阴市青阳镇旌阳社区居委会", ["旌阳社区"]),
        ("宜兴丁蜀镇", ["丁蜀镇"]),
        ("滨湖区太湖街道", ["太湖街道"]),
        ("经开区华庄街道", ["华庄街道"]),
        ("河埒", ["河埒街道"]),
    ],
)
def test_address__names_one_place__finds_its_station(network, address, found):
    assert names(address) == found


def test_address__names_only_a_district__finds_its_centre(network):
    assert names("无锡市梁溪区") == ["梁溪区退役军人服务中心"]


def test_address__names_a_place_there_are_several_of__offers_all_of_them(network):
    found = stations_named_in("溪南社区8号")
    assert {s.parent.name for s in found} == {"钱桥街道退役军人服务站", "河埒街道退役军人服务站"}


def test_address__names_three_places_alike__offers_all(network):
    assert names("惠山") == ["惠山区退役军人服务中心", "惠山街道", "惠山社区"]


@pytest.mark.parametrize("text", ["", "北京市海淀区中关村", "%", "_", "😀" * 50, "1" * 10000])
def test_address__names_nothing_here__finds_nothing(network, text):
    assert stations_named_in(text) == []


def test_address__names_a_closed_station__finds_the_one_above(network):
    Station.objects.filter(code="320211001006").update(active_to="2025-01-01")
    assert names("滨湖区河埒街道溪南社区12号") == ["河埒街道"]


def test_position__in_the_city__finds_the_nearest_station_first(network):
    demo.load()
    station = Station.objects.get(code="320282112000")
    found = nearest_stations(float(station.latitude), float(station.longitude))
    assert found[0] == (station, 0.0)
    assert [km for _, km in found] == sorted(km for _, km in found)


def test_position__far_away__finds_nothing(network):
    demo.load()
    assert nearest_stations(39.9, 116.4) == []


def test_chain__of_a_village__goes_up_to_the_city(network):
    station = Station.objects.get(code="320211001006")
    assert [s.tier for s in chain(station)] == [4, 3, 2, 1]

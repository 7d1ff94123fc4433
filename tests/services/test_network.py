"""Laying down the network: what the official table says, and what hangs beside it."""

import pytest
from django.core.management import call_command
from django.db.models import Count

from services import network_data
from services.actions.network import lay_down_network
from services.enums import DivisionKind, DivisionLevel, StationKind, Tier
from services.models import Division, ServiceItem, Station

pytestmark = pytest.mark.django_db


def snapshot():
    return (
        list(Division.objects.order_by("code").values_list()),
        list(Station.objects.order_by("code").values_list()),
        list(ServiceItem.objects.order_by("code").values_list()),
    )


def test_network__loaded__holds_every_official_division(network):
    official = Division.objects.exclude(kind=DivisionKind.FUNCTIONAL_AREA)
    counts = dict(official.order_by().values_list("level").annotate(Count("pk")))
    assert counts == {1: 1, 2: 1, 3: 7, 4: 88, 5: 1254}


def test_network__loaded__marks_sixteen_development_zones(network):
    zones = Division.objects.filter(kind=DivisionKind.DEVELOPMENT_ZONE)
    assert zones.count() == 16
    assert set(zones.values_list("level", flat=True)) == {DivisionLevel.TOWN}
    under = Division.objects.filter(parent__in=zones)
    assert set(under.values_list("kind", "level")) == {
        (DivisionKind.ORDINARY, DivisionLevel.VILLAGE)
    }


def test_network__loaded__gives_each_division_from_the_city_down_one_station(network):
    tiers = Station.objects.ordinary().order_by().values_list("tier").annotate(Count("pk"))
    assert dict(tiers) == {Tier.CITY: 1, Tier.DISTRICT: 8, Tier.TOWN: 88, Tier.VILLAGE: 1254}
    assert not Division.objects.needing_a_station().exists()


def test_network__loaded__names_centres_and_stations_by_the_rule(network):
    for code, name in {
        "320200000000": "无锡市退役军人服务中心",
        "320281000000": "江阴市退役军人服务中心",
        "320290000000": "无锡经济开发区退役军人服务中心",
        "320211001000": "河埒街道退役军人服务站",
        "320211001006": "溪南社区退役军人服务站",
        "320205002200": "白丹山村退役军人服务站",
    }.items():
        assert Station.objects.get(code=code).name == name


@pytest.mark.parametrize(
    ("official", "spoken"),
    [
        ("溪南社区居委会", "溪南社区"),
        ("吼山社区居民委员会", "吼山社区"),
        ("甘露居委会", "甘露社区"),
        ("谈村居委会", "谈村社区"),
        ("白丹山村委会", "白丹山村"),
        ("南村村委会", "南村"),
        ("泾新村村民委员会", "泾新村"),
        ("三新村委会", "三新村"),
        ("繁华里居民社区委员会", "繁华里社区"),
        ("滨河社区居民委员", "滨河社区"),
        ("青阳工业园区社区", "青阳工业园区社区"),
    ],
)
def test_committee_name__spoken__drops_the_committee(official, spoken):
    assert network_data.spoken_name(official) == spoken


def test_network__loaded__gives_every_station_a_path_of_its_own(network):
    paths = list(Station.objects.values_list("path", flat=True))
    assert len(paths) == len(set(paths))
    village = Station.objects.get(code="320281103002")
    assert village.path == "3202/320281/320281103/320281103002/"
    assert village.segment == "320281103002"


def test_every_station__path__continues_its_parents_path(network):
    for station in Station.objects.exclude(parent=None).select_related("parent"):
        assert station.path == f"{station.parent.path}{station.segment}/"


def test_station_names__within_one_parent__are_told_apart(network):
    twice = Station.objects.order_by().values("parent", "name").annotate(n=Count("pk"))
    assert not twice.filter(n__gt=1).exists()


def test_huishan_subdistrict__lies_in_liangxi_not_in_huishan_district(network):
    """`domain.md` A311: the name misleads."""
    station = Station.objects.get(name="惠山街道退役军人服务站")
    assert station.parent.name == "梁溪区退役军人服务中心"
    assert station.division.parent.name == "梁溪区"


def test_economic_development_zone__reports_like_a_district_without_being_one(network):
    zone = Station.objects.get(code="320290000000")
    assert (zone.tier, zone.parent.tier) == (Tier.DISTRICT, Tier.CITY)
    assert zone.division.kind == DivisionKind.FUNCTIONAL_AREA
    towns = Station.objects.filter(parent=zone)
    assert {town.division.name for town in towns} == {"太湖街道", "华庄街道"}
    assert {town.division.parent.name for town in towns} == {"滨湖区"}
    assert all(town.path.startswith("3202/320290/") for town in towns)


def test_special_stations__hang_beside_the_tree(network):
    special = Station.objects.exclude(kind=StationKind.ORDINARY)
    kinds = dict(special.order_by().values_list("kind").annotate(Count("pk")))
    assert kinds == {"CAMPUS": 1, "SCENIC": 1, "BRANCH": 3, "CARE_CENTRE": 1, "RETIRED_CADRE": 2}
    assert not special.filter(tier__isnull=False).exists()
    assert not special.filter(parent__isnull=True).exists()
    care = special.get(kind=StationKind.CARE_CENTRE)
    assert care.path == "3202/320211/320211101/320211101002-Y1/"
    assert (care.active_from.year, care.active_from.month) == (2025, 3)


def test_network__loaded_twice__changes_nothing(network):
    before = snapshot()
    call_command("load_network", verbosity=0)
    assert snapshot() == before


def test_network__loaded_again__keeps_what_staff_wrote(network):
    Station.objects.filter(code="320211001006").update(name="溪南站", phone="0510-80001234")
    lay_down_network()
    station = Station.objects.get(code="320211001006")
    assert (station.name, station.phone) == ("溪南站", "0510-80001234")


def test_network__loaded__invents_no_details(network):
    assert not Station.objects.exclude(address="", phone="", head_name="").exists()
    assert not Station.objects.filter(has_institution=True).exists()


def test_network__loaded__takes_few_statements(django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        lay_down_network()


def test_station__loaded__is_found_by_the_reading_of_its_place(network):
    assert Station.objects.get(code="320211001000").pinyin == "heliejiedao hljd"
    assert Station.objects.get(code="320281110000").pinyin == "changjingzhen cjz"

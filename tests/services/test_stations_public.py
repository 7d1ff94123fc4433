"""Finding a station: list, page, map and "my station"."""

import re

import pytest
from django.urls import reverse

from services.demo import network as demo
from services.models import Station
from tests.factories.bookings import OfferingFactory
from tests.factories.persons import PersonFactory

pytestmark = pytest.mark.django_db

LIST = "/stations/"
MINE = "/stations/mine/"
MOST_QUERIES = 20
HOSTILE = [
    "\0",
    "溪南\0社区",
    "😀",
    "%",
    "_",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "长" * 10_000,
    "\u202e溪南",
    "1" * 28,
    "\ud800",
]


def found(client, **query):
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    return answer.context["page"].paginator.count


def names(client, **query):
    return [station.name for station in client.get(LIST, query).context["page"]]


def test_list__opens__shows_the_whole_network_in_pages(client, network):
    answer = client.get(LIST)
    assert answer.context["page"].paginator.count == 1359
    assert len(answer.context["page"].object_list) == 20
    assert answer.context["page"][0].name == "无锡市退役军人服务中心"


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ({"q": "河埒"}, "河埒街道退役军人服务站"),
        ({"q": "helie"}, "河埒街道退役军人服务站"),
        ({"q": "hljd"}, "河埒街道退役军人服务站"),
        ({"q": "清名桥 景区"}, "清名桥古运河景区退役军人服务站"),
        ({"district": "320281000000", "kind": "tier-2"}, "江阴市退役军人服务中心"),
        ({"kind": "CARE_CENTRE"}, "花汇苑社区尊戎医养服务中心"),
    ],
)
def test_list__searched__finds_by_name_pinyin_place_and_kind(client, network, query, first):
    assert names(client, **query)[0] == first


def test_list__narrowed_to_a_district__counts_what_lies_there_and_reports_there(client, network):
    assert found(client, district="320213000000") == 1 + 9 + 159 + 1
    assert (
        found(client, district="320290000000")
        == 1 + Station.objects.filter(path__startswith="3202/320290/3").count()
    )
    # the official district keeps the towns that report to the functional area
    assert "太湖街道退役军人服务站" in names(client, district="320211000000", kind="tier-3")


def test_list__narrowed_to_a_town__shows_the_town_and_its_villages(client, network):
    assert found(client, district="320211000000", town="320211001000") == (
        Station.objects.filter(path__startswith="3202/320211/320211001/").count()
    )


def test_list__asked_for_a_matter__finds_where_it_is_done(client, network):
    demo.load()
    assert found(client, item="care") == 1
    assert found(client, q="医养服务", kind="CARE_CENTRE") == 1
    assert found(client, step_free="on") == Station.objects.filter(step_free=True).count()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_list__hostile_search__answers_without_error(client, network, text):
    answer = client.get(LIST, {"q": text.encode("utf-8", "replace").decode()})
    assert answer.status_code == 200


def test_list__sql_wildcards__mean_themselves(client, network):
    assert found(client, q="%") == 0
    assert found(client, q="_") == 0


@pytest.mark.parametrize("name", ["district", "town", "kind", "item", "page"])
@pytest.mark.parametrize("value", ["\0", "nonsense", "-1", "9" * 30, "😀"])
def test_list__impossible_filter__is_left_out(client, network, name, value):
    assert found(client, **{name: value}) == 1359


def test_list__nothing_found__says_what_to_do(client, network):
    page = client.get(LIST, {"q": "没有这个地方"}).content.decode()
    assert "没有找到这样的服务站" in page
    assert "按住址找我的站" in page


@pytest.mark.parametrize("query", [{}, {"district": "320282000000"}, {"q": "社区", "page": "9"}])
def test_list__of_all_stations__takes_few_queries(
    client, network, query, django_assert_max_num_queries
):
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(LIST, query)


def test_closed_station__is_not_listed_and_its_page_leads_on(client, network):
    Station.objects.filter(code="320211001006").update(active_to="2025-01-01")
    assert "溪南社区退役军人服务站" not in names(client, q="溪南", district="320211000000")
    page = client.get("/stations/320211001006/").content.decode()
    assert "已停用" in page
    assert "河埒街道退役军人服务站" in page


@pytest.mark.parametrize(
    "code", ["320200000000", "320282000000", "320211001006", "320211101002-Y1"]
)
def test_station_page__of_every_tier__takes_few_queries(
    client, network, code, django_assert_max_num_queries
):
    demo.load()
    OfferingFactory(station=Station.objects.get(code=code), title="建档立卡")
    for name in ("services:station", "services:station_paper"):
        with django_assert_max_num_queries(MOST_QUERIES):
            page = client.get(reverse(name, args=[code])).content.decode()
        assert "0510-0000" in page
    page = client.get(f"/stations/{code}/").content.decode()
    assert "建档立卡" in page
    assert "geo:31." in page


@pytest.mark.parametrize("code", ["320200000001", "ABCD", "x", "%00", "😀", "3202/../admin"])
def test_station_page__of_no_station__is_not_found(client, network, code):
    assert client.get(f"/stations/{code}/").status_code == 404


def test_my_station__from_an_address__shows_it_and_those_above(client, network):
    demo.load()
    page = client.post(MINE, {"address": "滨湖区河埒街道溪南社区12号"}).content.decode()
    for name in ("溪南社区退役军人服务站", "河埒街道退役军人服务站", "滨湖区退役军人服务中心"):
        assert name in page


def test_my_station__from_a_name_used_twice__asks_which(client, network):
    page = client.post(MINE, {"address": "溪南社区"}).content.decode()
    assert "请选一个" in page
    assert "钱桥街道" in page


def test_my_station__from_an_unknown_place__says_how_to_write_it(client, network):
    page = client.post(MINE, {"address": "幸福小区3栋"}).content.decode()
    assert "没有认出这个地方" in page
    assert "梁溪区" in page
    assert "幸福小区3栋" in page


@pytest.mark.parametrize("address", ["", "   ", "\0", "长" * 10_000])
def test_my_station__from_no_real_address__says_what_to_mend(client, network, address):
    page = client.post(MINE, {"address": address}).content.decode()
    assert "error-summary" in page


def test_my_station__from_the_devices_position__finds_the_nearest(client, network):
    demo.load()
    station = Station.objects.get(code="320282112000")
    answer = client.post(MINE, {"lat": f"{station.latitude}", "lng": f"{station.longitude}"})
    assert answer.context["found"][0] == station
    assert "丁蜀镇" in answer.content.decode()


@pytest.mark.parametrize(
    ("lat", "lng", "words"),
    [
        ("39.9", "116.4", "您现在好像不在无锡"),
        ("", "", "没有读懂您的位置"),
        ("nan", "inf", "没有读懂您的位置"),
        ("91", "181", "没有读懂您的位置"),
        ("\0", "😀", "没有读懂您的位置"),
    ],
)
def test_my_station__from_an_odd_position__says_so_in_words(client, network, lat, lng, words):
    demo.load()
    assert words in client.post(MINE, {"lat": lat, "lng": lng}).content.decode()


def test_my_station__asked__leaves_no_trace_in_the_address(client, network):
    answer = client.post(MINE, {"address": "滨湖区河埒街道溪南社区12号"})
    assert answer.status_code == 200  # no redirect that would carry the address


def test_my_station__of_a_person_with_a_file__shows_their_own(client, network):
    person = PersonFactory(claimed=True, station=Station.objects.get(code="320211001006"))
    client.force_login(person.account)
    page = client.get(MINE).content.decode()
    assert "您的档案在这个服务站" in page
    assert "溪南社区退役军人服务站" in page


@pytest.mark.parametrize("district", ["", "320281000000", "320282000000", "320290000000"])
def test_map__of_city_and_districts__draws_what_the_list_says(
    client, network, district, django_assert_max_num_queries
):
    demo.load()
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = client.get("/stations/map/", {"district": district} if district else {})
    page = answer.content.decode()
    points = re.findall(r'class="map-point', page)
    assert len(points) == len(answer.context["map"]["stations"])
    assert "示意图" in page


def test_map__of_the_city__links_seven_districts_to_their_lists(client, network):
    page = client.get("/stations/map/").content.decode()
    assert page.count('class="map-area"') == 7
    assert 'href="/stations/?district=320213000000" class="map-area"' in page


def test_map__of_a_place_outside__is_not_found(client, network):
    assert client.get("/stations/map/", {"district": "110000000000"}).status_code == 404


def test_map__with_another_outline_file__draws_that(client, network, settings, tmp_path):
    outline = tmp_path / "approved.geojson"
    outline.write_text(
        '{"features": [{"properties": {"adcode": 320281, "name": "江阴市", "center": [120.5, 31.5]},'
        '"geometry": {"type": "MultiPolygon", "coordinates": [[[[120,31],[121,31],[121,32],[120,31]]]]}'
        "}]}"
    )
    settings.DISTRICT_SHAPES = outline
    page = client.get("/stations/map/").content.decode()
    assert page.count('class="map-area"') == 1

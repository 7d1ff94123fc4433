"""What everybody sees without signing in."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from services.actions.network import extend_calendar
from services.demo import network as demo
from services.models import Station
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory, SlotFactory
from tests.factories.persons import PersonFactory

pytestmark = pytest.mark.django_db

PUBLIC = [
    "home",
    "work",
    "benefits",
    "remembrance",
    "privacy",
    "accessibility",
    "site_map",
    "figures",
    "services:stations",
    "services:station_map",
    "services:my_station",
    "services:help_me",
]
MOST_QUERIES = 20


@pytest.mark.parametrize("name", PUBLIC)
def test_public_page__read_by_anybody__answers_with_few_queries(
    client, network, name, django_assert_max_num_queries
):
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = client.get(reverse(name))
    assert answer.status_code == 200


def test_home__opens__has_one_heading_four_doors_and_no_dead_tile(client, network):
    page = client.get("/").content.decode()
    assert page.count("<h1>") == 1
    for door in ("服务保障", "安置就业", "双拥优待", "褒扬纪念"):
        assert door in page
    assert "is-waiting" not in page


def test_home__of_a_person_with_a_booking__shows_it_first(client, network):
    user = UserFactory()
    slot = SlotFactory()
    BookingFactory(slot=slot, by=user)
    client.force_login(user)
    page = client.get("/").content.decode()
    assert "我的下一次预约" in page
    assert slot.offering.title in page


def test_home__of_a_person_with_a_file__shows_their_station(client, network):
    station = Station.objects.get(code="320211001006")
    user = PersonFactory(claimed=True, station=station).account
    client.force_login(user)
    assert "溪南社区退役军人服务站" in client.get("/").content.decode()


def test_home__figures__are_counted_from_records(client, network):
    from services.public_figures import public_figures

    PersonFactory.create_batch(6)
    slot = SlotFactory(starts_at=timezone.now())
    BookingFactory.create_batch(2, slot=slot, checked_in=True, heads=3)
    figures, _ = public_figures()
    values = {figure["key"]: figure["value"] for figure in figures}
    assert (values["persons"], values["visits"]) == ("6", "6")
    assert values["special"] == "8"
    ordinary = Station.objects.active().ordinary().count()
    assert values["stations"] == f"{ordinary:,}"


def test_figures__of_fewer_than_five_people__are_not_told_exactly(network):
    from services.public_figures import public_figures

    PersonFactory.create_batch(3)
    figures, _ = public_figures()
    assert {f["key"]: f["value"] for f in figures}["persons"] == "少于5"


def test_notices__before_a_holiday__say_when_windows_rest(network):
    from services.announcements import notices

    extend_calendar(today=date(2026, 11, 24))
    shown = notices(today=date(2026, 9, 20))
    assert [n["title"] for n in shown] == [
        "中秋放假，服务窗口休息",
        "国庆节放假，服务窗口休息",
    ]
    assert "10月1日 星期四至10月7日 星期三休息" in shown[1]["body"]


def test_notices__when_a_station_closed_lately__say_so(network):
    from services.announcements import notices

    Station.objects.filter(code="320211001006").update(active_to="2026-11-01")
    shown = notices(today=date(2026, 11, 24))
    assert [n["title"] for n in shown] == ["溪南社区退役军人服务站已停用"]


@pytest.mark.parametrize("key", ["benefits", "remembrance"])
def test_planned_door__opened__says_when_and_whom_to_call(client, network, key):
    demo.load()
    page = client.get(reverse(key)).content.decode()
    assert "还没有开放" in page
    assert "2027年" in page
    assert "12345" in page
    assert page.count("tel:0510-0000") == 9


def test_privacy_page__says_its_version_and_the_rights(client):
    page = client.get("/privacy/").content.decode()
    for words in ("版本：2026-", "撤回", "保存多久", "谁在处理"):
        assert words in page


def test_pages__without_the_network__still_open(client):
    for name in PUBLIC:
        assert client.get(reverse(name)).status_code == 200

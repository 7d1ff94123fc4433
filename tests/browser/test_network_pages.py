"""The public pages and the desk of the network in a real browser."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from services.actions.network import lay_down_network
from services.demo import network as demo
from services.enums import Role
from services.models import Station
from tests.browser import checks
from tests.factories.network import PostingFactory
from veterans_portal.context_processors import CONTRAST_COOKIE, SENIOR_COOKIE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

VILLAGE = "320211001006"
PUBLIC = [
    "/",
    "/stations/",
    "/stations/?district=320211000000&q=没有",
    "/stations/map/",
    "/stations/map/?district=320213000000",
    "/stations/mine/",
    f"/stations/{VILLAGE}/",
    f"/stations/{VILLAGE}/paper/",
    "/help/",
    reverse("work"),
    "/figures/",
    "/privacy/",
    "/accessibility/",
    "/sitemap/",
]
DESK = [
    f"/desk/station/{VILLAGE}/",
    f"/desk/station/{VILLAGE}/edit/",
    f"/desk/station/{VILLAGE}/windows/new/",
    "/desk/coverage/",
]
LOOKS = [
    (360, {}),
    (360, {SENIOR_COOKIE: "1"}),
    (1280, {}),
    (1280, {CONTRAST_COOKIE: "1"}),
]


@pytest.fixture
def network():
    lay_down_network()
    demo.load()


def cookies(page, live_server, **values):
    page.context.add_cookies(
        [{"name": n, "value": v, "url": live_server.url} for n, v in values.items()]
    )


def signed_in(page, live_server):
    user = PostingFactory(role=Role.HEAD, station=Station.objects.get(tier=1)).user
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    cookies(page, live_server, **{name: client.cookies[name].value})
    return user


@pytest.mark.parametrize(("width", "mode"), LOOKS)
def test_pages_of_the_network__in_each_look__stand_all_checks(
    page, live_server, network, width, mode
):
    page.set_viewport_size({"width": width, "height": 800})
    cookies(page, live_server, **mode)
    complaints = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    for path in PUBLIC:
        page.goto(live_server.url + path)
        checks.assert_stands(page)
    user = signed_in(page, live_server)
    user.senior_mode, user.high_contrast = SENIOR_COOKIE in mode, CONTRAST_COOKIE in mode
    user.save()
    for path in DESK:
        page.goto(live_server.url + path)
        checks.assert_stands(page)
    assert complaints == []


def test_home__in_senior_mode__has_at_most_six_tiles_and_one_column(page, live_server, network):
    page.set_viewport_size({"width": 1280, "height": 800})
    cookies(page, live_server, **{SENIOR_COOKIE: "1"})
    page.goto(live_server.url)
    assert page.locator(".tile").count() == 6
    lefts = page.evaluate(
        "[...document.querySelectorAll('.tile')].map(tile => tile.getBoundingClientRect().left)"
    )
    assert len(set(lefts)) == 1


def test_my_station__without_javascript__is_found_by_address(browser, live_server, network):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/stations/mine/")
    assert not page.get_by_role("button", name="用我的位置").is_visible()
    page.locator("main input[name=address]").fill("滨湖区河埒街道溪南社区")
    page.get_by_role("main").get_by_role("button", name="查找").click()
    assert page.get_by_role("link", name="溪南社区退役军人服务站").is_visible()
    context.close()


def test_my_station__by_the_devices_position__is_found_with_one_tap(page, live_server, network):
    station = Station.objects.get(code="320282112000")
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(
        {"latitude": float(station.latitude), "longitude": float(station.longitude)}
    )
    page.goto(f"{live_server.url}/stations/mine/")
    page.get_by_role("button", name="用我的位置").click()
    page.get_by_role("heading", name="离您最近的服务站").wait_for()
    assert page.get_by_role("link", name=station.name).first.is_visible()
    assert str(station.latitude) not in page.url


def test_map__walked_by_keyboard__opens_a_district_and_a_station(page, live_server, network):
    page.goto(f"{live_server.url}/stations/map/")
    page.locator(".map-area").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/stations/?district=*")
    page.goto(f"{live_server.url}/stations/map/")
    page.locator(".map-point.is-city").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/stations/320200000000/")

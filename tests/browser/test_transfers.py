"""A file goes to another station: asked on one desk, answered on the other."""

import pytest

from services.enums import TransferState
from services.models import Transfer
from tests.browser import hands, village
from tests.browser.checks import assert_stands
from tests.browser.hands import follow, heading, press, sees
from tests.factories.network import DivisionFactory, StationFactory
from tests.factories.persons import PersonFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place():
    place = village.build()
    division = DivisionFactory(code="320281101779", name="向阳村村委会", short_name="向阳村")
    place.other = StationFactory(division=division, name="向阳村退役军人服务站")
    place.person = PersonFactory(station=place.village, name="陈卫国")
    return place


@pytest.mark.parametrize("size", [hands.PHONE, hands.DESKTOP], ids=["phone", "desktop"])
def test_transfer__asked_at_one_station__accepted_at_the_other(browser, live_server, place, size):
    base = live_server.url
    with hands.page_of(browser, size) as page:
        hands.sign_in_at_once(page, base, village.staff(place.village))
        page.goto(base + place.person.get_absolute_url())
        follow(page, "换站")
        page.get_by_label("转到哪个站点").fill("向阳村")
        page.get_by_label("原因").fill("搬到女儿家附近")
        page.get_by_label("电话确认").check()
        assert_stands(page)
        press(page, "送对方答复")
        sees(page, "向阳村退役军人服务站", "搬到女儿家附近")
        assert_stands(page)
    with hands.page_of(browser, size) as page:
        hands.sign_in_at_once(page, base, village.staff(place.other))
        page.goto(f"{base}/desk/transfers/?state=ours")
        assert_stands(page)
        follow(page, "陈卫国")
        press(page, "同意转站")
        sees(page, "已接收")
        follow(page, "打开档案")
        heading(page, "陈卫国")
    made = Transfer.objects.select_related("person").get()
    assert (made.state, made.person.station) == (TransferState.ACCEPTED, place.other)


def test_own__on_a_phone__asks_checks_sends_and_takes_back(browser, live_server, place):
    own = PersonFactory(station=place.village, claimed=True)
    with hands.page_of(browser, hands.PHONE, java_script_enabled=False) as page:
        hands.sign_in_at_once(page, live_server.url, own.account)
        page.goto(f"{live_server.url}/me/file/")
        follow(page, "换服务站")
        page.get_by_label("换到哪个服务站").fill("向阳村")
        page.get_by_label("原因").fill("搬到女儿家附近")
        press(page, "下一步：核对")
        heading(page, "请核对换站申请")
        press(page, "确认提交")
        sees(page, "申请正在办理")
        press(page, "撤回申请")
        sees(page, "已撤回")
    assert Transfer.objects.get().state == TransferState.WITHDRAWN

"""A grade in two taps, a booking for one's mother, two files made one: on the phone and at the desk."""

import pytest

from services.actions import ratings
from services.enums import DuplicateState, Grade, ProxyState, Role
from services.models import Booking, Proxy, Rating
from services.views.public.rating import screen_token
from tests.browser import hands, village
from tests.browser.checks import assert_stands
from tests.browser.hands import follow, heading, press, sees
from tests.factories.accounts import UserFactory
from tests.factories.arrivals import ArrivalFactory
from tests.factories.duplicates import DuplicateFactory
from tests.factories.papers import HeldMatterFactory
from tests.factories.persons import PersonFactory
from tests.factories.proxies import ProxyFactory
from tests.services.paper_makers import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = pytest.mark.parametrize("size", [hands.PHONE, hands.DESKTOP], ids=["phone", "desktop"])


@SIZES
def test_rating__by_link__takes_two_taps_without_signing_in(browser, live_server, size):
    place = village.build()
    invitation = ratings.invite(matter=HeldMatterFactory(station=place.village))
    with hands.page_of(browser, size) as page:
        page.goto(f"{live_server.url}/rate/{invitation.code}/")
        assert_stands(page)
        page.get_by_label("非常满意").check()
        press(page, "提交评价")
        heading(page, "谢谢您的评价")
        assert_stands(page)
    assert Rating.objects.get().grade == Grade.VERY_SATISFIED


def test_rating__windows_screen__asks_by_itself_when_a_visit_is_over(browser, live_server):
    place = village.build()
    with hands.page_of(browser, hands.DESKTOP) as page:
        page.goto(f"{live_server.url}/rate-screen/{screen_token(place.window)}/")
        sees(page, "事情办完后")
        assert_stands(page)
        ratings.invite(arrival=ArrivalFactory(station=place.village, window=place.window))
        page.get_by_label("满意", exact=True).check(timeout=15_000)
        press(page, "提交评价")
        heading(page, "谢谢您的评价")
        page.get_by_role("heading", name="1号窗口").wait_for(timeout=15_000)


def test_bad_grade__called_back_and_mended__at_the_desk(browser, live_server):
    place = village.build()
    invitation = ratings.invite(matter=HeldMatterFactory(station=place.village))
    ratings.rate(invitation=invitation, grade=1, channel="WEB", words="等了很久")
    with hands.page_of(browser, hands.DESKTOP) as page:
        hands.sign_in_at_once(page, live_server.url, village.staff(place.village, Role.HEAD))
        page.goto(f"{live_server.url}/desk/ratings/")
        assert_stands(page)
        follow(page, "非常不满意")
        sees(page, "等了很久")
        assert_stands(page)
        page.get_by_label("回访情况").fill("已道歉，增开一个窗口")
        page.get_by_label("满意", exact=True).check()
        press(page, "记下回访")
        follow(page, "非常不满意")
        page.get_by_label("已整改").check()
        page.get_by_label("做了什么").fill("增开一个窗口")
        press(page, "办结")
        sees(page, "没有要回访的差评")


@SIZES
def test_family__asked_confirmed_and_booked_for_the_mother(browser, live_server, size, tmp_path):
    place = village.build()
    slot = village.slots(place)[0]
    mother = PersonFactory(station=place.village, name="李秀英")
    daughter = UserFactory(name="王小梅")
    proof = tmp_path / "户口簿.jpg"
    proof.write_bytes(picture())
    with hands.page_of(browser, size) as page:
        hands.sign_in_at_once(page, live_server.url, daughter)
        page.goto(f"{live_server.url}/me/family/")
        assert_stands(page)
        follow(page, "申请代家人办事")
        page.get_by_label("亲友的姓名").fill("李秀英")
        page.get_by_label("亲友的身份证号").fill(mother.id_number)
        page.get_by_label("与本人的关系").select_option("CHILD")
        page.get_by_label("证明", exact=True).select_option("HOUSEHOLD")
        page.get_by_label("证明的照片或PDF").set_input_files(str(proof))
        assert_stands(page)
        press(page, "提交申请")
        sees(page, "申请已收到")
    with hands.page_of(browser, size) as page:
        hands.sign_in_at_once(page, live_server.url, village.staff(place.village))
        page.goto(f"{live_server.url}/desk/proxies/")
        assert_stands(page)
        follow(page, "李秀英")
        assert_stands(page)
        press(page, "确认代办")
        sees(page, "有效")
    assert Proxy.objects.get().state == ProxyState.ACTIVE
    with hands.page_of(browser, size) as page:
        hands.sign_in_at_once(page, live_server.url, daughter)
        page.goto(f"{live_server.url}/slots/{slot.pk}/book/")
        follow(page, "李秀英")
        sees(page, "您在为 李秀英 预约")
        assert_stands(page)
        press(page, "下一步：核对")
        sees(page, "李秀英（您代办）")
        press(page, "确认预约")
        sees(page, "预约好了", "王小梅代办")
    assert Booking.objects.get().person == mother


@SIZES
def test_duplicates__compared_merged_and_taken_back(browser, live_server, size):
    place = village.build()
    pair = DuplicateFactory(first=PersonFactory(station=place.village, name="陈卫国"))
    ProxyFactory(person=pair.second)
    with hands.page_of(browser, size) as page:
        hands.sign_in_at_once(page, live_server.url, village.staff(place.town, Role.REVIEWER))
        page.goto(f"{live_server.url}/desk/duplicates/")
        assert_stands(page)
        follow(page, "陈卫国")
        assert_stands(page)
        page.get_by_label("的一份").first.check()
        page.get_by_label("怎么确认是同一人").fill("本人带两个证件到场核对")
        press(page, "合并")
        sees(page, "一周内可以撤销")
        assert_stands(page)
        page.get_by_label("原因").fill("核对有误")
        press(page, "撤销合并")
        sees(page, "两份档案恢复原样")
    pair.refresh_from_db()
    assert pair.state == DuplicateState.UNDONE

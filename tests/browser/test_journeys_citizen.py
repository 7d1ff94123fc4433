"""A veteran's way on a phone, from the first visit to a booking, with the clerk on the other side."""

import re

import pytest
from playwright.sync_api import expect

from services.enums import BookingState, FileState
from services.models import Booking, Person, RegistrationRequest
from tests.browser import hands, village
from tests.browser.hands import fill, follow, heading, press, sees
from tests.factories.persons import PersonFactory, id_number

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE_NUMBER = "19900000077"
NUMBER = id_number(77)


@pytest.fixture
def place(settings):
    settings.LOCAL_OUTBOX = True
    place = village.build()
    place.slots = village.slots(place)
    return place


@pytest.fixture
def phone(browser):
    with hands.page_of(browser, hands.PHONE) as page:
        yield page


def register(page, base, *, name, number):
    """The three steps: where, who, check."""
    page.goto(f"{base}/me/file/")
    follow(page, "开始登记")
    follow(page, "江阴市")
    follow(page, "测试镇")
    follow(page, "幸福村")
    fill(page, 姓名=name, 身份证号=number, 详细地址="幸福路8号201室")
    page.get_by_label("退役士兵").check()
    press(page, "下一步：核对")
    heading(page, "请核对您填的内容")
    press(page, "确认提交")


def choose(page, at):
    """Choose the first day's slot by its hour, on the page of slots."""
    page.locator(".slot", has_text=at).first.click()


def book(page, base, station, at):
    """From the station's page to the confirmation; returns the code."""
    page.goto(base + station.get_absolute_url())
    follow(page, "选时间")
    choose(page, at)
    press(page, "下一步：核对")
    press(page, "确认预约")
    heading(page, "预约好了")
    return page.locator(".confirmation .code").inner_text()


def test_veteran__from_sign_up_to_a_changed_booking__goes_the_whole_way(
    browser, phone, live_server, place
):
    base = live_server.url
    hands.sign_in_by_code(phone, base, PHONE_NUMBER, through="/accounts/signup/")
    find_the_station(phone, base)
    register(phone, base, name="王建国", number=NUMBER)
    sees(phone, "登记申请已送到幸福村退役军人服务站", "前打电话与您核对")
    clerk_confirms(browser, base, place)
    phone.goto(f"{base}/me/")
    sees(phone, "我的档案", FileState.SUBMITTED.label)
    code = book(phone, base, place.village, "上午9:00")
    the_code_is_shown(phone, code)
    cancel(phone)
    book_again_and_change(phone, base, place)


def find_the_station(page, base):
    page.goto(f"{base}/stations/mine/")
    fill(page, 您住在哪里="江阴市测试镇幸福村")
    page.locator("main form").filter(has=page.locator("input[name=address]")).get_by_role(
        "button"
    ).click()
    sees(page, "您住的地方的服务站", "幸福村退役军人服务站")


def clerk_confirms(browser, base, place):
    asked = RegistrationRequest.objects.get()
    assert asked.station == place.village
    with hands.page_of(browser, hands.DESKTOP) as desk:
        hands.sign_in_staff(desk, base, village.staff(place.village))
        desk.goto(f"{base}/desk/requests/")
        follow(desk, "王建国")
        assert NUMBER not in desk.content()
        press(desk, "确认登记")
        sees(desk, "已确认")
    assert Person.objects.get().account.phone == PHONE_NUMBER


def the_code_is_shown(page, code):
    picture = page.locator(".confirmation-qr")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    assert code.replace(" ", "") == Booking.objects.get().code
    page.goto(page.url.partition("?")[0])
    sees(page, code)


def cancel(page):
    follow(page, "取消预约")
    page.get_by_label("身体不适").check()
    press(page, "取消预约")
    sees(page, "这个预约已取消", "身体不适")
    assert Booking.objects.get().cancel_reason == "身体不适"


def book_again_and_change(page, base, place):
    follow(page, "再约一次")
    choose(page, "上午9:00")
    press(page, "下一步：核对")
    press(page, "确认预约")
    heading(page, "预约好了")
    follow(page, "改时间")
    choose(page, "上午10:00")
    heading(page, "改到这个时间吗")
    press(page, "确认改时间")
    sees(page, "上午10:00")
    booking = Booking.objects.get(state=BookingState.CONFIRMED)
    assert booking.slot == place.slots[1]
    assert [slot.taken for slot in fresh(place.slots)] == [0, 1, 0, 0]


def fresh(slots):
    for slot in slots:
        slot.refresh_from_db()
    return slots


def test_veteran__whose_file_exists__claims_it_at_once_without_scripts(browser, live_server, place):
    person = PersonFactory(
        station=place.village, name="李卫国", phone=PHONE_NUMBER, id_number=NUMBER
    )
    with hands.page_of(browser, hands.PHONE, java_script_enabled=False) as page:
        hands.sign_in_by_code(page, live_server.url, PHONE_NUMBER)
        register(page, live_server.url, name="李卫国", number=NUMBER)
        sees(page, "已找到您的档案，并与您的账号关联。", "我的档案", FileState.FILED.label)
        assert NUMBER not in page.content()
        press(page, "查看完整号码")
        sees(page, re.sub(r"\s", "", NUMBER))
        code = book(page, live_server.url, place.village, "上午10:00")
    person.refresh_from_db()
    assert person.account.phone == PHONE_NUMBER
    assert not RegistrationRequest.objects.exists()
    assert Booking.objects.get(code=code.replace(" ", "")).person == person

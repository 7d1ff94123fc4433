"""A village clerk's day at the counter, with the keyboard where hands are busy."""

import pytest
from playwright.sync_api import expect

from services.enums import BookingState
from services.models import Booking
from tests.browser import hands, village
from tests.browser.hands import fill, follow, heading, press, sees
from tests.factories.bookings import BookingFactory
from tests.factories.persons import PersonFactory, RegistrationRequestFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place():
    place = village.build()
    place.now = village.slot_now(place)
    place.booking = BookingFactory(slot=place.now, contact_name="王建国")
    place.now.taken = 1
    place.now.save()
    return place


@pytest.fixture
def desk(browser, live_server, place):
    """The clerk's page, signed in and standing on the work desk."""
    with hands.page_of(browser, hands.DESKTOP) as page:
        hands.sign_in_staff(page, live_server.url, village.staff(place.village, name="陆春华"))
        page.goto(f"{live_server.url}/desk/")
        yield page


def test_clerk__at_the_desk__sees_today_and_confirms_a_request(desk, live_server, place):
    asked = RegistrationRequestFactory(station=place.village, name="李卫国")
    desk.reload()
    heading(desk, "今日工作 · 幸福村退役军人服务站")
    sees(desk, "王建国", "李卫国")
    follow(desk, "李卫国")
    assert asked.id_number not in desk.content()
    press(desk, "确认登记")
    sees(desk, "已确认", "已告诉本人")
    desk.goto(f"{live_server.url}/desk/")
    expect(desk.locator("main")).not_to_contain_text("李卫国的登记申请")


def test_clerk__with_the_keyboard_alone__checks_in_by_code_and_marks_served(
    desk, live_server, place
):
    desk.goto(f"{live_server.url}/desk/check-in/")
    desk.keyboard.type(place.booking.code.lower())
    desk.keyboard.press("Enter")
    sees(desk, "已签到", "王建国", "1号窗口")
    desk.keyboard.type("NOSUCHCODE")
    desk.keyboard.press("Enter")
    sees(desk, "没有找到这个预约码")
    desk.goto(f"{live_server.url}/desk/bookings/")
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/desk/bookings/{place.booking.code}/")
    tab_to(desk, "办结")
    desk.keyboard.press("Enter")
    sees(desk, "已记为办结")
    assert Booking.objects.get().state == BookingState.SERVED


def tab_to(page, name):
    """Walk with the tab key until the button of the page's body with this name has the focus."""
    button = page.get_by_role("main").get_by_role("button", name=name, exact=True)
    for _ in range(60):
        if button.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the tab key does not reach {name}")


def test_clerk__for_a_person_without_a_phone__books_from_the_file(desk, live_server, place):
    person = PersonFactory(station=place.village, name="赵秀英", phone=None)
    village.slots(place)
    desk.goto(f"{live_server.url}/desk/persons/")
    desk.locator("#person-search").fill("赵秀")
    press(desk, "查找")
    follow(desk, "赵秀英")
    follow(desk, "代为预约")
    sees(desk, "为谁预约", "赵秀英")
    desk.locator(".slot").first.click()
    press(desk, "预约")
    booking = Booking.objects.get(person=person)
    sees(desk, "预约好了", booking.spoken_code, "代为预约")
    assert booking.contact_phone in (None, "")


def test_clerk__for_a_stranger_at_the_counter__books_checks_in_and_serves(desk, live_server, place):
    follow(desk, "代为预约")
    desk.locator(".slot").first.click()
    fill(desk, 姓名="孙桂兰")
    press(desk, "预约")
    sees(desk, "孙桂兰", "没有档案")
    press(desk, "签到")
    sees(desk, "已签到")
    press(desk, "办结")
    sees(desk, "已记为办结")
    assert Booking.objects.get(contact_name="孙桂兰").state == BookingState.SERVED

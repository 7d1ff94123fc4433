"""What goes wrong on the way: back, twice, two tabs, gone meanwhile, signed out, offline."""

import pytest
from playwright.sync_api import expect

from services.models import Booking
from tests.browser import hands, village
from tests.browser.hands import fill, heading, press, sees
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place():
    place = village.build()
    place.slots = village.slots(place)
    return place


@pytest.fixture
def veteran():
    return UserFactory(name="王建国", phone="19900000077")


@pytest.fixture
def phone(browser, live_server, veteran):
    with hands.page_of(browser, hands.PHONE) as page:
        hands.sign_in_at_once(page, live_server.url, veteran)
        yield page


def to_the_check(page, base, slot):
    """As far as the page that asks to check everything."""
    page.goto(f"{base}/slots/{slot.pk}/book/")
    press(page, "下一步：核对")
    heading(page, "请核对一遍")


def test_back_button__after_booking__says_that_it_is_booked_and_books_no_second(
    phone, live_server, place
):
    to_the_check(phone, live_server.url, place.slots[0])
    press(phone, "确认预约")
    heading(phone, "预约好了")
    phone.go_back()
    sees(phone, "您已经约了这个时段")
    press(phone, "下一步：核对")
    press(phone, "确认预约")
    expect(phone.locator(".error-summary")).to_contain_text("您已有“政策咨询”")
    phone.get_by_role("link", name="查看这个预约").click()
    sees(phone, Booking.objects.get().spoken_code)


def test_double_click__on_booking__books_once(phone, live_server, place):
    to_the_check(phone, live_server.url, place.slots[0])
    phone.get_by_role("button", name="确认预约").dblclick()
    heading(phone, "预约好了")
    assert Booking.objects.count() == 1
    place.slots[0].refresh_from_db()
    assert place.slots[0].taken == 1


def test_two_tabs__booking_twice_the_same_day__says_what_there_is_already(
    phone, live_server, place
):
    other = phone.context.new_page()
    to_the_check(phone, live_server.url, place.slots[0])
    to_the_check(other, live_server.url, place.slots[1])
    press(phone, "确认预约")
    heading(phone, "预约好了")
    press(other, "确认预约")
    expect(other.locator(".error-summary")).to_contain_text("您已有“政策咨询”")
    assert Booking.objects.count() == 1


def test_last_place__gone_meanwhile__offers_the_nearest_and_keeps_what_was_typed(
    phone, live_server, place
):
    slot, next_slot = place.slots[:2]
    phone.goto(f"{live_server.url}/slots/{slot.pk}/book/")
    fill(phone, 想说明的事="坐轮椅")
    press(phone, "下一步：核对")
    BookingFactory.create_batch(2, slot=slot)
    slot.taken = 2
    slot.save()
    press(phone, "确认预约")
    sees(phone, "您填的内容都还在", "相近的时段")
    expect(phone.get_by_label("想说明的事")).to_have_value("坐轮椅")
    phone.locator(".slot-button").first.click()
    heading(phone, "请核对一遍")
    sees(phone, "坐轮椅")
    press(phone, "确认预约")
    heading(phone, "预约好了")
    assert Booking.objects.get(note="坐轮椅").slot == next_slot


def test_session__expired_while_typing__loses_nothing(phone, live_server, place, veteran, settings):
    settings.LOCAL_OUTBOX = True
    phone.goto(f"{live_server.url}/slots/{place.slots[0].pk}/book/")
    fill(phone, 来办事的人="王建军", 想说明的事="坐轮椅")
    hands.rest_too_long(phone)
    press(phone, "下一步：核对")
    hands.enter_code(phone, live_server.url, veteran.phone)
    expect(phone.get_by_label("来办事的人")).to_have_value("王建军")
    expect(phone.get_by_label("想说明的事")).to_have_value("坐轮椅")
    press(phone, "下一步：核对")
    press(phone, "确认预约")
    heading(phone, "预约好了")
    assert Booking.objects.get().contact_name == "王建军"


def test_offline__for_a_moment_while_sending__keeps_the_page_and_books_once(
    phone, live_server, place
):
    to_the_check(phone, live_server.url, place.slots[0])
    phone.context.set_offline(True)
    press(phone, "确认预约")
    sees(phone, "现在没有网络")
    heading(phone, "请核对一遍")
    phone.context.set_offline(False)
    press(phone, "确认预约")
    heading(phone, "预约好了")
    assert Booking.objects.count() == 1

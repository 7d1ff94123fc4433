"""A full day: somebody waits on a phone, another one cancels, the place is held and taken."""

import pytest
from django.urls import reverse

from services.actions import bookings, waiting
from services.actions.bookings import Contact
from services.models import WaitingEntry
from tests.browser import checks, hands, village
from tests.browser.hands import follow, heading, press, sees
from tests.factories.accounts import UserFactory
from tests.services.booking_scene import take, with_rules
from tests.services.waiting_scene import join

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place():
    """One full slot two days ahead, and an old man without a phone who waits for it first."""
    place = village.build()
    (place.slot,) = village.slots(place, days=(2,), hours=(10,), capacity=1)
    place.booked = take(with_rules(place.slot), UserFactory())
    place.clerk = village.staff(place.village)
    place.old = join(place.slot, place.clerk, contact=Contact("赵老伯"), on_behalf=True)
    return place


def test_waiting__full_slot_to_a_confirmed_booking__on_a_phone_and_at_the_desk(
    browser, live_server, place
):
    base = live_server.url
    with hands.page_of(browser, hands.PHONE) as phone:
        hands.sign_in_at_once(phone, base, UserFactory(name="王建国"))
        get_on_the_list(phone, base, place)
        with hands.page_of(browser, hands.DESKTOP) as desk:
            hands.sign_in_at_once(desk, base, place.clerk)
            clerk_looks_and_calls(desk, base, place)
        take_the_place(phone, base)
    entry = WaitingEntry.objects.get(contact_name="王建国")
    assert (entry.state, entry.booking.state) == ("TAKEN", "CONFIRMED")


def get_on_the_list(phone, base, place):
    phone.goto(f"{base}/offerings/{place.offering.pk}/slots/")
    sees(phone, "这一天已经约满")
    checks.assert_stands(phone)
    follow(phone, "候补这一天")
    heading(phone, "候补")
    sees(phone, "已有1人在等")
    checks.assert_stands(phone)
    press(phone, "加入候补")
    sees(phone, "已加入候补", "您前面还有1人")
    checks.assert_stands(phone)


def clerk_looks_and_calls(desk, base, place):
    """The booked one cancels; the old man is called, does not want it, and it passes on."""
    booked = place.booked
    bookings.cancel(booking=booked, by=booked.by, reason="时间不便")
    desk.goto(f"{base}/desk/waiting/")
    checks.assert_stands(desk)
    desk.get_by_role("main").locator("tbody a").first.click()
    sees(desk, "赵老伯", "请打电话告知", "王建国")
    checks.assert_stands(desk)
    desk.get_by_role("button", name="不要，让给下一位").click()
    sees(desk, "名额已让给下一位", "已发消息")


def take_the_place(phone, base):
    phone.goto(base + reverse("accounts:inbox"))
    sees(phone, "有名额了，请确认")
    phone.goto(f"{base}/me/bookings/")
    sees(phone, "等您确认的名额", "为您保留到")
    checks.assert_stands(phone)
    phone.get_by_role("button", name="就约这个时间").click()
    heading(phone, "预约好了")
    checks.assert_stands(phone)
    assert waiting.expire() == 0

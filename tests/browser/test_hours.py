"""A station shuts for a day: the clerk sees whom it hits, the booked confirm another time."""

import pytest

from services.enums import BookingState
from services.models import Booking
from tests.browser import hands, village
from tests.browser.checks import assert_stands
from tests.browser.hands import press, sees
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_closed_day__the_booked__are_held_another_time_and_take_it(browser, live_server):
    place = village.build()
    first, *others = village.slots(place)
    citizen = UserFactory()
    first.taken = 1
    first.save()
    lost = BookingFactory(slot=first, by=citizen)
    with hands.page_of(browser, hands.DESKTOP) as page:
        hands.sign_in_at_once(page, live_server.url, village.staff(place.village))
        page.goto(f"{live_server.url}/desk/hours/{place.village.code}/")
        assert_stands(page)
        hands.follow(page, "停止服务几天")
        page.get_by_label("第一天").fill(first.day.isoformat())
        page.get_by_label("原因").fill("停电检修")
        assert_stands(page)
        press(page, "看看影响哪些预约")
        sees(page, "其中有1个预约")
        assert_stands(page)
        press(page, "确定")
        sees(page, "已告知1个预约")
    lost.refresh_from_db()
    assert lost.state == BookingState.CANCELLED
    with hands.page_of(browser, hands.PHONE) as page:
        hands.sign_in_at_once(page, live_server.url, citizen)
        page.goto(f"{live_server.url}/me/bookings/")
        sees(page, "等您确认的名额")
        assert_stands(page)
        page.get_by_role("button", name="就约这个时间").click()
        sees(page, "预约好了")
    taken = Booking.objects.get(state=BookingState.CONFIRMED)
    assert (taken.by, taken.slot) == (
        citizen,
        next(each for each in others if each.day != first.day),
    )

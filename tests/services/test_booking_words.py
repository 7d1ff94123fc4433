"""What is said about a booking is true: of a closed day, of who was told, of whom it is for."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Message
from services.actions import bookings
from services.actions.bookings import Contact
from services.enums import CancelledAs
from services.models import Slot
from tests.factories.accounts import UserFactory
from tests.factories.bookings import SlotFactory
from tests.factories.network import PostingFactory
from tests.factories.persons import PersonFactory
from tests.factories.proxies import ProxyFactory
from tests.services.booking_scene import take

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot():
    return SlotFactory(capacity=3)


@pytest.fixture
def clerk(client, slot):
    user = PostingFactory(station=slot.offering.station).user
    client.force_login(user)
    return user


def test_slots__closed_day__says_so_and_why(client, slot):
    Slot.objects.update(closed_at=timezone.now(), closed_reason="全市停电检修")
    page = client.get(reverse("services:book_slots", args=[slot.offering_id])).content.decode()
    assert "停办" in page
    assert "全市停电检修" in page
    assert "约满" not in page
    assert "有没有人取消" not in page


@pytest.mark.parametrize(
    ("phone", "words"), [(None, "请当面或打电话告知"), ("13812345678", "已告知对方")]
)
def test_act__cancelled_at_the_desk__says_whether_anybody_was_told(
    client, clerk, slot, phone, words
):
    contact = Contact("王建国", phone)
    booking = take(slot, clerk, contact=contact, on_behalf=True)
    address = reverse("services:desk_booking_act", args=[booking.code, "cancel"])
    page = client.post(address, {"reason": "停电"}, follow=True).content.decode()
    assert words in page


@pytest.fixture
def proxy():
    return ProxyFactory(person=PersonFactory(name="赵国良"), agent_name="何梅")


def bodies(**about):
    return [each.body for each in Message.objects.filter(channel="SMS", **about)]


def test_book__for_another__names_them_and_tells_them_in_their_own_words(slot, proxy):
    take(slot, proxy.agent, person=proxy.person, proxy=proxy)
    (mine,) = bodies(user=proxy.agent)
    (theirs,) = bodies(phone_index=proxy.person.phone_index)
    assert "您已为赵国良预约" in mine
    assert "何梅已为您预约" in theirs


def test_book__for_another_whose_phone_is_the_agents__is_told_once(slot):
    person = PersonFactory()
    agent = UserFactory(phone=person.phone)
    proxy = ProxyFactory(person=person, agent=agent)
    take(slot, agent, person=person, proxy=proxy)
    assert len(bodies()) == 1


def test_book__for_oneself__is_told_once_as_before(slot):
    take(slot, UserFactory())
    (mine,) = bodies()
    assert mine.startswith("您已预约")


def test_confirmation__for_another__names_them(client, slot, proxy):
    booking = take(slot, proxy.agent, person=proxy.person, proxy=proxy)
    client.force_login(proxy.agent)
    page = client.get(f"{booking.get_absolute_url()}?new=1").content.decode()
    assert "您已为赵国良预约" in page


def test_cancel_and_move__for_another__are_told_to_both(slot, proxy):
    booking = take(slot, proxy.agent, person=proxy.person, proxy=proxy)
    other = SlotFactory(offering=slot.offering, starts_at=slot.starts_at + timedelta(days=1))
    booking = bookings.move(
        booking=booking, to=Slot.objects.with_rules().get(pk=other.pk), by=proxy.agent
    )
    assert "赵国良的预约已改为" in "".join(bodies(user=proxy.agent))
    assert "您的预约已改为" in "".join(bodies(phone_index=proxy.person.phone_index))
    bookings.cancel(booking=booking, by=proxy.agent, reason="来不了", as_=CancelledAs.CITIZEN)
    assert "您已取消赵国良" in "".join(bodies(user=proxy.agent))
    assert "何梅已取消您" in "".join(bodies(phone_index=proxy.person.phone_index))

"""What the desk shows of a booking's contact, and what it asks to tell by phone."""

import pytest
from django.urls import reverse

from accounts.enums import Channel, MessageState
from accounts.messages import tell
from accounts.models import AuditEntry, Message
from tests.factories.bookings import BookingFactory, SlotFactory
from tests.factories.network import PostingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot():
    return SlotFactory(capacity=3)


@pytest.fixture
def clerk(client, slot):
    user = PostingFactory(station=slot.offering.station).user
    client.force_login(user)
    return user


def test_detail__phone__is_masked_until_a_reason_is_given(client, clerk, slot):
    booking = BookingFactory(slot=slot, contact_phone="13812345678")
    address = reverse("services:desk_booking", args=[booking.code])
    assert "13812345678" not in client.get(address).content.decode()
    show = reverse("services:desk_booking_act", args=[booking.code, "phone"])
    assert "13812345678" not in client.post(show, {"reason": ""}, follow=True).content.decode()
    assert "13812345678" in client.post(show, {"reason": "通知改时间"}).content.decode()
    shown = AuditEntry.objects.get(act="services.booking_phone_shown")
    assert (shown.actor, shown.detail) == (clerk, {"reason": "通知改时间"})


def test_detail__message_nobody_can_confirm__asks_to_tell_by_phone(client, clerk, slot):
    booking = BookingFactory(slot=slot, contact_phone="13812345678")
    address = reverse("services:desk_booking", args=[booking.code])
    tell(phone="13812345678", kind="services.test", title="预约已改", body="改", about=booking)
    assert "未能确认是否送达" not in client.get(address).content.decode()
    Message.objects.filter(channel=Channel.SMS).update(state=MessageState.UNCONFIRMED)
    page = client.get(address).content.decode()
    assert "未能确认是否送达" in page
    assert "预约已改" in page

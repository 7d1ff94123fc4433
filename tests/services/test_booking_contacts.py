"""Who comes and who is told: a typed contact is checked, and gets no SMS from a stranger."""

import json

import pytest
from django.urls import reverse

from accounts.models import Message
from services.actions import bookings
from services.actions.bookings import Contact
from services.enums import Role
from services.models import Booking, Slot
from tests.factories.accounts import UserFactory
from tests.factories.bookings import SlotFactory
from tests.factories.network import PostingFactory
from tests.factories.persons import PersonFactory

pytestmark = pytest.mark.django_db
STRANGERS = "13812345678"
LETTERS_ONLY = "姓名只能是汉字或字母，少数民族姓名中间用“·”。"
ODD_NAMES = [
    ("王😀国", LETTERS_ONLY),
    ("王\u202e建国", LETTERS_ONLY),
    ("王\u200b建国", LETTERS_ONLY),
    ("<b>王建国</b>", LETTERS_ONLY),
    ("王", "姓名只有1个字，请填写完整的姓名。"),
    ("㍿" * 40, "姓名最多50个字，请核对。"),
]


@pytest.fixture
def slot():
    return Slot.objects.with_rules().get(pk=SlotFactory(capacity=3).pk)


@pytest.fixture
def citizen():
    return UserFactory()


@pytest.fixture
def clerk(slot):
    return PostingFactory(station=slot.offering.station, role=Role.CLERK).user


def typed(**more):
    return {
        "heads": "1",
        "contact_name": "王建国",
        "contact_phone": STRANGERS,
        "client_key": "abcdefgh12345678",
        "step": "book",
    } | more


def texts():
    return [message.phone for message in Message.objects.filter(channel="SMS")]


@pytest.mark.parametrize(("name", "sentence"), ODD_NAMES)
def test_contact_name__odd__is_refused_on_the_citizens_page(client, citizen, slot, name, sentence):
    client.force_login(citizen)
    page = client.post(reverse("services:book", args=[slot.pk]), typed(contact_name=name))
    assert sentence in page.content.decode()
    assert not Booking.objects.exists()


@pytest.mark.parametrize(("name", "sentence"), ODD_NAMES)
def test_contact_name__odd__is_refused_at_the_desk(client, clerk, slot, name, sentence):
    client.force_login(clerk)
    address = f"{reverse('services:desk_book')}?slot={slot.pk}"
    page = client.post(address, typed(slot=slot.pk, contact_name=name))
    assert sentence in page.content.decode()
    assert not Booking.objects.exists()


@pytest.mark.parametrize(("name", "sentence"), ODD_NAMES)
def test_contact_name__odd__is_a_400_of_the_api(client, citizen, slot, name, sentence):
    client.force_login(citizen)
    body = {"slot": slot.pk, "client_key": "key-0001", "contact": {"name": name}}
    answer = client.post("/api/v1/bookings/", json.dumps(body), content_type="application/json")
    assert answer.status_code == 400
    assert "contact" in answer.json()["errors"]
    assert sentence in answer.content.decode()
    assert not Booking.objects.exists()


def test_contact_name__of_a_minority__is_kept_in_one_form(client, citizen, slot):
    client.force_login(citizen)
    client.post(reverse("services:book", args=[slot.pk]), typed(contact_name=" 买买提•艾力 "))
    assert Booking.objects.get().contact_name == "买买提·艾力"


def test_sms__booked_by_a_citizen__never_goes_to_the_phone_typed(slot, citizen):
    contact = Contact("王建国", STRANGERS)
    booking = bookings.book(slot=slot, heads=1, by=citizen, client_key="k1", contact=contact)
    bookings.cancel(booking=booking, by=citizen, reason="时间不便")
    assert texts() == [citizen.phone, citizen.phone]
    assert booking.contact_phone == STRANGERS


def test_sms__booked_by_an_account_without_a_verified_phone__is_not_sent(slot):
    user = UserFactory(phone_verified_at=None)
    contact = Contact("王建国", STRANGERS)
    bookings.book(slot=slot, heads=1, by=user, client_key="k1", contact=contact)
    assert Message.objects.get().channel == "INBOX"


def test_sms__booked_for_the_own_file__goes_to_the_phone_of_the_file(slot, citizen):
    person = PersonFactory(account=citizen)
    bookings.book(slot=slot, heads=1, by=citizen, client_key="k1", person=person)
    assert texts() == [person.phone]


def test_sms__booked_by_staff_for_who_stands_there__goes_to_the_contacts_phone(slot, clerk):
    contact = Contact("李大爷", STRANGERS)
    bookings.book(slot=slot, heads=1, by=clerk, client_key="k1", contact=contact, on_behalf=True)
    assert texts() == [STRANGERS]

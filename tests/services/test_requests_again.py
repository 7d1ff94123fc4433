"""Self-registration sent twice, and the name that an account takes from its file."""

import threading
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Message
from services.actions import requests as acts
from services.enums import IdentityCategory
from services.models import RegistrationRequest
from services.views.me import file as pages
from tests.factories.accounts import UserFactory
from tests.factories.network import StationFactory
from tests.factories.persons import PersonFactory, RegistrationRequestFactory, id_number
from tests.factories.staff import clerk_at

pytestmark = pytest.mark.django_db
NUMBER = id_number(41, date(1966, 5, 4))
TYPED = {
    "name": "周长河",
    "id_number": NUMBER,
    "address": "幸福路9号",
    "categories": [IdentityCategory.DISCHARGED_SOLDIER],
    "enlisted_on": "1984-10-01",
    "discharged_on": "1988-12-01",
    "send": "1",
}


@pytest.fixture
def village():
    return StationFactory()


@pytest.fixture
def citizen(client):
    user = UserFactory(name="")
    client.force_login(user)
    return user


@pytest.fixture
def _second_tap(monkeypatch):
    """Both sendings passed the first look before either was written."""
    monkeypatch.setattr(pages, "_refusal", lambda user: None)


def send(client, village, **changes):
    return client.post(reverse("services:register", args=[village.code]), TYPED | changes)


@pytest.mark.usefixtures("_second_tap")
def test_form__sent_twice__leads_to_the_request_that_stands(client, citizen, village):
    for _ in range(2):
        assert send(client, village).url == reverse("services:my_file")
    assert RegistrationRequest.objects.count() == 1
    assert Message.objects.inbox_of(citizen).count() == 1
    assert f"登记申请已送到{village.name}。" in client.get(reverse("services:my_file")).text


@pytest.mark.usefixtures("_second_tap")
def test_form__sent_twice_for_the_person_on_file__leads_to_the_file(client, citizen, village):
    PersonFactory(station=village, name="周长河", id_number=NUMBER, phone=citizen.phone)
    for _ in range(2):
        assert send(client, village).url == reverse("services:my_file")


@pytest.mark.usefixtures("_second_tap")
@pytest.mark.parametrize(
    "change",
    [
        {"name": "周长江"},
        {"id_number": id_number(42, date(1966, 5, 4))},
        {"address": "幸福路10号"},
        {"categories": [IdentityCategory.MARTYR_FAMILY]},
        {"discharged_on": ""},
        {"note": "请来电"},
    ],
)
def test_form__sent_again_with_other_content__says_that_one_waits(client, citizen, village, change):
    send(client, village)
    page = send(client, village, **change)
    assert page.status_code == 200
    assert "您已有一份登记申请正在核对" in page.text


@pytest.mark.usefixtures("_second_tap")
def test_form__sent_for_another_number_by_the_holder_of_a_file__says_so(client, citizen, village):
    PersonFactory(station=village, account=citizen)
    assert "您已经建档" in send(client, village).text


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_form__sent_six_times_at_once__leads_six_times_to_one_request():
    village, user = StationFactory(), UserFactory()
    clients = [Client() for _ in range(6)]
    for client in clients:
        client.force_login(user)
    gate, answers = threading.Barrier(6), []

    def tap(client):
        try:
            gate.wait(10)
            answers.append(send(client, village).status_code)
        finally:
            connection.close()

    taps = [threading.Thread(target=tap, args=[client]) for client in clients]
    for each in taps:
        each.start()
    for each in taps:
        each.join(30)
    assert answers == [302] * 6
    assert RegistrationRequest.objects.count() == 1


# --- the name ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "after"), [("", "周长河"), ("老周", "老周")])
def test_name__of_an_account_that_claims_a_file__is_taken_when_empty(village, before, after):
    user = UserFactory(name=before)
    PersonFactory(station=village, name="周长河", id_number=NUMBER, phone=user.phone)
    acts.register(
        user=user, station=village, name="周长河", id_number=NUMBER, address="",
        division=village.division, categories=[IdentityCategory.DISCHARGED_SOLDIER],
    )  # fmt: skip
    user.refresh_from_db()
    assert user.name == after


@pytest.mark.parametrize("on_file", [True, False])
@pytest.mark.parametrize(("before", "after"), [("", "周长河"), ("老周", "老周")])
def test_name__of_an_account_linked_by_a_clerk__is_taken_when_empty(
    village, on_file, before, after
):
    user = UserFactory(name=before)
    asked = RegistrationRequestFactory(user=user, station=village, name="周长河")
    if on_file:
        PersonFactory(station=village, name="周长河", id_number=asked.id_number)
    acts.confirm(asked=asked, by=clerk_at(village))
    user.refresh_from_db()
    assert user.name == after

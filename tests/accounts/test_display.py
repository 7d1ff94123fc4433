import pytest
from django.urls import reverse

from tests.accounts.doors import by_phone
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def switch(client, **data):
    return client.post(reverse("accounts:display"), data)


@pytest.mark.parametrize(
    "name, cookie", [("senior", "portal_senior"), ("contrast", "portal_contrast")]
)
def test_switch__by_a_visitor__stays_on_the_device(client, name, cookie):
    answer = switch(client, **{name: "1", "next": "/accounts/login/"})
    assert answer["Location"] == "/accounts/login/"
    assert client.cookies[cookie].value == "1"
    assert name in client.get("/accounts/login/").content.decode().split("<body")[0]
    switch(client, **{name: "0"})
    assert client.cookies[cookie].value == "0"


def test_switch__by_a_person__stays_with_the_person(client):
    user = UserFactory()
    client.force_login(user)
    switch(client, senior="1")
    user.refresh_from_db()
    assert (user.senior_mode, user.high_contrast) == (True, False)
    switch(client, contrast="1")
    switch(client, senior="0")
    user.refresh_from_db()
    assert (user.senior_mode, user.high_contrast) == (False, True)


def test_switch__before_signing_in__stays_with_the_person(client):
    user = UserFactory(phone="19900000077")
    switch(client, senior="1")
    by_phone(client, user.phone)
    user.refresh_from_db()
    assert (user.senior_mode, user.high_contrast) == (True, False)


@pytest.mark.parametrize(
    "data", [{"next": "https://evil.example/"}, {"next": "//evil.example"}, {"senior": "x"}]
)
def test_switch__with_nonsense__changes_nothing_and_stays_here(client, data):
    assert switch(client, **data)["Location"] == "/"
    assert "portal_senior" not in client.cookies


def test_switch__by_get__is_refused(client):
    assert client.get(reverse("accounts:display")).status_code == 405

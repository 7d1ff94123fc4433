"""Idle and absolute limits, one session for staff, and forms that survive a time-out."""

import pytest
from django.urls import reverse

from accounts.models import KeptForm, Session, User
from tests.accounts.doors import by_number, by_phone, whole_table
from tests.factories.accounts import UserFactory
from tests.pages import StrictClient

pytestmark = pytest.mark.django_db
PHONE = "19900000077"
PERSONAL = "/me/security/"


@pytest.fixture
def citizen(client):
    user = UserFactory(phone=PHONE)
    by_phone(client, PHONE)
    return user


@pytest.fixture
def clerk(client):
    user = UserFactory(staff=True, staff_number="JY0231")
    by_number(client, "JY0231")
    return user


@pytest.fixture
def system(client):
    user = UserFactory(administrator=True, staff_number="GL0001")
    by_number(client, "GL0001")
    return user


@pytest.mark.parametrize("who, minutes", [("clerk", 15), ("citizen", 30)])
def test_session__idle_up_to_its_limit__goes_on_and_then_ends(client, request, clock, who, minutes):
    request.getfixturevalue(who)
    clock.forward(minutes=minutes, seconds=-20)
    assert client.get(PERSONAL).status_code == 200
    clock.forward(minutes=minutes, seconds=1)
    response = client.get(PERSONAL, follow=True)
    assert response.redirect_chain[-1][0] == f"/accounts/login/?next={PERSONAL}"
    assert f"您有{minutes}分钟没有操作" in response.content.decode()


def test_session__busy_for_eight_hours__ends_all_the_same(client, citizen, clock):
    for _ in range(23):
        clock.forward(minutes=20)
        assert client.get(PERSONAL).status_code == 200
    clock.forward(minutes=21)
    assert "已满8小时" in client.get(PERSONAL, follow=True).content.decode()
    assert not Session.objects.filter(user=citizen).exists()


def test_session__extended_by_the_warning__goes_on(client, clerk, clock):
    clock.forward(minutes=14)
    assert client.get(reverse("accounts:extend")).status_code == 204
    clock.forward(minutes=14)
    assert client.get(PERSONAL).status_code == 200


def test_session__whose_page_only_polls__is_idle(client, clerk, clock):
    from tests.factories.accounts import JobFactory

    job = JobFactory(owner=clerk)
    for _ in range(3):
        clock.forward(minutes=6)
        client.get(reverse("accounts:job", args=[job.pk]))
    assert client.get(PERSONAL).status_code == 302


def test_staff__signing_in_elsewhere__ends_the_older_session_with_a_reason(client, clerk):
    newer = StrictClient()
    by_number(newer, "JY0231")
    assert "刚在另一处登录" in client.get(PERSONAL, follow=True).content.decode()
    assert newer.get(PERSONAL).status_code == 200
    assert Session.objects.filter(user=clerk).count() == 1


def test_citizen__signing_in_elsewhere__keeps_both_and_may_end_the_other(client, citizen):
    phone = StrictClient(headers={"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger"})
    by_phone(phone, PHONE)
    page = client.get(PERSONAL).content.decode()
    assert "手机上的微信" in page
    client.post(reverse("accounts:end_others"))
    assert client.get(PERSONAL).status_code == 200
    assert phone.get(PERSONAL).status_code == 302


def test_signing_out__with_the_session_over__asks_for_no_sign_in(client, citizen, clock):
    clock.forward(minutes=31)
    assert client.post(reverse("account_logout"))["Location"] == "/"
    assert not KeptForm.objects.exists()


def test_personal_pages__are_stored_by_no_browser(client, citizen):
    assert "no-store" in client.get(PERSONAL)["Cache-Control"]
    assert "no-store" in client.get(reverse("accounts:extend"))["Cache-Control"]


def test_session_under_a_retired_key__is_simply_over(client, citizen, settings):
    settings.CRYPTO_KEYS = {"t2": settings.CRYPTO_KEYS["t2"]}
    settings.CRYPTO_KEY_ID = "t2"
    assert "_auth_user_id" not in client.session


# --- forms over a time-out -------------------------------------------------------------------

TYPED = {"kind": "ADMINISTRATOR", "name": "<b>陆 春华</b>", "staff_number": "JY0999"}


def send(client, data=None, **headers):
    headers = {"HTTP_REFERER": "http://testserver/staff/new/"} | headers
    return client.post(reverse("accounts:new_account"), data or TYPED, **headers)


def test_form__sent_after_the_session_ended__comes_back_filled_in(client, system, clock):
    clock.forward(minutes=16)
    answer = send(client)
    assert answer["Location"] == "/accounts/login/?next=/staff/new/"
    assert not User.objects.filter(staff_number="JY0999").exists()
    back = by_number(client, "GL0001", next="/staff/new/")
    page = client.get(back["Location"]).content.decode()
    assert 'value="&lt;b&gt;陆 春华&lt;/b&gt;"' in page
    assert 'value="JY0999"' in page
    assert "checked" in page.split('value="ADMINISTRATOR"')[1].split(">")[0]
    assert "checked" not in page.split('value="STAFF"')[1].split(">")[0]
    assert "已放回表单" in page
    assert send(client).status_code == 200
    assert User.objects.filter(staff_number="JY0999").exists()
    assert not KeptForm.objects.exists()
    assert 'value="JY0999"' not in client.get("/staff/new/").content.decode()


def test_form__sent_in_time__is_not_kept(client, system):
    assert send(client).status_code == 200
    assert not KeptForm.objects.exists()


def test_kept_form__holds_no_password_and_nothing_in_clear(client, system, clock):
    clock.forward(minutes=16)
    send(client, TYPED | {"old_password": "Secret-1234", "csrfmiddlewaretoken": "t0ken"})
    stored = whole_table(KeptForm._meta.db_table)
    assert "JY0999" not in stored
    content = KeptForm.objects.get().content
    assert "JY0999" in content
    assert "Secret-1234" not in content
    assert "t0ken" not in content


def test_kept_form__of_somebody_else__is_dropped(client, system, clock):
    clock.forward(minutes=16)
    send(client)
    UserFactory(administrator=True, staff_number="GL0009")
    by_number(client, "GL0009")
    assert "JY0999" not in client.get("/staff/new/").content.decode()
    assert not KeptForm.objects.exists()


def test_kept_form__after_its_hour__is_gone(client, system, clock):
    from accounts import kept_forms

    clock.forward(minutes=16)
    send(client)
    clock.forward(minutes=61)
    by_number(client, "GL0001")
    assert "JY0999" not in client.get("/staff/new/").content.decode()
    assert kept_forms.forget_old() == 1


def test_form__sent_long_after_the_session_ran_out__comes_back_too(client, system, clock):
    clock.forward(hours=9)
    send(client)
    by_number(client, "GL0001")
    assert 'value="JY0999"' in client.get("/staff/new/").content.decode()


def test_form__sent_from_another_tab_after_the_end_was_told__comes_back_too(client, system, clock):
    clock.forward(minutes=16)
    client.get(PERSONAL)
    send(client)
    by_number(client, "GL0001")
    assert 'value="JY0999"' in client.get("/staff/new/").content.decode()


def test_form__another_sent_while_one_waits__takes_its_place(client, system, clock):
    clock.forward(minutes=16)
    send(client)
    send(client, TYPED | {"staff_number": "JY0888"})
    assert "JY0888" in KeptForm.objects.get().content


def test_form__of_an_unknown_session__is_not_kept(client, system):
    Session.objects.all().delete()
    assert send(client)["Location"].startswith("/accounts/login/")
    assert not KeptForm.objects.exists()
    by_number(client, "GL0001")
    assert 'value="JY0999"' not in client.get("/staff/new/").content.decode()


def test_form__of_a_stranger__leaves_neither_form_nor_session(client, db):
    assert send(client)["Location"].startswith("/accounts/login/")
    client.cookies["sessionid"] = "x" * 32
    send(client)
    assert not KeptForm.objects.exists()
    assert not Session.objects.exists()


def test_form__after_signing_out__is_not_kept(client, system):
    client.post(reverse("account_logout"))
    send(client)
    assert not KeptForm.objects.exists()


def test_form__of_a_stranger_with_a_foreign_token__is_not_kept():
    client = StrictClient(enforce_csrf_checks=True)
    assert send(client, HTTP_ORIGIN="http://testserver").status_code == 403
    assert not KeptForm.objects.exists()


def test_form__sent_to_another_address_than_its_page__comes_back_on_its_page(client, system, clock):
    account = UserFactory(staff=True)
    page = reverse("accounts:account", args=[account.pk])
    clock.forward(minutes=16)
    answer = client.post(
        reverse("accounts:account_reset", args=[account.pk]),
        {},
        HTTP_REFERER=f"http://testserver{page}",
    )
    assert answer["Location"] == f"/accounts/login/?next={page}"


def test_form__from_a_foreign_page__leads_to_its_own_address(client, system, clock):
    clock.forward(minutes=16)
    answer = send(client, HTTP_REFERER="https://evil.example/staff/new/")
    assert answer["Location"] == "/accounts/login/?next=/staff/new/"


def test_form__whose_token_is_of_an_earlier_sign_in__is_kept_and_shown_again():
    client = StrictClient(enforce_csrf_checks=True)
    user = UserFactory(administrator=True, staff_number="GL0001")
    client.force_login(user)
    foreign = send(client)
    assert foreign.status_code == 403
    ours = send(client, HTTP_ORIGIN="http://testserver")
    assert ours["Location"] == "/staff/new/"
    page = client.get("/staff/new/").content.decode()
    assert 'value="JY0999"' in page
    assert "请核对后再提交" in page

"""Password rules (domain.md D.1), changing, forced changes, and the person's own account."""

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Message, PasswordRecord, User
from tests.accounts.doors import ask_for_code, by_number, by_phone, enter_code, last_code
from tests.factories.accounts import PASSWORD, UserFactory
from tests.pages import StrictClient

pytestmark = pytest.mark.django_db
PHONE = "19900000077"
PAGE = "/accounts/password/"
NEW = "Canal-Bridge-88"


@pytest.fixture
def citizen(client):
    user = UserFactory(phone=PHONE)
    by_phone(client, PHONE)
    return user


def change(client, new=NEW, old=PASSWORD, again=None):
    return client.post(PAGE, {"old": old, "new": new, "again": again or new})


@pytest.mark.parametrize(
    "password, told",
    [
        ("Ab1-efgh9", "至少要10位，您填了9位"),
        ("abcdefgh1234", "至少三种"),
        ("ABCDEFGH1234", "至少三种"),
        ("Jy0231-Canal", "不能有您的工号"),
        ("Lake-900000-x", "不能有您的手机号"),
        ("Password123", "太常见"),
    ],
)
def test_rules__broken__say_which_in_chinese(password, told):
    user = User(staff_number="JY0231", phone="19900000077")
    with pytest.raises(ValidationError) as refused:
        validate_password(password, user)
    assert told in "".join(refused.value.messages)


@pytest.mark.parametrize("password", [NEW, "太湖之滨Canal88", "taihu_2025!x"])
def test_rules__kept__accept(password):
    validate_password(password, User(staff_number="JY0231", phone="19900000077"))


def test_change__with_the_old_password__works_and_ends_other_sessions(client, citizen):
    other = StrictClient()
    by_phone(other, PHONE)
    assert change(client)["Location"] == reverse("accounts:security")
    assert client.get(reverse("accounts:security")).status_code == 200
    assert other.get(reverse("accounts:security")).status_code == 302
    citizen.refresh_from_db()
    assert citizen.check_password(NEW)
    assert AuditEntry.objects.filter(act="accounts.password_changed", actor=citizen).exists()


def test_change__by_staff__keeps_their_one_session(client):
    UserFactory(staff=True, staff_number="JY0231")
    by_number(client, "JY0231")
    change(client)
    assert client.get(reverse("accounts:security")).status_code == 200


def test_change__with_a_wrong_old_password__is_refused_and_in_the_end_locked(client, citizen):
    assert "现在的密码不对" in change(client, old="Wrong-Pass-1").content.decode()
    for _ in range(4):
        response = change(client, old="Wrong-Pass-1")
    assert response.status_code == 429
    assert change(client).status_code == 429
    citizen.refresh_from_db()
    assert citizen.check_password(PASSWORD)


def test_change__typed_differently_twice__is_refused(client, citizen):
    assert "不一样" in change(client, again="Canal-Bridge-89").content.decode()


def test_change__to_one_of_the_last_five__is_refused(client, citizen):
    passwords = [f"Canal-Bridge-{number}" for number in range(6)]
    before = PASSWORD
    for password in passwords:
        change(client, password, old=before)
        before = password
    assert PasswordRecord.objects.filter(user=citizen).count() == 5
    assert "最近用过" in change(client, passwords[1], old=before).content.decode()
    assert change(client, passwords[0], old=before).status_code == 302


def test_password__set_after_signing_in_by_code__needs_no_old_one(client, clock):
    ask_for_code(client, PHONE)
    enter_code(client, last_code())
    page = client.get(PAGE).content.decode()
    assert "设置密码" in page
    assert "现在的密码" not in page
    client.post(PAGE, {"new": NEW, "again": NEW})
    client.post(reverse("account_logout"))
    by_phone(client, PHONE, NEW)
    assert "_auth_user_id" in client.session
    assert "现在的密码" in client.get(PAGE).content.decode()


def test_forgotten_password__after_a_fresh_code__is_set_anew(client, citizen, clock):
    client.post(reverse("account_logout"))
    ask_for_code(client, PHONE)
    enter_code(client, last_code())
    assert "现在的密码" not in client.get(PAGE).content.decode()
    clock.forward(minutes=16)
    assert "现在的密码" in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "trait, values, forced",
    [
        ({"staff": True}, {"must_change_password": True}, True),
        ({"staff": True}, {"age": 91}, True),
        ({"staff": True}, {"age": 89}, False),
        ({"administrator": True}, {"age": 91}, True),
        ({}, {"age": 400}, False),
    ],
)
def test_due_password__leads_every_page_to_the_change(client, trait, values, forced):
    values = dict(values)
    age = values.pop("age", 0)
    user = UserFactory(**trait, **values, password_changed_at=timezone.now() - timedelta(days=age))
    client.force_login(user)
    answer = client.get(reverse("accounts:security"))
    assert answer.get("Location") == (PAGE if forced else None)
    assert client.get(PAGE).status_code == 200
    assert client.get(reverse("accounts:extend")).status_code == 204
    if forced:
        assert change(client).status_code == 302
        assert client.get(reverse("accounts:security")).status_code == 200


# --- the phone -------------------------------------------------------------------------------


def ask_for_new_phone(client, phone):
    return client.post(reverse("accounts:new_phone"), {"phone": phone})


def confirm_new_phone(client, digits):
    return client.post(reverse("accounts:confirm_new_phone"), {"one_time_code": digits})


def test_new_phone__with_its_code__signs_in_from_now_on_and_the_old_one_is_told(client, citizen):
    ask_for_new_phone(client, "19900000088")
    assert confirm_new_phone(client, last_code())["Location"] == reverse("accounts:security")
    citizen.refresh_from_db()
    assert citizen.phone == "19900000088"
    told = Message.objects.get(kind="accounts.phone_changed")
    assert told.phone == PHONE
    assert "0088" in told.body
    assert AuditEntry.objects.get(act="accounts.phone_changed").detail["to"] == "199****0088"


def test_new_phone__with_a_wrong_code__changes_nothing(client, citizen):
    ask_for_new_phone(client, "19900000088")
    wrong = "000000" if last_code() != "000000" else "111111"
    assert "验证码不对" in confirm_new_phone(client, wrong).content.decode()
    citizen.refresh_from_db()
    assert citizen.phone == PHONE


def test_new_phone__of_another_account__is_told_to_its_holder_alone(client, citizen):
    UserFactory(phone="19900000088")
    assert ask_for_new_phone(client, "19900000088").status_code == 302
    assert "已经有账号" in confirm_new_phone(client, last_code()).content.decode()
    citizen.refresh_from_db()
    assert citizen.phone == PHONE


def test_new_phone__same_as_now__is_explained(client, citizen):
    assert "现在用的手机号" in ask_for_new_phone(client, PHONE).content.decode()


def test_code_for_a_new_phone__does_not_sign_in(client, citizen):
    ask_for_new_phone(client, "19900000088")
    pending, digits = client.session["new_phone"], last_code()
    other = StrictClient()
    session = other.session
    session["sign_in"] = pending | {"next": ""}
    session.save()
    other.cookies["sessionid"] = session.session_key
    assert "已失效" in enter_code(other, digits).content.decode()
    assert "_auth_user_id" not in other.session


def test_new_phone__is_no_page_for_staff(client):
    client.force_login(UserFactory(staff=True))
    assert client.get(reverse("accounts:new_phone")).status_code == 404


def test_security_page__shows_the_phone_masked_and_the_last_sign_ins(client, citizen):
    other = StrictClient()
    by_phone(other, PHONE, "Wrong-Pass-1")
    page = client.get(reverse("accounts:security")).content.decode()
    assert "199****0077" in page
    assert PHONE not in page
    assert "没有登录成" in page
    assert "就是这里" in page

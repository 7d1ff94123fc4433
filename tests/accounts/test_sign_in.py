"""Signing in and up: each way in succeeds and fails from the same set-up."""

from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import codes
from accounts.models import AuditEntry, Message, OneTimeCode, Session, User
from tests.accounts.doors import (
    ask_for_code,
    by_number,
    by_phone,
    enter_code,
    last_code,
    whole_table,
    words,
)
from tests.factories.accounts import PASSWORD, UserFactory
from veterans_portal.errors import DomainError

pytestmark = pytest.mark.django_db
PHONE, UNKNOWN = "19900000077", "19900000078"
CODE_PAGE = "/accounts/login/code/"


@pytest.fixture
def citizen():
    return UserFactory(phone=PHONE)


@pytest.fixture
def clerk():
    return UserFactory(staff=True, staff_number="JY0231")


def is_signed_in(client, user=None):
    found = client.session.get("_auth_user_id")
    return found is not None and (user is None or found == str(user.pk))


# --- by code ---------------------------------------------------------------------------------


def test_code__of_a_known_phone__signs_in_and_is_recorded(client, citizen):
    assert ask_for_code(client, PHONE)["Location"] == CODE_PAGE
    enter_code(client, last_code())
    assert is_signed_in(client, citizen)
    entry = AuditEntry.objects.get(act="accounts.signed_in")
    assert (entry.actor, entry.detail) == (citizen, {"way": "code"})


def test_code__of_an_unknown_phone__makes_the_account_and_welcomes(client):
    ask_for_code(client, UNKNOWN)
    response = enter_code(client, last_code())
    assert response["Location"] == reverse("accounts:welcome")
    user = User.objects.with_phone(UNKNOWN).get()
    assert user.is_citizen
    assert user.phone_verified_at
    assert not user.has_usable_password()
    assert client.get(response["Location"]).status_code == 200


def test_code__wrong__is_refused_with_the_tries_left(client, citizen):
    ask_for_code(client, PHONE)
    wrong = "000000" if last_code() != "000000" else "111111"
    response = enter_code(client, wrong)
    assert "还可以再试2次" in response.content.decode()
    assert not is_signed_in(client)
    assert AuditEntry.objects.get(act="accounts.sign_in_refused").outcome == "REFUSED"


def test_code__three_wrong_tries__spend_it(client, citizen):
    ask_for_code(client, PHONE)
    right = last_code()
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(3):
        response = enter_code(client, wrong)
    assert "输错了三次" in response.content.decode()
    assert "已失效" in enter_code(client, right).content.decode()
    assert not is_signed_in(client)


def test_code__after_five_minutes__is_too_old(client, citizen, clock):
    ask_for_code(client, PHONE)
    clock.forward(minutes=5, seconds=1)
    assert "已失效" in enter_code(client, last_code()).content.decode()
    assert not is_signed_in(client)


def test_code__used_once__opens_no_second_door(client, citizen):
    ask_for_code(client, PHONE)
    digits, pending = last_code(), client.session["sign_in"]
    enter_code(client, digits)
    other = client.__class__()
    session = other.session
    session["sign_in"] = pending
    session.save()
    other.cookies["sessionid"] = session.session_key
    assert "已失效" in enter_code(other, digits).content.decode()
    assert not is_signed_in(other)


def test_code__in_a_browser_that_did_not_ask__is_worth_nothing(client, citizen):
    ask_for_code(client, PHONE)
    stranger = client.__class__()
    assert enter_code(stranger, last_code())["Location"] == reverse("account_login")
    assert not is_signed_in(stranger)


def test_code__of_six_digits__goes_out_by_sms_only_and_not_after_its_time(client, citizen):
    ask_for_code(client, PHONE)
    code = OneTimeCode.objects.get()
    message = citizen.messages.first()
    assert message is None  # nothing in the inbox: the code went to the phone alone
    row = Message.objects.get()
    assert (row.channel, row.phone, row.not_after) == ("SMS", PHONE, code.expires_at)


@pytest.mark.parametrize(
    "limit, asked",
    [
        ("SIGN_IN_CODES_PER_PHONE_AND_HOUR", "手机号"),
        ("SIGN_IN_CODES_PER_ADDRESS_AND_HOUR", "网络"),
    ],
)
def test_codes__too_many__are_refused_until_the_hour_is_over(client, settings, clock, limit, asked):
    setattr(settings, limit, 2)
    for _ in range(2):
        assert ask_for_code(client, PHONE).status_code == 302
        clock.forward(minutes=2)
    refused = ask_for_code(client, PHONE)
    assert (refused.status_code, asked in refused.content.decode()) == (429, True)
    clock.forward(minutes=57)
    assert ask_for_code(client, PHONE).status_code == 302


def test_codes__of_one_day__end(client, settings, clock):
    settings.CODES_PER_DAY = 2
    for _ in range(2):
        ask_for_code(client, PHONE)
        clock.forward(minutes=1, seconds=1)
    assert "请明天再试" in ask_for_code(client, PHONE).content.decode()
    clock.forward(days=1)
    assert ask_for_code(client, PHONE).status_code == 302


def test_codes__twice_within_a_minute__are_refused(client, clock):
    ask_for_code(client, PHONE)
    assert "秒后再获取" in ask_for_code(client, PHONE).content.decode()
    clock.forward(seconds=61)
    client.post(reverse("account_resend_code"))
    assert OneTimeCode.objects.count() == 2


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_code__guessed_many_times_at_once__is_compared_three_times(citizen, settings):
    code = codes.send_code(phone=PHONE, address="127.0.0.1")
    right = last_code()
    wrong = "000000" if right != "000000" else "111111"
    with mock.patch.object(codes.crypto, "same", wraps=codes.crypto.same) as compare:
        assert "opened" not in at_once(10, lambda: use(code, wrong))
    assert compare.call_count == settings.SIGN_IN_CODE_TRIES
    assert use(code, right) == "spent_code"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_code__entered_twice_at_once__opens_one_door(citizen):
    code = codes.send_code(phone=PHONE, address="127.0.0.1")
    right = last_code()
    assert sorted(at_once(3, lambda: use(code, right))) == ["opened", "spent_code", "spent_code"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_codes__asked_for_many_times_at_once__go_out_once():
    def ask():
        try:
            codes.send_code(phone=PHONE, address="127.0.0.1")
        except DomainError as refused:
            return refused.code
        return "sent"

    assert at_once(6, ask).count("sent") == 1
    assert OneTimeCode.objects.count() == 1


def use(code, digits):
    try:
        codes.use_code(code_id=code.pk, digits=digits, purpose=code.purpose)
    except DomainError as refused:
        return refused.code
    return "opened"


def at_once(times, act):
    """Run `act` in so many threads; returns what each answered."""

    def run(_):
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


# --- by password -----------------------------------------------------------------------------


def test_password__of_a_citizen__signs_in(client, citizen):
    by_phone(client, PHONE)
    assert is_signed_in(client, citizen)


def test_password__of_a_clerk__signs_in_whatever_the_case_of_the_number(client, clerk):
    by_number(client, "jy0231 ")
    assert is_signed_in(client, clerk)


@pytest.mark.parametrize(
    "enter, known, unknown", [(by_phone, PHONE, UNKNOWN), (by_number, "JY0231", "JY0232")]
)
def test_password__wrong_or_of_nobody__reads_the_same(
    client, citizen, clerk, enter, known, unknown
):
    wrong = enter(client, known, "Wrong-Pass-1")
    nobody = enter(client, unknown, "Wrong-Pass-1")
    assert wrong.status_code == nobody.status_code == 200
    assert words(wrong, known) == words(nobody, unknown)
    assert "还可以再试4次" in words(wrong)


def test_password__of_nobody__costs_as_many_hashes_and_queries(client, citizen):
    by_phone(client, "19900000099", "warm up")

    def cost(phone):
        with (
            mock.patch.object(
                MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode
            ) as encode,
            CaptureQueriesContext(connection) as queries,
        ):
            by_phone(client, phone, "Wrong-Pass-1")
        return encode.call_count, len(queries)

    assert cost(PHONE) == cost(UNKNOWN)


def test_password__of_an_account_without_one__reads_the_same(client, citizen):
    citizen.set_unusable_password()
    citizen.save()
    assert words(by_phone(client, PHONE), PHONE) == words(by_phone(client, UNKNOWN), UNKNOWN)


def test_staff_phone__never_signs_in(client):
    UserFactory(staff=True, phone=PHONE)
    by_phone(client, PHONE)
    assert not is_signed_in(client)


def test_staff__not_granted_yet__is_told_whom_to_ask_and_only_with_the_right_password(client):
    UserFactory(staff=True, staff_number="JY0300", granted_at=None)
    assert "安全管理员授权" in by_number(client, "JY0300").content.decode()
    assert not is_signed_in(client)
    wrong, nobody = by_number(client, "JY0300", "x"), by_number(client, "JY0301", "x")
    assert "或密码不对" in wrong.content.decode()
    assert wrong.status_code == nobody.status_code


def test_staff__deactivated__cannot_sign_in_and_loses_the_session(client, clerk):
    by_number(client, "JY0231")
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert client.get(reverse("accounts:security")).status_code == 302
    assert "已停用" in by_number(client, "JY0231").content.decode()


# --- signing up ------------------------------------------------------------------------------


def test_signing_up__with_a_phone_that_has_an_account__looks_like_a_new_one(client, citizen):
    known, new = client, client.__class__()
    first = ask_for_code(known, PHONE, page="account_signup")
    digits = last_code()
    second = ask_for_code(new, UNKNOWN, page="account_signup")
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    masked = ("199****0077", "199****0078")
    assert words(known.get(CODE_PAGE), *masked) == words(new.get(CODE_PAGE), *masked)
    enter_code(known, digits)
    assert is_signed_in(known, citizen)
    assert User.objects.with_phone(PHONE).count() == 1


def test_sending_a_code__asks_nothing_about_accounts(client, citizen):
    def statements(phone):
        with CaptureQueriesContext(connection) as queries:
            ask_for_code(client.__class__(), phone)
        return [each["sql"] for each in queries]

    known, unknown = statements(PHONE), statements(UNKNOWN)
    assert len(known) == len(unknown)
    assert not [sql for sql in known if '"accounts_user"' in sql]


@pytest.mark.parametrize(
    "typed, told",
    [
        ("1990000007", "您填了10位"),
        ("", "请填写手机号"),
        ("051085000000", "您填了12位"),
        ("25100000000", "以1开头"),
        ("abc", "不含字母"),
    ],
)
def test_phone__badly_typed__is_explained(client, typed, told):
    assert told in ask_for_code(client, typed).content.decode()


@pytest.mark.parametrize("typed", ["199 0000 0077", "+8619900000077", "１９９０００００077"])
def test_phone__typed_loosely__is_understood(client, typed):
    ask_for_code(client, typed)
    assert OneTimeCode.objects.get().phone == PHONE


# --- what is left behind ---------------------------------------------------------------------


def test_phone_and_code__are_nowhere_in_clear(client):
    page = ask_for_code(client, UNKNOWN, page="account_login", next="/stations/")
    digits = last_code()
    shown = client.get(page["Location"]).content.decode()
    stored = whole_table(Session._meta.db_table) + whole_table(OneTimeCode._meta.db_table)
    enter_code(client, digits)
    client.get(reverse("accounts:security"))
    stored += whole_table(Session._meta.db_table) + whole_table(User._meta.db_table)
    stored += whole_table("accounts_message") + whole_table("accounts_signinlock")
    stored += whole_table("accounts_auditentry")
    assert digits not in shown
    for secret in (UNKNOWN, f'"{digits}"', f"验证码{digits}", UNKNOWN[-8:]):
        assert secret not in stored


def test_session__opened_before_signing_in__is_left_behind(client, citizen):
    ask_for_code(client, PHONE)
    before = client.cookies["sessionid"].value
    enter_code(client, last_code())
    after = client.cookies["sessionid"].value
    assert before != after
    assert not Session.objects.filter(session_key=before).exists()
    assert Session.objects.get(session_key=after).user == citizen
    assert "sign_in" not in client.session


@pytest.mark.parametrize(
    "asked, led",
    [("/me/security/", "/me/security/"), ("https://evil.example/", None), ("//evil.example", None)],
)
def test_next__leads_back_only_to_our_own_pages(client, citizen, asked, led):
    data = {"way": "password", "phone": PHONE, "password": PASSWORD, "next": asked}
    location = client.post(reverse("account_login"), data)["Location"]
    assert location == led if led else "evil" not in location


@pytest.mark.parametrize("asked, way", [("/desk/", "staff"), ("/me/", "code"), ("", "code")])
def test_sign_in_page__opens_the_door_of_the_page_that_asked(client, asked, way):
    assert client.get(reverse("account_login"), {"next": asked}).context["way"] == way


@pytest.mark.parametrize("way", ["code", "password", "staff", "nonsense"])
def test_sign_in_page__shows_two_ways_and_never_a_code(client, way):
    page = client.get(reverse("account_login"), {"way": way}).content.decode()
    assert "公众登录" in page
    assert "工作人员登录" in page


def test_signing_out__removes_the_session_from_the_database(client, citizen):
    by_phone(client, PHONE)
    key = client.session.session_key
    client.post(reverse("account_logout"))
    assert not Session.objects.filter(session_key=key).exists()
    assert AuditEntry.objects.filter(act="accounts.signed_out", actor=citizen).exists()

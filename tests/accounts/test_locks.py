"""Five failures in fifteen minutes lock name and address for thirty (domain.md D.1)."""

import threading
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.actions import locks
from accounts.models import AuditEntry, SignInLock
from tests.accounts.doors import ask_for_code, by_number, by_phone, enter_code, last_code, words
from tests.factories.accounts import UserFactory
from tests.pages import StrictClient

pytestmark = pytest.mark.django_db
PHONE, UNKNOWN = "19900000077", "19900000078"


@pytest.fixture
def citizen():
    return UserFactory(phone=PHONE)


def fail(client, phone, times):
    for _ in range(times):
        response = by_phone(client, phone, "Wrong-Pass-1")
    return response


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_four_failures__then_the_right_password__sign_in_and_start_afresh(client, citizen):
    fail(client, PHONE, 4)
    by_phone(client, PHONE)
    assert is_signed_in(client)
    assert not SignInLock.objects.filter(name_index=locks.name_index(f"phone:{PHONE}")).exists()


def test_five_failures__then_the_right_password__are_locked_out(client, citizen):
    fifth = fail(client, PHONE, 5)
    assert "请30分钟后再试" in fifth.content.decode()
    sixth = by_phone(client, PHONE)
    assert sixth.status_code == 429
    assert "请30分钟后再试" in sixth.content.decode()
    assert "12345" in sixth.content.decode()
    assert not is_signed_in(client)
    assert AuditEntry.objects.filter(act="accounts.locked").count() == 1


def test_lock__of_an_unknown_name__reads_the_same(client, citizen):
    known, unknown = fail(client, PHONE, 5), fail(client, UNKNOWN, 5)
    assert known.status_code == unknown.status_code == 429
    assert words(known, PHONE) == words(unknown, UNKNOWN)


def test_lock__after_thirty_minutes__is_over(client, citizen, clock):
    fail(client, PHONE, 5)
    clock.forward(minutes=29)
    assert "请1分钟后再试" in by_phone(client, PHONE).content.decode()
    clock.forward(minutes=1, seconds=1)
    by_phone(client, PHONE)
    assert is_signed_in(client)


def test_failures__spread_over_more_than_the_window__do_not_lock(client, citizen, clock):
    fail(client, PHONE, 4)
    clock.forward(minutes=15, seconds=1)
    fail(client, PHONE, 4)
    by_phone(client, PHONE)
    assert is_signed_in(client)


def test_lock__holds_for_its_address_alone(client, citizen):
    fail(client, PHONE, 5)
    by_phone(client, PHONE, REMOTE_ADDR="203.0.113.9")
    assert is_signed_in(client)


def test_forwarded_address__counts_only_from_our_proxy(client, citizen, settings):
    for number in range(5):
        by_phone(client, PHONE, "x", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
    assert by_phone(client, PHONE).status_code == 429
    settings.TRUSTED_PROXY_COUNT = 1
    by_phone(client, PHONE, HTTP_X_FORWARDED_FOR="203.0.113.9")
    assert is_signed_in(client)


def test_one_address__failing_under_many_names__is_locked_too(client, citizen, settings):
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 3
    for number in range(3):
        by_phone(client, f"1990000010{number}", "Wrong-Pass-1")
    assert by_phone(client, PHONE).status_code == 429


def test_wrong_codes__count_like_wrong_passwords(client, citizen, clock):
    for _ in range(2):
        ask_for_code(client, PHONE)
        wrong = "000000" if last_code() != "000000" else "111111"
        for _ in range(3):
            response = enter_code(client, wrong)
        clock.forward(minutes=1, seconds=1)
    assert response.status_code == 429
    assert by_phone(client, PHONE).status_code == 429


def test_lock__holds_while_the_cache_is_away(client, citizen):
    away = mock.Mock(side_effect=ConnectionError)
    with mock.patch.multiple(cache, get=away, set=away, add=away, incr=away):
        fail(client, PHONE, 5)
        assert by_phone(client, PHONE).status_code == 429


def test_lock__keeps_no_name_in_clear(client):
    fail(client, UNKNOWN, 1)
    rows = SignInLock.objects.values_list("name_index", "user")
    assert all(UNKNOWN not in index and user is None for index, user in rows)


def test_old_counters__are_forgotten(client, citizen, clock):
    fail(client, PHONE, 5)
    assert locks.forget_old() == 0
    clock.forward(days=1, hours=1)
    assert locks.forget_old() == 2


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_guesses_at_once__compare_no_more_than_five_passwords(citizen, settings):
    compared = []
    check = "accounts.backends.PortalBackend._check_password"

    def guess():
        try:
            by_phone(StrictClient(), PHONE, "Wrong-Pass-1")
        finally:
            connection.close()

    with mock.patch(check, autospec=True, side_effect=lambda *args: compared.append(1)):
        threads = [threading.Thread(target=guess) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(compared) == settings.SIGN_IN_FAILURES
    lock = SignInLock.objects.get(name_index=locks.name_index(f"phone:{PHONE}"))
    assert lock.failures == settings.SIGN_IN_FAILURES
    assert lock.locked_until > timezone.now()


# --- the security administrator's page -------------------------------------------------------


@pytest.fixture
def security():
    client = StrictClient()
    client.force_login(UserFactory(security=True))
    return client


def test_locks_page__lists_without_phones_and_unlocks(client, citizen, security):
    UserFactory(staff=True, staff_number="JY0231", name="陆春华")
    for _ in range(5):
        by_number(client, "JY0231", "x")
    fail(client, PHONE, 5)
    page = security.get(reverse("accounts:locks")).content.decode()
    assert "JY0231" in page
    assert "公众账号" in page
    assert PHONE not in page
    assert PHONE[-4:] not in page
    found = security.post(reverse("accounts:locks"), {"name": PHONE})
    assert [lock.user for lock in found.context["page"]] == [citizen]
    security.post(reverse("accounts:unlock", args=[found.context["page"][0].pk]))
    by_phone(client, PHONE)
    assert is_signed_in(client)
    assert AuditEntry.objects.filter(act="accounts.unlocked", target_id=citizen.pk).exists()


def test_locks_page__search_for_an_unlocked_name__says_so(security):
    found = security.post(reverse("accounts:locks"), {"name": UNKNOWN})
    assert "没有查到锁定" in found.content.decode()


@pytest.mark.parametrize("trait", ["administrator", "auditor", "staff", None])
def test_unlocking__by_anybody_else__is_not_there(client, citizen, trait):
    fail(client, PHONE, 5)
    lock = SignInLock.objects.get(user=citizen)
    client.force_login(UserFactory(**({trait: True} if trait else {})))
    assert client.get(reverse("accounts:locks")).status_code == 404
    assert client.post(reverse("accounts:unlock", args=[lock.pk])).status_code == 404
    assert SignInLock.objects.filter(pk=lock.pk).exists()

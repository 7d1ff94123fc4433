"""Three administrators apart: who creates cannot grant, who grants cannot create (domain.md D.1)."""

import re

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.actions import staff as act
from accounts.enums import AdminRole, UserKind
from accounts.models import AuditEntry, User
from services.perms import scope_of
from tests.accounts.doors import by_number
from tests.factories.accounts import PASSWORD, UserFactory
from tests.pages import StrictClient

pytestmark = pytest.mark.django_db
NEW = {"kind": "STAFF", "name": "陆春华", "staff_number": "JY0999"}


def signed_in(**traits):
    client = StrictClient()
    client.user = UserFactory(**traits)
    client.force_login(client.user)
    return client


@pytest.fixture
def system():
    return signed_in(administrator=True)


@pytest.fixture
def security():
    return signed_in(security=True)


def shown_password(response):
    return re.search(r'class="code">([^<]+)<', response.content.decode())[1]


ROLES = {
    "system": {"administrator": True},
    "security": {"security": True},
    "auditor": {"auditor": True},
    "clerk": {"staff": True},
    "citizen": {},
}
PAGES = {
    "accounts:staff": {"system"},
    "accounts:new_account": {"system"},
    "accounts:locks": {"security"},
    "services:desk_staffing": {"security"},
    "accounts:audit": {"auditor"},
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ROLES)
def test_administrators_page__opens_for_its_one_role(page, role):
    code = signed_in(**ROLES[role]).get(reverse(page)).status_code
    assert code == (200 if role in PAGES[page] else 404)


@pytest.mark.parametrize("role", [AdminRole.SYSTEM, AdminRole.SECURITY, AdminRole.AUDIT])
def test_administrator__whose_grant_is_withdrawn__opens_nothing(role):
    client = signed_in(administrator=True, admin_role=role, granted_at=None)
    assert {client.get(reverse(page)).status_code for page in PAGES} == {404}


@pytest.mark.parametrize("role", ["system", "security", "auditor"])
def test_administrator__has_no_scope_over_persons(role):
    assert not scope_of(UserFactory(**ROLES[role])).postings


def test_new_account__shows_its_password_once_and_waits_for_the_grant(system, security, client):
    shown = system.post(reverse("accounts:new_account"), NEW)
    password = shown_password(shown)
    user = User.objects.get(staff_number="JY0999")
    assert "安全管理员授权" in by_number(client, "JY0999", password).content.decode()
    assert password not in system.get(reverse("accounts:account", args=[user.pk])).content.decode()
    act.grant(user=user, by=security.user)
    by_number(client, "JY0999", password)
    assert client.get(reverse("accounts:security"))["Location"] == "/accounts/password/"
    entry = AuditEntry.objects.get(act="accounts.staff_created")
    assert (entry.actor, entry.target_id) == (system.user, str(user.pk))
    assert password not in str(entry.detail)


@pytest.mark.parametrize(
    "wrong, told",
    [
        ({"staff_number": "jy 1"}, "大写字母和数字"),
        ({"name": ""}, "请填写姓名"),
        ({"kind": "CITIZEN"}, "选"),
        ({"staff_number": "JY0001"}, "已有账号"),
    ],
)
def test_new_account__badly_filled__is_explained(system, wrong, told):
    UserFactory(staff=True, staff_number="JY0001")
    before = User.objects.count()
    assert told in system.post(reverse("accounts:new_account"), NEW | wrong).content.decode()
    assert User.objects.count() == before


def test_reset__gives_a_new_password_that_waits_for_the_security_administrator(
    system, security, client
):
    user = UserFactory(staff=True, staff_number="JY0231")
    by_number(client, "JY0231")
    password = shown_password(system.post(reverse("accounts:account_reset", args=[user.pk])))
    assert client.get(reverse("accounts:security")).status_code == 302  # the session ended
    assert "或密码不对" in by_number(client, "JY0231", PASSWORD).content.decode()
    assert "安全管理员授权" in by_number(client, "JY0231", password).content.decode()
    user.refresh_from_db()
    act.grant(user=user, by=security.user)
    by_number(client, "JY0231", password)
    assert client.get(reverse("accounts:security"))["Location"] == "/accounts/password/"


def test_deactivating__ends_sessions_and_reactivating_waits_for_a_grant(system, client):
    user = UserFactory(staff=True, staff_number="JY0231")
    by_number(client, "JY0231")
    system.post(reverse("accounts:account_switch", args=[user.pk, "off"]))
    assert client.get(reverse("accounts:security")).status_code == 302
    system.post(reverse("accounts:account_switch", args=[user.pk, "on"]))
    user.refresh_from_db()
    assert (user.is_active, user.granted_at) == (True, None)
    acts = set(AuditEntry.objects.about(user).values_list("act", flat=True))
    assert {"accounts.staff_disabled", "accounts.staff_enabled"} <= acts


def test_switch__to_nonsense__is_not_there(system):
    user = UserFactory(staff=True)
    assert system.post(reverse("accounts:account_switch", args=[user.pk, "up"])).status_code == 404


def test_rename__is_recorded(system):
    user = UserFactory(staff=True, name="陆春花")
    system.post(reverse("accounts:account", args=[user.pk]), {"name": "陆春华"})
    user.refresh_from_db()
    assert user.name == "陆春华"
    assert AuditEntry.objects.filter(act="accounts.staff_changed").exists()


@pytest.mark.parametrize("page", ["accounts:account_reset", "accounts:account"])
def test_citizens__are_no_accounts_of_the_system_administrator(system, page):
    citizen = UserFactory()
    assert system.post(reverse(page, args=[citizen.pk])).status_code == 404
    assert str(citizen) not in system.get(reverse("accounts:staff")).content.decode()


@pytest.mark.parametrize("verb", [act.reset_password, act.deactivate])
def test_own_account__is_out_of_the_system_administrators_reach(system, verb):
    with pytest.raises(act.OwnAccountError):
        verb(user=system.user, by=system.user)


def test_last_administrator__of_a_role__stays(system):
    auditor = UserFactory(auditor=True)
    with pytest.raises(act.LastAdministratorError):
        act.deactivate(user=auditor, by=system.user)
    UserFactory(auditor=True)
    act.deactivate(user=auditor, by=system.user)


def test_admin_role__second_one__is_refused(security):
    auditor = UserFactory(auditor=True)
    with pytest.raises(act.DomainError, match="一人只能担任一种"):
        act.grant_admin_role(user=auditor, role=AdminRole.SYSTEM, by=security.user)


def test_admin_role__for_staff_or_for_oneself__is_refused(security):
    with pytest.raises(act.DomainError):
        act.grant_admin_role(user=UserFactory(staff=True), role=AdminRole.AUDIT, by=security.user)
    with pytest.raises(act.OwnAccountError):
        act.grant_admin_role(user=security.user, role=AdminRole.SECURITY, by=security.user)


def test_staff_list__filters_by_state_and_name(system):
    UserFactory(staff=True, name="陆春华", staff_number="JY0001", granted_at=None)
    UserFactory(staff=True, name="沈文斌", staff_number="JY0002")
    url = reverse("accounts:staff")
    waiting = system.get(url, {"state": "waiting"}).context["page"]
    assert [user.staff_number for user in waiting] == ["JY0001"]
    named = system.get(url, {"q": "沈"}).context["page"]
    assert [user.staff_number for user in named] == ["JY0002"]
    assert [user.staff_number for user in system.get(url, {"q": "jy0002"}).context["page"]] == [
        "JY0002"
    ]


def test_create_administrator__makes_the_first_one_who_changes_the_password(client, capsys):
    call_command("create_administrator", role="SECURITY", number="AQ001", name="祝安宁")
    password = re.search(r"临时密码：(\S+)", capsys.readouterr().out)[1]
    by_number(client, "AQ001", password)
    assert client.get(reverse("accounts:locks"))["Location"] == "/accounts/password/"
    assert AuditEntry.objects.filter(act="accounts.admin_role_granted", actor=None).exists()


# --- the database ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "constraint, values",
    [
        (
            "user_citizens_have_phones_others_staff_numbers",
            {"kind": UserKind.CITIZEN, "staff_number": "X0001"},
        ),
        (
            "user_citizens_have_phones_others_staff_numbers",
            {"kind": UserKind.STAFF, "staff_number": None},
        ),
        (
            "user_only_administrators_hold_an_admin_role",
            {"kind": UserKind.STAFF, "staff_number": "X0001", "admin_role": AdminRole.AUDIT},
        ),
    ],
)
def test_user_table__refuses__what_no_account_can_be(constraint, values):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        UserFactory(**{"phone": None} | values)


def test_user_table__refuses__a_phone_without_its_index():
    user = UserFactory()
    with (
        pytest.raises(IntegrityError, match="user_phone_and_index_go_together"),
        transaction.atomic(),
    ):
        User.objects.filter(pk=user.pk).update(phone_index=None)


def test_user_table__refuses__the_same_phone_or_number_twice():
    user, clerk = UserFactory(), UserFactory(staff=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(phone=user.phone)
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(staff=True, staff_number=clerk.staff_number)

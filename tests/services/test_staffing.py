"""Postings in the hands of the security administrator."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, User
from services.actions.staffing import PostingRefusedError, end_posting, grant_posting
from services.enums import Role
from services.models import Posting
from services.perms import scope_of
from tests.accounts.doors import by_number, by_phone
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.network import PostingFactory, StationFactory
from tests.pages import StrictClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def security():
    client = StrictClient()
    client.user = UserFactory(security=True)
    client.force_login(client.user)
    return client


@pytest.fixture
def newcomer():
    return UserFactory(staff=True, staff_number="JY0231", granted_at=None)


@pytest.fixture
def station():
    return StationFactory(town=True)


def page_of(user):
    return reverse("services:desk_staffing_person", args=[user.pk])


def test_granting__lets_a_newcomer_sign_in_with_a_scope(security, newcomer, station, client):
    found = security.get(page_of(newcomer), {"station": station.name})
    assert station.code in found.content.decode()
    url = f"{page_of(newcomer)}?station={station.name}"
    answer = security.post(url, {"station": station.pk, "role": Role.CLERK})
    assert answer["Location"] == page_of(newcomer)
    by_number(client, "JY0231", PASSWORD)
    assert "_auth_user_id" in client.session
    user = User.objects.get(pk=newcomer.pk)
    assert scope_of(user).covers(station.path, Role.CLERK)
    posting = Posting.objects.get()
    assert posting.granted_by == security.user
    entry = AuditEntry.objects.get(act="services.posting_granted")
    assert (entry.actor, entry.station_path) == (security.user, station.path)


def test_granting__to_a_station_that_was_not_found__is_refused(security, newcomer, station):
    answer = security.post(page_of(newcomer), {"station": station.pk, "role": Role.CLERK})
    assert "请从列出的站点里选择" in answer.content.decode()
    assert not Posting.objects.exists()


@pytest.mark.parametrize(
    "traits", [{"administrator": True}, {}, {"staff": True, "is_active": False}]
)
def test_granting__to_others_than_active_staff__is_refused(security, station, traits):
    with pytest.raises(PostingRefusedError):
        grant_posting(
            user=UserFactory(**traits), station=station, role=Role.CLERK, by=security.user
        )


def test_granting__at_a_closed_station_or_twice__is_refused(security, newcomer, station):
    closed = StationFactory(special=True, closed=True)
    with pytest.raises(PostingRefusedError, match="已停用"):
        grant_posting(user=newcomer, station=closed, role=Role.CLERK, by=security.user)
    grant_posting(user=newcomer, station=station, role=Role.CLERK, by=security.user)
    with pytest.raises(PostingRefusedError, match="已有同样的岗位"):
        grant_posting(user=newcomer, station=station, role=Role.CLERK, by=security.user)


def test_ending_the_last_posting__rests_the_account_and_ends_its_sessions(
    security, newcomer, station, client
):
    posting = grant_posting(user=newcomer, station=station, role=Role.CLERK, by=security.user)
    other = grant_posting(user=newcomer, station=station, role=Role.REVIEWER, by=security.user)
    by_number(client, "JY0231")
    security.post(reverse("services:desk_posting_end", args=[posting.pk]))
    assert client.get(reverse("accounts:security")).status_code == 200
    end_posting(posting=other, by=security.user)
    assert client.get(reverse("accounts:security")).status_code == 302
    newcomer.refresh_from_db()
    assert newcomer.granted_at is None
    assert not scope_of(newcomer).postings
    with pytest.raises(PostingRefusedError):
        end_posting(posting=other, by=security.user)


def test_confirming__after_a_reset__lets_the_account_in_again(security, newcomer, station):
    grant_posting(user=newcomer, station=station, role=Role.CLERK, by=security.user)
    User.objects.filter(pk=newcomer.pk).update(granted_at=None)
    assert "等您确认" in security.get(page_of(newcomer)).content.decode()
    security.post(reverse("services:desk_staffing_confirm", args=[newcomer.pk]))
    newcomer.refresh_from_db()
    assert newcomer.granted_at


def test_confirming__without_a_posting__is_refused(security, newcomer):
    security.post(reverse("services:desk_staffing_confirm", args=[newcomer.pk]))
    newcomer.refresh_from_db()
    assert newcomer.granted_at is None


def test_admin_role__granted_and_ended_on_the_page(security):
    auditor = UserFactory(auditor=True)
    new = UserFactory(administrator=True, admin_role=None, granted_at=None)
    assert "AUDIT" in security.get(page_of(new)).content.decode()
    security.post(page_of(new), {"role": "AUDIT"})
    new.refresh_from_db()
    assert (new.admin_role, bool(new.granted_at)) == ("AUDIT", True)
    security.post(reverse("services:desk_end_admin_role", args=[auditor.pk]))
    auditor.refresh_from_db()
    assert (auditor.admin_role, auditor.granted_at) == (None, None)


@pytest.mark.parametrize(
    "traits", [{"administrator": True}, {"auditor": True}, {"staff": True}, {}]
)
def test_staffing__for_everybody_else__is_not_there(client, newcomer, traits):
    posting = PostingFactory()
    client.force_login(UserFactory(**traits))
    assert client.get(reverse("services:desk_staffing")).status_code == 404
    assert client.post(page_of(newcomer), {}).status_code == 404
    for name, pk in [
        ("desk_staffing_confirm", newcomer.pk),
        ("desk_end_admin_role", newcomer.pk),
        ("desk_posting_end", posting.pk),
    ]:
        assert client.post(reverse(f"services:{name}", args=[pk])).status_code == 404


def test_staffing_list__costs_the_same_for_many(security, django_assert_max_num_queries):
    PostingFactory.create_batch(12)
    with django_assert_max_num_queries(8):
        page = security.get(reverse("services:desk_staffing"))
    assert len(page.context["page"]) == 13


@pytest.mark.parametrize(
    "constraint, values",
    [
        ("posting_open_once_per_role", {}),
        (
            "posting_ends_after_it_begins",
            {"role": Role.HEAD, "until": timezone.datetime(2019, 1, 1).date()},
        ),
    ],
)
def test_posting_table__refuses(constraint, values):
    first = PostingFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PostingFactory(
            **{"user": first.user, "station": first.station, "role": first.role} | values
        )


# --- demonstration ---------------------------------------------------------------------------


def test_demo_staff__loaded_twice__is_there_once_and_signs_in(network, settings, client, capsys):
    from services.demo import staff

    staff.load()
    count = User.objects.count(), Posting.objects.count()
    staff.load()
    assert (User.objects.count(), Posting.objects.count()) == count
    assert count == (len(staff.DESKS) + 6, len(staff.DESKS))
    for desk in staff.DESKS:
        user = User.objects.get(staff_number=desk.number)
        assert scope_of(user).holds_at(staff.station_of(desk).path, desk.role)
    by_number(client, "JYC01", settings.DEMO_PASSWORD)
    assert "_auth_user_id" in client.session
    assert client.get(reverse("accounts:security")).status_code == 200
    citizen = StrictClient()
    by_phone(citizen, staff.PHONES[0], settings.DEMO_PASSWORD)
    assert "_auth_user_id" in citizen.session
    call_command("demo_sign_ins")
    table = capsys.readouterr().out
    for number in ("CS001", "JYC01", "GL003", staff.PHONES[2], "/outbox/", settings.DEMO_PASSWORD):
        assert number in table


def test_demo_sign_ins__in_service__are_refused(settings):
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="只在开发环境"):
        call_command("demo_sign_ins")

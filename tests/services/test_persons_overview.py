"""The citizen's first page: with a file, with a request on its way, with neither."""

import pytest
from django.urls import reverse

from accounts.enums import Channel
from accounts.messages import tell
from services.models import RegistrationRequest
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory, SlotFactory
from tests.factories.network import StationFactory
from tests.factories.persons import PersonFactory, RegistrationRequestFactory
from tests.factories.staff import clerk_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def citizen(client):
    user = UserFactory(name="周长河")
    client.force_login(user)
    return user


def overview(client):
    return client.get(reverse("services:me")).content.decode()


def test_overview__of_somebody_new__leads_to_registering_and_to_a_station(client, citizen):
    page = overview(client)
    for words in ("周长河，您好", "去登记", "找我的站", "您还没有预约", "没有未读消息"):
        assert words in page


def test_overview__with_a_file__shows_state_station_and_the_next_appointment(client, citizen):
    station = StationFactory()
    PersonFactory(account=citizen, station=station)
    later = BookingFactory(by=citizen, slot=SlotFactory(offering__station=station))
    page = overview(client)
    for words in ("已建档", station.name, station.phone, later.spoken_code):
        assert words in page
    assert "去登记" not in page


def test_overview__with_a_request__says_who_calls_until_when(client, citizen):
    asked = RegistrationRequestFactory(user=citizen, due_on="2026-12-01")
    page = overview(client)
    assert f"{asked.station.name}会在" in page
    assert "12月1日" in page


def test_overview__with_unread_messages__counts_them(client, citizen):
    tell(to=citizen, kind="test", title="请来领取", body="……", channels=[Channel.INBOX])
    page = overview(client)
    assert "请来领取" in page
    assert "条未读" in page


def test_overview__with_everything__costs_few_queries(
    client, citizen, django_assert_max_num_queries
):
    station = StationFactory()
    PersonFactory(account=citizen, station=station)
    for number in range(3):
        slot = SlotFactory(offering__station=station)
        BookingFactory(by=citizen, slot=slot, once_key=f"k{number}")
        tell(to=citizen, kind="test", title=f"第{number}条", body="……", channels=[Channel.INBOX])
    with django_assert_max_num_queries(12):
        overview(client)


def test_own_file__with_identities_and_a_change__costs_few_queries(
    client, citizen, django_assert_max_num_queries
):
    PersonFactory(account=citizen)
    with django_assert_max_num_queries(7):
        client.get(reverse("services:my_file"))


def test_request_list__of_many__costs_a_fixed_number_of_queries(
    client, django_assert_max_num_queries
):
    station = StationFactory()
    RegistrationRequestFactory.create_batch(20, station=station)
    client.force_login(clerk_at(station))
    with django_assert_max_num_queries(7):
        client.get(reverse("services:desk_requests"))
    asked = RegistrationRequest.objects.first()
    with django_assert_max_num_queries(9):
        client.get(reverse("services:desk_request", args=[asked.pk]))


def test_overview__in_senior_mode__has_six_tiles_of_what_is_done_there(client):
    citizen = UserFactory(senior_mode=True)
    client.force_login(citizen)
    PersonFactory(account=citizen)
    page = overview(client)
    assert page.count('class="tile-title"') == 6
    for words in ("家人代办", "预约办事", "账号安全", "我的数据"):
        assert words in page

"""请帮我办: a name and a number become a message to the nearest station's people."""

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEntry, Message
from services.actions.network import extend_calendar
from services.models import CalendarDay, Station
from tests.factories.network import PostingFactory
from veterans_portal.chinese_dates import day as day_in_words

pytestmark = pytest.mark.django_db

HELP = "/help/"
ASKED = {
    "name": "王老伯",
    "phone": "19900100001",
    "place": "河埒街道溪南社区",
    "matter": "办优待证",
}


def clerk_at(code):
    return PostingFactory(station=Station.objects.get(code=code)).user


def test_help__asked__tells_the_people_of_the_nearest_station(client, network):
    clerk, other = clerk_at("320211001006"), clerk_at("320281001000")
    page = client.post(HELP, ASKED).content.decode()
    assert "溪南社区退役军人服务站" in page
    message = Message.objects.get(user=clerk)
    assert "19900100001" in message.body
    assert "办优待证" in message.body
    assert not Message.objects.filter(user=other).exists()


def test_help__asked__says_by_which_working_day_somebody_calls(client, network):
    extend_calendar()
    clerk_at("320211001006")
    page = client.post(HELP, ASKED).content.decode()
    by = CalendarDay.objects.add_workdays(timezone.localdate(), 1)
    assert day_in_words(by) in page


def test_help__for_a_village_without_staff__goes_to_the_town(client, network):
    clerk = clerk_at("320211001000")
    page = client.post(HELP, ASKED).content.decode()
    assert "河埒街道退役军人服务站" in page
    assert Message.objects.filter(user=clerk).count() == 1


@pytest.mark.parametrize(
    ("place", "answered_by"),
    [("溪南社区", "无锡市退役军人服务中心"), ("月亮湾小区", "无锡市退役军人服务中心")],
)
def test_help__from_a_place_that_leaves_it_open__goes_to_who_covers_it(
    client, network, place, answered_by
):
    clerk_at("320200000000")
    page = client.post(HELP, ASKED | {"place": place}).content.decode()
    assert answered_by in page


def test_help__from_a_stations_page__goes_to_that_station(client, network):
    clerk = clerk_at("320281001000")
    asked = {"name": "李阿姨", "phone": "0510-80001234"}
    client.post(f"{HELP}?station=320281001000", asked)
    assert Message.objects.filter(user=clerk).count() == 1


def test_help__where_nobody_is_posted__says_whom_to_call(client, network):
    page = client.post(HELP, ASKED).content.decode()
    assert "请直接拨打12345" in page
    assert "王老伯" in page  # nothing typed is lost
    assert not AuditEntry.objects.filter(act="services.help_asked").exists()


def test_help__asked_twice_for_one_number__bothers_nobody_twice(client, network):
    clerk = clerk_at("320211001006")
    for _ in range(2):
        assert "已经转给服务站了" in client.post(HELP, ASKED).content.decode()
    assert Message.objects.filter(user=clerk).count() == 1


def test_help__asked_too_often_from_one_address__is_refused_in_words(client, network, settings):
    settings.HELP_REQUESTS_PER_HOUR = 2
    clerk_at("320211001006")
    for number in range(3):
        page = client.post(HELP, ASKED | {"phone": f"1990010000{number}"}).content.decode()
    assert "请过一会儿再留" in page
    assert Message.objects.count() == 2


def test_help__asked__is_in_the_trail_without_the_name_or_number(client, network):
    clerk_at("320211001006")
    client.post(HELP, ASKED)
    entry = AuditEntry.objects.get(act="services.help_asked")
    assert entry.on_behalf_of == "王*伯"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT accounts_auditentry::text, (SELECT string_agg(m::text, '') "
            "FROM accounts_message m) FROM accounts_auditentry"
        )
        stored = str(cursor.fetchall())
    assert "19900100001" not in stored
    assert "王老伯" not in stored


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"phone": "1990010"}, "手机号应为11位数字，您填了7位"),
        ({"phone": "abc"}, "请填写11位手机号，或带区号的座机号"),
        ({"phone": ""}, "请留一个能找到您的电话"),
        ({"name": "\0 "}, "请告诉我们怎么称呼您"),
        ({"place": "长" * 10_000}, "最多120个字"),
        ({"matter": "😀" * 300}, "最多200个字"),
    ],
)
def test_help__with_something_wrong__says_what_to_mend(client, network, wrong, words):
    assert words in client.post(HELP, ASKED | wrong).content.decode()
    assert not Message.objects.exists()


@pytest.mark.parametrize("typed", ["199 0010 0001", "１９９００１００００１", "+86 19900100001"])
def test_help__with_a_number_written_another_way__understands_it(client, network, typed):
    clerk_at("320211001006")
    client.post(HELP, ASKED | {"phone": typed})
    assert "19900100001" in Message.objects.get().body


@pytest.mark.parametrize("code", ["nonsense", "\0", "999999999999"])
def test_help__for_no_station__is_not_found(client, network, code):
    assert client.get(HELP, {"station": code}).status_code == 404

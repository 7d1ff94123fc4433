"""The work desk: due, overdue and waiting, for exactly my station and what lies under it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Channel
from accounts.messages import tell
from services import worklist
from services.enums import BookingState, FileState
from tests.factories.bookings import BookingFactory, SlotFactory
from tests.factories.matters import MatterFactory
from tests.factories.network import DivisionFactory, StationFactory
from tests.factories.persons import PersonFactory, RegistrationRequestFactory
from tests.factories.staff import clerk_at, head_at, reviewer_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def village():
    return StationFactory()


def desk(client, user, **query):
    client.force_login(user)
    return client.get(reverse("services:desk"), query)


def days(count):
    return timezone.localdate() + timedelta(days=count)


def test_desk__of_a_clerk__counts_late_due_and_waiting_of_the_own_station(client, village):
    other = StationFactory(division=DivisionFactory(code="320281101730"))
    for due_on, name in [(days(-2), "甲超期"), (days(0), "乙到期"), (days(3), "丙以后")]:
        RegistrationRequestFactory(station=village, due_on=due_on, name=name)
    RegistrationRequestFactory(station=other, due_on=days(-1), name="别站的")
    page = desk(client, clerk_at(village))
    assert (page.context["late"], page.context["due_today"], page.context["waiting"]) == (1, 1, 3)
    html = page.content.decode()
    assert "别站的" not in html
    assert html.index("甲超期") < html.index("乙到期") < html.index("丙以后")


def test_desk__of_the_town__keeps_own_and_area_apart(client, village):
    clerk = clerk_at(village.parent)
    RegistrationRequestFactory(station=village, due_on=days(1), name="村里的")
    assert "村里的" not in desk(client, clerk).content.decode()
    assert "村里的" in desk(client, clerk, reach="below").content.decode()


def test_desk__of_the_towns_reviewer__lists_what_villages_submitted(client, village):
    PersonFactory(station=village, submitted=True, name="待审的")
    PersonFactory(station=village, name="建好的")
    html = desk(client, reviewer_at(village.parent)).content.decode()
    assert "待审的" in html
    assert "建好的" not in html


def test_desk__of_the_district__leaves_the_towns_reviews_to_the_town(client, village):
    PersonFactory(station=village, submitted=True, name="待审的")
    reviewer = reviewer_at(village.parent.parent)
    assert "待审的" not in desk(client, reviewer).content.decode()
    assert "待审的" in desk(client, reviewer, reach="below").content.decode()


def test_desk__where_districts_file__lists_reviewed_files_for_them(client, village, settings):
    settings.FILES_ENTERED_BY = "DISTRICT"
    PersonFactory(station=village, reviewed=True, name="待建的")
    assert "待建的" in desk(client, reviewer_at(village.parent.parent)).content.decode()
    assert "待建的" not in desk(client, reviewer_at(village.parent)).content.decode()


def test_desk__of_a_clerk__shows_what_came_back(client, village):
    PersonFactory(station=village, draft=True, name="退回的", returned_reason="补照片。")
    PersonFactory(station=village, draft=True, name="采集中的")
    html = desk(client, clerk_at(village)).content.decode()
    assert "退回的" in html
    assert "补照片。" in html
    assert "采集中的" not in html


def test_desk__today__lists_bookings_by_time(client, village):
    start = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    for hours, name in [(2, "晚到的"), (0, "早到的"), (26, "明天的")]:
        at = start + timedelta(hours=hours)
        slot = SlotFactory(
            offering__station=village, starts_at=at, ends_at=at + timedelta(minutes=30)
        )
        BookingFactory(slot=slot, contact_name=name)
    html = desk(client, clerk_at(village)).content.decode()
    assert html.index("早到的") < html.index("晚到的")
    assert "明天的" not in html


def test_desk__with_somebody_to_call_back__says_so_without_the_number(client, village):
    clerk = clerk_at(village)
    tell(
        to=clerk,
        kind="services.help_asked",
        title="有人请服务站回电",
        body="请您回电：19900008765。",
        channels=[Channel.INBOX],
    )
    html = desk(client, clerk).content.decode()
    assert "有人请服务站回电" in html
    assert "19900008765" not in html


def test_desk__with_a_booking_to_agree_to__names_it_at_its_own_station_only(client, village):
    slot = SlotFactory(offering__station=village)
    booking = BookingFactory(slot=slot, state=BookingState.PENDING, contact_name="等答复的")
    html = desk(client, clerk_at(village)).content.decode()
    assert "等待审核的预约" in html
    assert reverse("services:desk_booking", args=[booking.code]) in html
    assert "等待审核的预约" not in desk(client, clerk_at(village.parent)).content.decode()


def test_desk__with_much_to_do__costs_few_queries(client, village, monkeypatch):
    monkeypatch.setattr(worklist, "_sections", [])
    for number in range(12):
        RegistrationRequestFactory(station=village, due_on=days(number - 3))
        PersonFactory(station=village, submitted=True)
    head = head_at(village.parent)
    desk(client, head)
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("services:desk"), {"reach": "below"})
    of_the_frame = re.compile(r'accounts_session|SAVEPOINT|FROM "accounts_user"')
    asked = [each["sql"] for each in captured if not of_the_frame.search(each["sql"])]
    assert len(asked) <= 14, asked


def test_desk__with_a_section_of_another_app__shows_it(client, village, monkeypatch):
    monkeypatch.setattr(worklist, "_sections", [])

    @worklist.register
    def returns(user, *, below):
        item = worklist.Item("六月月报", "填报", "/reports/1/", due=days(-1))
        return worklist.Section("月报", "/reports/", [item], count=1, late=1)

    worklist.register(returns)
    page = desk(client, clerk_at(village))
    assert page.content.decode().count("六月月报") == 1
    assert page.context["late"] == 1


def test_waiting_files__listed_from_the_desk__reach_the_area(client, village):
    PersonFactory(station=village, submitted=True, name="待审的")
    client.force_login(reviewer_at(village.parent.parent))
    address = reverse("services:desk_search")
    page = client.get(address, {"state": FileState.SUBMITTED, "reach": "below"})
    assert "待审的" in page.content.decode()


def test_desk__matters_to_check_and_to_handle__stand_by_their_term(client, village):
    MatterFactory(station=village, applicant_name="待预审", check_by=days(1))
    MatterFactory(station=village, applicant_name="超期的", accepted=True, due_on=days(-3))
    MatterFactory(station=village, applicant_name="等材料", supplement=True)
    MatterFactory(station=village.parent, applicant_name="别站的")
    client.force_login(clerk_at(village))
    page = client.get(reverse("services:desk")).content.decode()
    assert page.index("超期的") < page.index("待预审")
    assert "等材料" not in page
    assert "别站的" not in page

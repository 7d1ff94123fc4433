"""Keeping a station's page, its windows and its place in the network at the desk."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from services.enums import Role
from services.models import ServiceItem, Station, Window
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory, OfferingFactory, SlotFactory
from tests.factories.network import PostingFactory, WindowFactory
from veterans_portal.errors import DomainError

pytestmark = pytest.mark.django_db

VILLAGE, TOWN, DISTRICT, CITY = "320211001006", "320211001000", "320211000000", "320200000000"
ELSEWHERE = "320281001000"
MOST_QUERIES = 20


def at(code):
    return Station.objects.get(code=code)


@pytest.fixture
def sign_in(client, network):
    def as_role(role, code):
        user = PostingFactory(role=role, station=at(code)).user
        client.force_login(user)
        return user

    return as_role


def values(station, **changed):
    """What the edit form posts for a station as it is, with changes."""
    from services.forms.stations import StationForm

    form = StationForm(instance=station)
    posted = {name: form[name].value() for name in form.fields}
    posted |= changed
    return {
        name: value for name, value in posted.items() if value is not None and value is not False
    }


def test_own_station__of_a_clerk__opens_by_the_navigation(client, sign_in):
    sign_in(Role.CLERK, VILLAGE)
    answer = client.get(reverse("services:desk_station"), follow=True)
    assert answer.context["station"].code == VILLAGE


@pytest.mark.parametrize("role", [Role.CLERK, Role.HEAD])
@pytest.mark.parametrize("posted_at", [VILLAGE, TOWN])
def test_station__changed_by_its_people_or_those_above__is_kept_and_in_the_trail(
    client, sign_in, role, posted_at
):
    user = sign_in(role, posted_at)
    edit = reverse("services:desk_station_edit", args=[VILLAGE])
    posted = values(at(VILLAGE), phone="0510-80001234", has_staff="on", model_status="APPLYING")
    page = client.post(edit, posted, follow=True).content.decode()
    station = at(VILLAGE)
    assert (station.phone, station.has_staff, station.model_status) == (
        "0510-80001234",
        True,
        "APPLYING",
    )
    entry = AuditEntry.objects.about(station).get()
    assert entry.actor == user
    assert entry.detail["changes"] == {
        "联系电话": ["", "0510-80001234"],
        "有人员": ["否", "是"],
        "示范型站点": ["未申报", "申报中"],
    }
    assert "0510-80001234" in page
    assert "修改站点资料" in page


def test_station__saved_without_a_change__leaves_no_trace(client, sign_in):
    sign_in(Role.CLERK, VILLAGE)
    client.post(reverse("services:desk_station_edit", args=[VILLAGE]), values(at(VILLAGE)))
    assert not AuditEntry.objects.about(at(VILLAGE)).exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"phone": "13812"}, "手机号应为11位数字，您填了5位"),
        ({"latitude": "31.5"}, "经度和纬度须一起填写"),
        ({"latitude": "200", "longitude": "500"}, "经度和纬度须一起填写"),
        ({"model_status": "NAMED"}, "须填写命名日期"),
        ({"staff_veteran": "9"}, "退役军人人数不应多于工作人员总数"),
        ({"staff_fulltime": "-1"}, "人数不能少于0"),
        ({"staff_fulltime": "9" * 28}, "人数太多了"),
        ({"staff_fulltime": ""}, "没有的请填0"),
        ({"latitude": "东经", "longitude": "120"}, "请填写十进制度数"),
        ({"named_at": "2025-02-29"}, "error-summary"),
        ({"address": "长" * 10_000}, "最多160个字"),
    ],
)
def test_station__changed_to_something_wrong__says_what_and_keeps_the_text(
    client, sign_in, changed, words
):
    sign_in(Role.HEAD, VILLAGE)
    edit = reverse("services:desk_station_edit", args=[VILLAGE])
    page = client.post(edit, values(at(VILLAGE), **changed)).content.decode()
    assert words in page
    assert "违反约束" not in page


def test_station__changed_with_markup__is_shown_as_text(client, sign_in):
    sign_in(Role.HEAD, VILLAGE)
    edit = reverse("services:desk_station_edit", args=[VILLAGE])
    posted = values(at(VILLAGE), address="<b>光荣路</b>\u202e\0 1号")
    page = client.post(edit, posted, follow=True).content.decode()
    assert "&lt;b&gt;光荣路&lt;/b&gt; 1号" in page


@pytest.mark.parametrize(
    ("role", "posted_at"),
    [(Role.REVIEWER, VILLAGE), (Role.CLERK, ELSEWHERE), (Role.HEAD, "320211001003")],
)
def test_station__changed_by_others__is_not_found(client, sign_in, role, posted_at):
    sign_in(role, posted_at)
    edit = reverse("services:desk_station_edit", args=[VILLAGE])
    assert client.get(edit).status_code == 404
    assert client.post(edit, {}).status_code == 404


@pytest.mark.parametrize("name", ["desk_station", "desk_station_edit", "desk_window"])
def test_station_desk__of_another_subtree__is_not_found(client, sign_in, name):
    sign_in(Role.HEAD, ELSEWHERE)
    assert client.get(reverse(f"services:{name}", args=[VILLAGE])).status_code == 404


@pytest.mark.parametrize("name", ["desk_station", "coverage"])
def test_desk__for_a_citizen_or_an_administrator__is_not_found(client, network, name):
    for user in (UserFactory(), UserFactory(administrator=True)):
        client.force_login(user)
        assert client.get(reverse(f"services:{name}")).status_code == 404


def test_window__added_and_changed__is_on_the_public_page(client, sign_in):
    sign_in(Role.CLERK, VILLAGE)
    new = reverse("services:desk_window", args=[VILLAGE])
    client.post(new, {"number": "1", "name": "综合服务窗口", "items": ["policy", "card"]})
    window = Window.objects.get(station=at(VILLAGE))
    assert set(window.items.values_list("pk", flat=True)) == {"policy", "card"}
    change = reverse("services:desk_window", args=[VILLAGE, window.pk])
    client.post(change, {"number": "1", "name": "便民窗口", "items": ["legal"]})
    page = client.get(f"/stations/{VILLAGE}/").content.decode()
    assert "便民窗口" in page
    assert "法律咨询与援助转介" in page
    assert AuditEntry.objects.about(at(VILLAGE)).count() == 2


def test_window__with_a_number_taken__says_so(client, sign_in):
    sign_in(Role.CLERK, VILLAGE)
    WindowFactory(station=at(VILLAGE), number=1)
    new = reverse("services:desk_window", args=[VILLAGE])
    page = client.post(new, {"number": "1", "name": "又一个", "items": ["policy"]}).content.decode()
    assert "这个窗口号已经有了" in page


def test_window__without_matters__says_what_is_missing(client, sign_in):
    sign_in(Role.CLERK, VILLAGE)
    new = reverse("services:desk_window", args=[VILLAGE])
    assert "请至少选一项" in client.post(new, {"number": "1", "name": "甲"}).content.decode()


def test_window__of_another_station__is_not_found(client, sign_in):
    sign_in(Role.CLERK, VILLAGE)
    window = WindowFactory(station=at(ELSEWHERE))
    for name in ("desk_window", "desk_window_remove"):
        assert (
            client.post(reverse(f"services:{name}", args=[VILLAGE, window.pk])).status_code == 404
        )


def test_window__removed__is_gone_unless_something_is_booked_there(client, sign_in):
    sign_in(Role.CLERK, VILLAGE)
    free, used = WindowFactory(station=at(VILLAGE)), WindowFactory(station=at(VILLAGE))
    free.items.add(ServiceItem.objects.first())
    OfferingFactory(station=at(VILLAGE), window=used)
    for window in (free, used):
        client.post(reverse("services:desk_window_remove", args=[VILLAGE, window.pk]))
    assert list(Window.objects.filter(station=at(VILLAGE))) == [used]


def closing(client, code, on=None, reason="与邻近社区合并办公"):
    on = on or timezone.localdate()
    address = reverse("services:desk_station_close", args=[code])
    return client.post(address, {"on": on, "reason": reason}, follow=True)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.HEAD])
def test_station__closed_by_reviewer_or_head_above__is_listed_as_a_gap(client, sign_in, role):
    sign_in(role, TOWN)
    closing(client, VILLAGE)
    assert not at(VILLAGE).is_active()
    page = client.get(reverse("services:coverage")).content.decode()
    assert "没有在用的服务站" in page
    assert "溪南社区" in page
    reopened = client.post(reverse("services:desk_station_reopen", args=[VILLAGE]), follow=True)
    assert "已恢复使用" in reopened.content.decode()
    assert at(VILLAGE).is_active()
    acts = AuditEntry.objects.about(at(VILLAGE)).values_list("act", flat=True)
    assert list(acts) == ["services.station_reopened", "services.station_closed"]


@pytest.mark.parametrize(
    ("role", "posted_at"), [(Role.HEAD, VILLAGE), (Role.CLERK, TOWN), (Role.HEAD, ELSEWHERE)]
)
def test_station__closed_by_others__is_not_found(client, sign_in, role, posted_at):
    sign_in(role, posted_at)
    assert closing(client, VILLAGE).status_code == 404
    assert at(VILLAGE).active_to is None


def test_station__with_stations_below__is_not_closed(client, sign_in):
    sign_in(Role.HEAD, DISTRICT)
    assert "下面还有" in closing(client, TOWN).content.decode()
    assert at(TOWN).active_to is None


def test_station__with_bookings_ahead__is_not_closed(client, sign_in):
    sign_in(Role.HEAD, TOWN)
    slot = SlotFactory(offering__station=at(VILLAGE))
    BookingFactory(slot=slot)
    assert "还有1个预约" in closing(client, VILLAGE).content.decode()
    later = timezone.localdate() + timedelta(days=30)
    closing(client, VILLAGE, on=later)
    assert at(VILLAGE).active_to == later


@pytest.mark.parametrize("on", ["2019-02-30", "", "1899-01-01", "2020-01-01"])
def test_station__closed_on_an_impossible_day__says_what_to_mend(client, sign_in, on):
    sign_in(Role.HEAD, TOWN)
    page = closing(client, VILLAGE, on=on or " ").content.decode()
    assert "停用日期" in page
    assert at(VILLAGE).active_to is None


def test_city_centre__is_closed_by_nobody(client, sign_in):
    sign_in(Role.HEAD, CITY)
    assert closing(client, CITY).status_code == 404


def test_division_that_never_had_a_station__gets_one_from_the_coverage_page(client, sign_in):
    sign_in(Role.HEAD, TOWN)
    at(VILLAGE).delete()
    page = client.get(reverse("services:coverage")).content.decode()
    assert "从未开设" in page
    client.post(reverse("services:desk_station_open", args=[VILLAGE]))
    station = at(VILLAGE)
    assert (station.name, station.path) == (
        "溪南社区退役军人服务站",
        "3202/320211/320211001/320211001006/",
    )
    assert "全部覆盖" in client.get(reverse("services:coverage")).content.decode()


def test_functional_area__without_its_centre__is_a_gap_of_the_city_only(client, sign_in):
    Station.objects.filter(code="320290000000").update(active_to="2025-01-01")
    sign_in(Role.REVIEWER, CITY)
    assert "无锡经济开发区" in client.get(reverse("services:coverage")).content.decode()
    sign_in(Role.REVIEWER, DISTRICT)
    assert "全部覆盖" in client.get(reverse("services:coverage")).content.decode()


def test_gap__opened_by_others__is_not_found(client, sign_in):
    sign_in(Role.CLERK, TOWN)
    at(VILLAGE).delete()
    address = reverse("services:desk_station_open", args=[VILLAGE])
    assert client.post(address).status_code == 404
    sign_in(Role.HEAD, ELSEWHERE)
    assert client.post(address).status_code == 404


@pytest.mark.parametrize("code", [CITY, DISTRICT, VILLAGE])
def test_desk_pages__of_the_network__take_few_queries(
    client, sign_in, code, django_assert_max_num_queries
):
    sign_in(Role.HEAD, CITY)
    for name, given in (("desk_station", [code]), ("desk_station_edit", [code]), ("coverage", [])):
        with django_assert_max_num_queries(MOST_QUERIES):
            assert client.get(reverse(f"services:{name}", args=given)).status_code == 200


def test_station__opened_twice_at_once__refuses_the_second_in_words(network):
    from services.actions.stations import open_station
    from services.models import Division

    division = Division.objects.get(code=VILLAGE)
    with pytest.raises(DomainError, match="已经建过"):
        open_station(division=division, by=UserFactory(staff=True))
    # the other one's row is there, but under a kind that the check before does not see
    Station.objects.filter(code=VILLAGE).update(kind="SCENIC", tier=None)
    with pytest.raises((DomainError, ValidationError)):
        open_station(division=division, by=UserFactory(staff=True))

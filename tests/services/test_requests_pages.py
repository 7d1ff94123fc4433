"""Self-registration in the browser, without scripts; and the clerk's pages on it."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Consent
from services.enums import FileState, IdentityCategory, RequestState
from services.models import Person, RegistrationRequest
from tests.factories.accounts import UserFactory
from tests.factories.network import DivisionFactory, StationFactory
from tests.factories.persons import PersonFactory, RegistrationRequestFactory, id_number
from tests.factories.staff import clerk_at, reviewer_at

pytestmark = pytest.mark.django_db
NUMBER = id_number(41, date(1966, 5, 4))
TYPED = {
    "name": "周长河",
    "id_number": NUMBER,
    "address": "幸福路9号",
    "categories": [IdentityCategory.DISCHARGED_SOLDIER],
    "enlisted_on": "1984-10-01",
    "discharged_on": "1988-12-01",
}


@pytest.fixture
def village():
    return StationFactory()


@pytest.fixture
def citizen(client):
    user = UserFactory(name="")
    client.force_login(user)
    return user


@pytest.fixture
def clerk(client, village):
    user = clerk_at(village)
    client.force_login(user)
    return user


def send(client, village, follow=True, **changes):
    address = reverse("services:register", args=[village.code])
    return client.post(address, TYPED | {"send": "1"} | changes, follow=follow)


def text(response):
    return response.content.decode()


def test_address__chosen_level_by_level__leads_to_the_form_of_the_village(client, citizen, village):
    page = client.get(reverse("services:register_where"))
    for station in (village.parent.parent, village.parent):
        address = reverse("services:register_where", args=[station.code])
        assert address in text(page)
        page = client.get(address)
    assert reverse("services:register", args=[village.code]) in text(page)


def test_form__shown__gives_notice_of_who_why_how_long_and_rights(client, citizen, village):
    page = text(client.get(reverse("services:register", args=[village.code])))
    for words in ("无锡市退役军人事务局", "退役军人保障法", "保存", "更正", village.phone):
        assert words in page
    assert 'name="contact_me"' in page
    assert "checked" not in page


def test_form__checked__shows_everything_before_it_is_sent(client, citizen, village):
    address = reverse("services:register", args=[village.code])
    page = client.post(address, TYPED | {"check": "1"})
    assert "请核对您填的内容" in text(page)
    assert NUMBER in text(page)
    assert not RegistrationRequest.objects.exists()


def test_form__corrected_from_the_check_page__keeps_what_was_typed(client, citizen, village):
    address = reverse("services:register", args=[village.code])
    page = text(client.post(address, TYPED | {"edit": "1"}))
    assert "填写登记信息" in page
    assert NUMBER in page


def test_form__sent_for_the_person_on_file__opens_their_file(client, citizen, village):
    PersonFactory(station=village, name="周长河", id_number=NUMBER, phone=citizen.phone)
    page = send(client, village)
    assert "已找到您的档案" in text(page)
    assert "我的档案" in text(page)
    assert NUMBER not in text(page)


def test_form__sent_for_an_unknown_number__shows_the_request_and_whom_to_call(
    client, citizen, village
):
    page = text(send(client, village))
    asked = RegistrationRequest.objects.get()
    assert (asked.station, asked.user) == (village, citizen)
    assert village.phone in page
    assert "办到哪一步" in page
    assert NUMBER not in page


@pytest.mark.parametrize("holder", ["nobody", "another phone", "another account"])
def test_answer__whoever_holds_the_number__is_the_same(client, citizen, village, holder):
    if holder == "another phone":
        PersonFactory(station=village, name="周长河", id_number=NUMBER)
    elif holder == "another account":
        PersonFactory(station=village, name="周长河", id_number=NUMBER, account=UserFactory())
    page = text(send(client, village))
    assert f"登记申请已送到{village.name}。" in page
    assert "待核对" in page
    for telling in ("已存在", "已被", "他人", "其他账号", "已关联"):
        assert telling not in page


def test_form__with_a_wrong_check_digit__says_so_by_the_field_and_keeps_the_rest(
    client, citizen, village
):
    wrong = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
    page = text(send(client, village, id_number=wrong))
    assert 'id="id_id_number_error"' in page
    assert "校验位）对不上" in page
    assert "幸福路9号" in page


def test_form__discharged_before_enlisted__says_so(client, citizen, village):
    page = text(send(client, village, discharged_on="1980-01-01"))
    assert "退役时间不应早于入伍时间" in page


def test_form__with_dates_written_otherwise__is_understood(client, citizen, village):
    send(client, village, enlisted_on="1984年10月1日", discharged_on="1988/12/1")
    asked = RegistrationRequest.objects.get()
    assert (asked.enlisted_on, asked.discharged_on) == (date(1984, 10, 1), date(1988, 12, 1))


def test_consent__ticked__is_kept_as_its_own(client, citizen, village):
    send(client, village, contact_me="on")
    assert Consent.objects.get().user == citizen


def test_consent__left_empty__is_not_there(client, citizen, village):
    send(client, village)
    assert not Consent.objects.exists()


def test_form__opened_again_while_one_waits__leads_to_its_state(client, citizen, village):
    RegistrationRequestFactory(user=citizen, station=village)
    page = client.get(reverse("services:register", args=[village.code]))
    assert page.url == reverse("services:my_file")


def test_request__withdrawn__may_be_made_again(client, citizen, village):
    asked = RegistrationRequestFactory(user=citizen, station=village)
    page = client.post(reverse("services:request_withdraw"), follow=True)
    asked.refresh_from_db()
    assert asked.state == RequestState.WITHDRAWN
    assert "再次登记" in text(page)


def test_request__returned__shows_its_reason_and_the_way_on(client, citizen, village):
    RegistrationRequestFactory(user=citizen, station=village, returned=True)
    page = text(client.get(reverse("services:my_file")))
    assert "请补充退役时间。" in page
    assert "改好再登记" in page


@pytest.mark.parametrize("name", ["my_file", "register_where", "me", "my_change"])
def test_pages_of_citizens__asked_by_staff__are_not_there(client, clerk, name):
    assert client.get(reverse(f"services:{name}")).status_code == 404


# --- the own file ------------------------------------------------------------------------------


def test_own_file__shown__masks_the_number_until_asked_and_writes_it_down(client, citizen, village):
    PersonFactory(station=village, account=citizen, id_number=NUMBER)
    page = text(client.get(reverse("services:my_file")))
    assert NUMBER not in page
    shown = client.post(reverse("services:my_id_number"))
    assert NUMBER in text(shown)
    assert shown["Refresh"].endswith(reverse("services:my_file"))
    assert "no-store" in shown["Cache-Control"]
    assert AuditEntry.objects.get(act="services.own_file_disclosed").actor == citizen


def test_own_file__corrected__waits_for_the_station(client, citizen, village):
    person = PersonFactory(station=village, account=citizen)
    form = {"name": person.name, "phone": person.phone, "address": "新村3号", "reason": "搬家了"}
    page = client.post(reverse("services:my_change"), form, follow=True)
    assert "更正申请正在办理" in text(page)
    person.refresh_from_db()
    assert person.state == FileState.CHANGE_PENDING
    change = person.change_requests.get()
    assert change.changes == {"address": "新村3号"}
    client.post(reverse("services:my_change_withdraw"))
    person.refresh_from_db()
    assert person.state == FileState.FILED


def test_own_file__corrected_without_a_difference__says_so(client, citizen, village):
    person = PersonFactory(station=village, account=citizen)
    form = {"name": person.name, "phone": person.phone, "address": person.address, "reason": "无"}
    assert "没有填写与现在不同的内容" in text(client.post(reverse("services:my_change"), form))


# --- the desk -----------------------------------------------------------------------------------


def test_request_list__of_a_village_clerk__holds_their_stations_only(client, clerk, village):
    other = StationFactory(division=DivisionFactory(code="320281101760"))
    RegistrationRequestFactory(station=village, name="张本站", due_on=date(2026, 1, 5))
    RegistrationRequestFactory(station=other, name="李他站")
    page = text(client.get(reverse("services:desk_requests")))
    assert "张本站" in page
    assert "李他站" not in page
    assert "超期" in page


def test_request_list__of_the_town__splits_own_and_area(client, village):
    client.force_login(clerk_at(village.parent))
    RegistrationRequestFactory(station=village, name="张村里")
    address = reverse("services:desk_requests")
    assert "张村里" not in text(client.get(address))
    assert "张村里" in text(client.get(address, {"reach": "below"}))


def test_request__of_another_station__is_not_there(client, clerk):
    other = StationFactory(division=DivisionFactory(code="320281101761"))
    asked = RegistrationRequestFactory(station=other)
    assert client.get(reverse("services:desk_request", args=[asked.pk])).status_code == 404
    for act in ("confirm", "return", "unmask", "pass-on"):
        address = reverse("services:desk_request_act", args=[asked.pk, act])
        assert client.post(address).status_code == 404


def test_request__beside_the_file_in_scope__shows_what_differs_masked(client, clerk, village):
    asked = RegistrationRequestFactory(station=village, name="周长河")
    PersonFactory(station=village, id_number=asked.id_number, name="周长江", phone="19900001111")
    page = text(client.get(reverse("services:desk_request", args=[asked.pk])))
    assert "周长江" in page
    assert "不一致" in page
    for secret in (asked.id_number, asked.phone, "19900001111"):
        assert secret not in page


def test_request__whose_file_is_elsewhere__names_station_and_phone_only(client, clerk, village):
    other = StationFactory(division=DivisionFactory(code="320281101762"), phone="0510-80009999")
    asked = RegistrationRequestFactory(station=village)
    PersonFactory(station=other, id_number=asked.id_number, name="吴外站")
    page = text(client.get(reverse("services:desk_request", args=[asked.pk])))
    assert "0510-80009999" in page
    assert "吴外站" not in page


def test_request__confirmed__opens_the_new_file(client, clerk, village):
    asked = RegistrationRequestFactory(station=village)
    address = reverse("services:desk_request_act", args=[asked.pk, "confirm"])
    page = client.post(address, follow=True)
    assert "待镇街审核" in text(page)
    assert Person.objects.get().account == asked.user


def test_request__returned_without_words__asks_for_them(client, clerk, village):
    asked = RegistrationRequestFactory(station=village)
    address = reverse("services:desk_request_act", args=[asked.pk, "return"])
    assert "请选择退回原因" in text(client.post(address, {"detail": " "}))
    assert "请写明退回原因" in text(client.post(address, {"choice": "OTHER", "detail": " "}))


def test_request__returned_with_a_choice__says_the_whole_sentence(client, clerk, village):
    asked = RegistrationRequestFactory(station=village)
    address = reverse("services:desk_request_act", args=[asked.pk, "return"])
    client.post(address, {"choice": "暂不属于建档立卡的登记范围。", "detail": "请咨询街道。"})
    asked.refresh_from_db()
    assert asked.reason == "暂不属于建档立卡的登记范围。请咨询街道。"


def test_request__decided_already__tells_the_second_clerk(client, clerk, village):
    asked = RegistrationRequestFactory(station=village, returned=True)
    address = reverse("services:desk_request_act", args=[asked.pk, "confirm"])
    assert "不用再处理" in text(client.post(address, follow=True))


def test_request__unmasked_to_call__shows_the_phone_once_and_is_written_down(
    client, clerk, village
):
    asked = RegistrationRequestFactory(station=village)
    address = reverse("services:desk_request_act", args=[asked.pk, "unmask"])
    page = client.post(address, {"what": "phone", "reason": "CALL", "detail": ""})
    assert asked.phone in text(page)
    entry = AuditEntry.objects.get(act="services.person_disclosed")
    assert entry.detail == {"what": "phone", "reason": "电话联系本人"}
    assert asked.phone not in text(client.get(reverse("services:desk_request", args=[asked.pk])))


def test_request__passed_on_by_code__leaves_the_list(client, clerk, village):
    other = StationFactory(division=DivisionFactory(code="320281101763"))
    asked = RegistrationRequestFactory(station=village)
    address = reverse("services:desk_request_act", args=[asked.pk, "pass-on"])
    client.post(address, {"station": other.code})
    asked.refresh_from_db()
    assert asked.station == other


def test_request__seen_by_a_reviewer__offers_no_decision(client, village):
    client.force_login(reviewer_at(village))
    asked = RegistrationRequestFactory(station=village)
    page = text(client.get(reverse("services:desk_request", args=[asked.pk])))
    assert "确认登记" not in page

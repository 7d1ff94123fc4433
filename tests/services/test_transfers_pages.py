"""The pages of a file on its way: for each viewer, bad input kept, hostile input, many rows."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Message
from services.actions import transfers
from services.enums import TransferConsent, TransferState
from services.models import Transfer
from tests.factories.bookings import BookingFactory, SlotFactory
from tests.factories.network import DivisionFactory, StationFactory
from tests.factories.papers import CardFactory, HeldMatterFactory
from tests.factories.persons import PersonFactory
from tests.factories.staff import clerk_at, head_at

pytestmark = pytest.mark.django_db
WORDS = {"reason": "搬家", "consent": TransferConsent.IN_PERSON}
HOSTILE = ["<script>alert(1)</script>", "=1+1", "搬家😀", "9" * 28]


@pytest.fixture
def village():
    return StationFactory()


@pytest.fixture
def other():
    return StationFactory(division=DivisionFactory(code="320281101779"), phone="0510-86000001")


@pytest.fixture
def person(village):
    return PersonFactory(station=village, claimed=True)


@pytest.fixture
def asked(person, village, other):
    return transfers.ask(person=person, to_station=other, by=clerk_at(village), **WORDS)


def test_before_it_is_accepted__the_receiving_side_reads_little(client, asked, person, other):
    client.force_login(clerk_at(other))
    page = client.get(asked.get_absolute_url()).content.decode()
    assert person.name in page
    assert "0件" in page
    for hidden in (person.phone, person.id_number, person.address):
        assert hidden not in page
    assert client.get(person.get_absolute_url()).status_code == 404


def test_accepted__matter_and_card_are_at_the_new_station_and_bookings_stay(
    asked, person, village, other
):
    matter = HeldMatterFactory(station=village, person=person, by=person.account)
    card = CardFactory(
        matter=HeldMatterFactory(card=True, station=village, person=person, by=person.account)
    )
    booking = BookingFactory(slot=SlotFactory(offering__station=village), person=person)
    transfers.accept(transfer=asked, by=clerk_at(other))
    for each in (asked, person, matter, card, booking):
        each.refresh_from_db()
    assert asked.state == TransferState.ACCEPTED
    assert person.station == matter.station == card.station == other
    assert booking.station == village
    told = Message.objects.filter(title="您的服务站已更换").first()
    assert "1个预约不变" in told.body


def test_accepted__a_second_press__changes_nothing(client, asked, other):
    client.force_login(clerk_at(other))
    address = reverse("services:desk_transfer_act", args=[asked.pk, "accept"])
    client.post(address, {"answer": ""})
    again = client.post(address, {"answer": ""}, follow=True)
    assert "请刷新页面查看" in again.content.decode()
    assert Message.objects.filter(title="您的服务站已更换", user=asked.person.account).exists()


def test_file_page__shows_the_open_transfer(client, asked, person, village, other):
    client.force_login(clerk_at(village))
    page = client.get(person.get_absolute_url()).content.decode()
    assert "正在转站" in page
    assert other.name in page


def test_ours__lists_only_what_this_side_answers(client, asked, village, other):
    address = reverse("services:desk_transfers")
    for station, shown in [(other, True), (village, False)]:
        client.force_login(clerk_at(station))
        page = client.get(address, {"state": "ours"}).content.decode()
        assert (asked.get_absolute_url() in page) is shown


def test_overdue__stands_on_the_desk_of_the_tier_above(client, asked, other):
    client.force_login(head_at(other.parent))
    assert asked.get_absolute_url() not in client.get(reverse("services:desk")).content.decode()
    Transfer.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    assert asked.get_absolute_url() in client.get(reverse("services:desk")).content.decode()


def test_withdrawn__the_side_that_was_to_answer_is_told(client, asked, other, village):
    waiting = clerk_at(other)
    client.force_login(clerk_at(village))
    client.post(reverse("services:desk_transfer_act", args=[asked.pk, "withdraw"]), {"answer": ""})
    assert Message.objects.filter(user=waiting, title="转站申请已撤回").count() == 1


def test_stranger__a_clerk_of_neither_side__finds_nothing(client, asked):
    client.force_login(clerk_at(StationFactory(division=DivisionFactory(code="320281101781"))))
    assert client.get(asked.get_absolute_url()).status_code == 404
    assert asked.person.name not in client.get(reverse("services:desk_transfers")).content.decode()


def test_ask__to_nowhere_on_a_day_to_come__keeps_what_was_typed(client, person, village):
    client.force_login(clerk_at(village))
    form = {"station": "没有这个站", "reason": "搬到女儿家", "consent": "PHONE",
            "consent_on": "2099-01-01"}  # fmt: skip
    page = client.post(reverse("services:desk_transfer_from", args=[person.pk]), form)
    text = page.content.decode()
    for kept in ("没有这个站", "搬到女儿家", "2099-01-01", "没有找到这个站点", "还没有到"):
        assert kept in text
    assert not Transfer.objects.exists()


def test_ask__to_where_it_is__says_so_beside_the_station(client, person, village):
    client.force_login(clerk_at(village))
    form = {"station": village.code, "reason": "搬家", "consent": "PHONE"}
    page = client.post(reverse("services:desk_transfer_from", args=[person.pk]), form)
    assert "已经在这个站点" in page.content.decode()
    assert "station" in page.context["form"].errors


def test_unseen__a_wrong_number__is_kept_and_said(client, other):
    client.force_login(clerk_at(other))
    form = {"name": "王建国", "id_number": "123", "station": other.pk, "reason": "搬家",
            "consent": "IN_PERSON"}  # fmt: skip
    text = client.post(reverse("services:desk_transfer_ask"), form).content.decode()
    assert 'value="123"' in text
    assert "王建国" in text


@pytest.mark.parametrize("reason", HOSTILE)
def test_hostile_reason__is_text_and_nothing_else(client, person, village, other, reason):
    client.force_login(clerk_at(village))
    form = {"station": other.code, "reason": reason, "consent": "PHONE"}
    page = client.post(reverse("services:desk_transfer_from", args=[person.pk]), form, follow=True)
    assert page.status_code == 200
    assert Transfer.objects.get().reason == reason
    assert "<script>alert(1)" not in page.content.decode()


def test_nul_in_a_reason__is_left_out_as_everywhere(client, person, village, other):
    client.force_login(clerk_at(village))
    form = {"station": other.code, "reason": "搬\x00家", "consent": "PHONE"}
    client.post(reverse("services:desk_transfer_from", args=[person.pk]), form)
    assert Transfer.objects.get().reason == "搬家"


def test_own__changes_back_from_the_check_page(client, person, other):
    client.force_login(person.account)
    form = {"station": other.code, "reason": "搬家", "edit": "1"}
    page = client.post(reverse("services:my_transfer"), form).content.decode()
    assert f'value="{other.code}"' in page
    assert not Transfer.objects.exists()


def test_own__reads_the_answer(client, person, other):
    made = transfers.ask(person=person, to_station=other, by=person.account, reason="搬家",
                         consent=TransferConsent.SELF)  # fmt: skip
    transfers.refuse(transfer=made, by=clerk_at(other), answer="请先办居住证")
    client.force_login(person.account)
    assert "请先办居住证" in client.get(reverse("services:my_transfer")).content.decode()
    assert Message.objects.filter(user=person.account, title__contains="没有办成").exists()


@pytest.mark.parametrize("tab", ["", "ours", "ended"])
@pytest.mark.parametrize("count", [1, 20])
def test_list__each_tab_costs_the_same_for_many(
    client, village, other, django_assert_max_num_queries, count, tab
):
    giver, taker = clerk_at(village), clerk_at(other)
    for _ in range(count):
        made = transfers.ask(
            person=PersonFactory(station=village), to_station=other, by=giver, **WORDS
        )
        if tab == "ended":
            transfers.accept(transfer=made, by=taker)
    client.force_login(taker)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("services:desk_transfers"), {"state": tab})
    assert len(page.context["page_obj"]) == count


def test_ask__name_of_several_stations__is_answered_by_a_tap(client, person):
    first, second = (StationFactory(name=f"太湖{each}服务站") for each in ("东", "西"))
    client.force_login(person.account)
    address = reverse("services:my_transfer")
    typed = {"station": "太湖", "reason": "搬家", "check": "1"}
    page = client.post(address, typed).content.decode()
    assert "请点选是哪一个" in page
    assert "代码" not in page
    for each in (first, second):
        assert f'type="radio" name="station" value="{each.code}"' in page
    page = client.post(address, typed | {"station": second.code}).content.decode()
    assert "核对" in page
    assert second.name in page
    page = client.post(address, typed | {"station": ""}).content.decode()
    assert 'type="text" name="station"' in page

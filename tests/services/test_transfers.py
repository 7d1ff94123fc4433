"""A file goes to another station: asked with consent, decided by the other side, nothing lost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Message
from services.actions import matters, persons, transfers
from services.enums import MatterState, Role, TransferConsent, TransferState
from services.models import Transfer
from tests.factories.network import DivisionFactory, PostingFactory, StationFactory
from tests.factories.papers import HeldMatterFactory
from tests.factories.persons import PersonFactory
from tests.factories.staff import clerk_at, reviewer_at
from veterans_portal.errors import DomainError

pytestmark = pytest.mark.django_db
WORDS = {"reason": "搬家", "consent": TransferConsent.IN_PERSON}


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


def test_asked__by_the_giving_station__leaves_the_file_where_it_is(asked, person, village):
    person.refresh_from_db()
    assert (person.station, asked.state) == (village, TransferState.ASKED)
    assert AuditEntry.objects.filter(act="services.transfer_asked").exists()


def test_asked__twice__is_refused(asked, person, other, village):
    with pytest.raises(DomainError, match="已有一份"):
        transfers.ask(person=person, to_station=other, by=clerk_at(village), **WORDS)


@pytest.mark.parametrize("consent", ["", "SOMEHOW", TransferConsent.SELF])
def test_asked__by_a_clerk_without_saying_how_the_person_agreed__is_refused(
    person, other, village, consent
):
    words = {"reason": "搬家", "consent": consent}
    with pytest.raises(DomainError, match="怎样同意"):
        transfers.ask(person=person, to_station=other, by=clerk_at(village), **words)
    with pytest.raises(DomainError, match="怎样同意"):
        transfers.ask_unseen(name=person.name, id_number=person.id_number, to_station=other,
                             by=clerk_at(other), **words)  # fmt: skip
    assert not Transfer.objects.exists()


def test_asked__by_the_person_in_a_clerks_words__is_refused(person, other):
    with pytest.raises(DomainError, match="怎样同意"):
        transfers.ask(person=person, to_station=other, by=person.account, **WORDS)


def test_asked__agreed_on_a_day_to_come__is_refused(person, other, village):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(DomainError, match="还没有到"):
        transfers.ask(person=person, to_station=other, by=clerk_at(village), consent_on=tomorrow,
                      **WORDS)  # fmt: skip


def test_asked__by_a_third_station__is_refused(person, other):
    third = StationFactory(division=DivisionFactory(code="320281101781"))
    with pytest.raises(DomainError, match="不是转出或转入"):
        transfers.ask(person=person, to_station=other, by=clerk_at(third), **WORDS)


def test_asked__to_a_closed_station__is_refused(person, village):
    closed = StationFactory(division=DivisionFactory(code="320281101780"), closed=True)
    with pytest.raises(DomainError, match="已停用"):
        transfers.ask(person=person, to_station=closed, by=clerk_at(village), **WORDS)


def test_accepted__file_and_open_matters_go_together_and_the_person_is_told(asked, person, other):
    matter = HeldMatterFactory(station=asked.station, person=person, by=person.account)
    done = transfers.accept(transfer=asked, by=clerk_at(other))
    person.refresh_from_db()
    matter.refresh_from_db()
    assert person.station == other
    assert (matter.station == other) is bool(done.matters_moved)
    told = Message.objects.filter(kind="services.transfer", title="您的服务站已更换")
    assert other.phone in told.first().body


def test_accepted__by_the_side_that_asked__is_refused(asked, village):
    with pytest.raises(DomainError, match="对方站点"):
        transfers.accept(transfer=asked, by=clerk_at(village))


def test_refused__without_a_reason__is_refused(asked, other):
    with pytest.raises(DomainError, match="不接收的原因"):
        transfers.refuse(transfer=asked, by=clerk_at(other), answer=" ")


def test_withdrawn__by_the_other_side__is_refused(asked, other):
    with pytest.raises(DomainError, match="提出的一方"):
        transfers.withdraw(transfer=asked, by=clerk_at(other))


def test_both_sides__by_who_reviews_both__go_at_once(person, village, other):
    user = reviewer_at(village.parent.parent)
    PostingFactory(user=user, station=other, role=Role.HEAD)
    done = transfers.ask_and_accept(person=person, to_station=other, by=user, **WORDS)
    assert done.state == TransferState.ACCEPTED


def test_both_steps__by_who_stands_for_one_side__leave_nothing(person, village, other):
    with pytest.raises(DomainError, match="对方站点"):
        transfers.ask_and_accept(person=person, to_station=other, by=clerk_at(village), **WORDS)
    assert not Transfer.objects.exists()


def test_closed_file__ends_its_open_transfer(asked, person, village):
    persons.close_file(person=person, by=reviewer_at(village.parent), reason="身份撤销")
    asked.refresh_from_db()
    assert asked.state == TransferState.WITHDRAWN


def unseen(client, person, other, **more):
    form = {"name": person.name, "id_number": person.id_number, "station": other.pk,
            "reason": "搬家", "consent": "IN_PERSON"}  # fmt: skip
    return client.post(reverse("services:desk_transfer_ask"), form | more, follow=True)


def test_unseen__answers_the_same_whether_on_file_or_not(client, person, other):
    client.force_login(clerk_at(other))
    wrong = unseen(client, person, other, name="李不同")
    assert not Transfer.objects.exists()
    right = unseen(client, person, other)
    made = Transfer.objects.get()
    assert made.asked_at_station == other
    line = "已向该档案所在站点提出"
    for page in (wrong, right):
        assert line in page.content.decode()
        assert made.station.name not in page.content.decode()
    assert client.get(made.get_absolute_url()).status_code == 404


def test_unseen__answered__shows_the_asker_by_whom(client, person, village, other):
    by = clerk_at(other)
    client.force_login(by)
    unseen(client, person, other)
    made = Transfer.objects.get()
    transfers.refuse(transfer=made, by=clerk_at(village), answer="本人不同意")
    assert "本人不同意" in client.get(made.get_absolute_url()).content.decode()
    assert Message.objects.filter(kind="services.transfer", user=by).count() == 1


def test_pages__the_old_station_sees_the_ended_entry_but_not_the_file(
    client, asked, person, village, other
):
    transfers.accept(transfer=asked, by=clerk_at(other))
    client.force_login(clerk_at(village))
    assert client.get(reverse("services:desk_transfer", args=[asked.pk])).status_code == 200
    assert client.get(reverse("services:desk_person", args=[person.pk])).status_code == 404
    assert person.name in client.get(
        reverse("services:desk_transfers") + "?state=ended"
    ).content.decode()  # fmt: skip


def test_page__accepts_and_refuses(client, asked, other):
    client.force_login(clerk_at(other))
    address = reverse("services:desk_transfer_act", args=[asked.pk, "refuse"])
    assert "不接收的原因" in client.post(address, {"answer": ""}).content.decode()
    client.post(address, {"answer": "人不住在这里"})
    asked.refresh_from_db()
    assert asked.state == TransferState.REFUSED


def test_page__from_the_file__asks(client, person, village, other):
    client.force_login(clerk_at(village))
    address = reverse("services:desk_transfer_from", args=[person.pk])
    assert client.get(address).status_code == 200
    form = {"station": other.code, "reason": "搬家", "consent": "PHONE"}
    client.post(address, form, follow=True)
    assert Transfer.objects.get().asked_at_station == village


def test_own__asks_online_and_takes_it_back(client, person, other):
    client.force_login(person.account)
    address = reverse("services:my_transfer")
    assert client.get(address).status_code == 200
    form = {"station": other.code, "reason": "搬家"}
    assert other.name in client.post(address, form | {"check": "1"}).content.decode()
    assert not Transfer.objects.exists()
    client.post(address, form | {"send": "1"})
    assert Transfer.objects.get().consent == TransferConsent.SELF
    client.post(reverse("services:my_transfer_withdraw"))
    assert Transfer.objects.get().state == TransferState.WITHDRAWN


def test_worklist__shows_it_to_the_side_that_answers(client, asked, other, village):
    for station, shown in [(other, True), (village, False)]:
        client.force_login(clerk_at(station))
        address = reverse("services:desk_transfer", args=[asked.pk])
        assert (address in client.get(reverse("services:desk")).content.decode()) is shown


@pytest.mark.parametrize("count", [1, 20])
def test_list__costs_the_same_for_many(
    client, village, other, django_assert_max_num_queries, count
):
    by = clerk_at(village)
    for _ in range(count):
        transfers.ask(person=PersonFactory(station=village), to_station=other, by=by, **WORDS)
    client.force_login(by)
    with django_assert_max_num_queries(12):
        client.get(reverse("services:desk_transfers"))


def test_accepted__draft_begun_before__is_handed_in_where_the_file_is_now(asked, person, other):
    draft = HeldMatterFactory(
        station=asked.station, person=person, by=person.account, state=MatterState.DRAFT,
        submitted_at=None,
    )  # fmt: skip
    transfers.accept(transfer=asked, by=clerk_at(other))
    sent = matters.submit(matter=draft, by=person.account)
    assert (sent.state, sent.station) == (MatterState.SUBMITTED, other)
    assert other.name in sent.events.get().public_words


def ended():
    return Message.objects.filter(kind="services.transfer", title="转站申请已结束")


@pytest.mark.parametrize("close", [persons.close_file, persons.move_out])
def test_closing__with_a_transfer_open__tells_both_sides_once(close, person, village, other):
    giver, taker = clerk_at(village), clerk_at(other)
    made = transfers.ask(person=person, to_station=other, by=giver, **WORDS)
    close(person=person, by=reviewer_at(village.parent.parent), reason="病故，家属来告知")
    made.refresh_from_db()
    assert made.state == TransferState.WITHDRAWN
    assert sorted(each.user_id for each in ended()) == sorted([giver.pk, taker.pk])
    body = ended().get(user=taker).body
    assert village.name in body
    assert "病故" not in body
    assert person.name not in body
    entry = AuditEntry.objects.get(act="services.transfer_withdrawn")
    assert entry.detail == {"reason": "病故，家属来告知"}


def test_closing__what_was_asked_unseen__tells_the_asker_not_where_it_was(person, village, other):
    giver, taker = clerk_at(village), clerk_at(other)
    transfers.ask(person=person, to_station=other, by=taker, **WORDS)
    persons.close_file(person=person, by=reviewer_at(village.parent.parent), reason="身份撤销")
    assert sorted(each.user_id for each in ended()) == sorted([giver.pk, taker.pk])
    told = ended().get(user=taker)
    assert village.name not in told.body
    assert told.url == ""
    assert village.name in ended().get(user=giver).body

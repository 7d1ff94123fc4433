"""Acting for others: asked, confirmed, used, ended; nobody learns from asking whether a file exists."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Message
from services.actions import bookings, persons, proxies
from services.actions.proxies import ProxyError
from services.booking_rules import BookingRefusedError
from services.enums import BookingState, ProxyProof, ProxyState, Relation, Role
from services.models import Booking, Proxy
from tests.factories.accounts import UserFactory
from tests.factories.bookings import SlotFactory
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.persons import PersonFactory
from tests.factories.proxies import ProxyFactory
from tests.services.paper_makers import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    return StationFactory()


@pytest.fixture
def clerk(station):
    return PostingFactory(station=station, role=Role.CLERK).user


@pytest.fixture
def mother(station):
    return PersonFactory(station=station, name="李秀英")


@pytest.fixture
def daughter():
    return UserFactory(name="王小梅")


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def ask(mother, daughter, by=None, **more):
    facts = {"relation": Relation.CHILD, "proof": ProxyProof.HOUSEHOLD, "ends_on": in_days(300)}
    return proxies.ask(person=mother, by=by or daughter, agent=daughter, **(facts | more))


def test_ask__online__waits_and_tells_the_person(mother, daughter):
    proxy = ask(mother, daughter)
    assert proxy.state == ProxyState.ASKED
    assert proxies.people_of(daughter) == []
    assert "如果不是您的意思" in Message.objects.get(phone_index=mother.phone_index).body


def test_ask__recorded_at_the_counter__counts_at_once_and_tells_both(mother, daughter, clerk):
    proxy = ask(mother, daughter, by=clerk)
    assert (proxy.state, proxy.decided_by) == (ProxyState.ACTIVE, clerk)
    assert proxies.people_of(daughter) == [proxy]
    assert Message.objects.filter(user=daughter, kind="services.proxy").exists()


@pytest.mark.parametrize(
    ("ends", "words"), [(-1, "不应早于"), (731, "最长2年")]
)  # fmt: skip
def test_ask__period_that_does_not_fit__is_refused(mother, daughter, ends, words):
    with pytest.raises(ProxyError, match=words):
        ask(mother, daughter, ends_on=in_days(ends))


def test_ask__twice__is_refused(mother, daughter):
    ask(mother, daughter)
    with pytest.raises(ProxyError, match="不用重复"):
        ask(mother, daughter)


def test_ask__clerk_for_oneself__only_as_village_worker(mother, clerk):
    with pytest.raises(ProxyError, match="村"):
        ask(mother, clerk, by=clerk)
    assert ask(mother, clerk, by=clerk, relation=Relation.VILLAGE_WORKER).pk


def test_confirm__by_the_station__lets_the_agent_act(mother, daughter, clerk):
    proxy = proxies.confirm(proxy=ask(mother, daughter), by=clerk)
    assert Proxy.objects.acting(daughter, mother) == proxy
    with pytest.raises(ProxyError, match="请刷新"):
        proxies.confirm(proxy=proxy, by=clerk)


def test_confirm__by_another_station__is_refused(mother, daughter):
    other = PostingFactory(station=StationFactory()).user
    with pytest.raises(ProxyError, match="不是这个站点"):
        proxies.confirm(proxy=ask(mother, daughter), by=other)


def test_refuse__without_reason__is_refused(mother, daughter, clerk):
    with pytest.raises(ProxyError, match="写明原因"):
        proxies.refuse(proxy=ask(mother, daughter), by=clerk, reason=" ")


@pytest.mark.parametrize("side", ["agent", "person"])
def test_end__by_either_side__stops_it_once(station, daughter, side):
    mother = PersonFactory(station=station, claimed=True)
    proxy = ProxyFactory(person=mother, agent=daughter)
    by = daughter if side == "agent" else mother.account
    proxies.end(proxy=proxy, by=by)
    proxies.end(proxy=proxy, by=by)
    proxy.refresh_from_db()
    assert proxy.state == ProxyState.ENDED
    assert Proxy.objects.acting(daughter, mother) is None


def test_close_file__with_a_proxy__ends_it(mother, daughter, station):
    proxy = ProxyFactory(person=mother, agent=daughter)
    reviewer = PostingFactory(station=station.parent, role=Role.REVIEWER).user
    persons.close_file(person=mother, by=reviewer, reason="本人去世")
    proxy.refresh_from_db()
    assert proxy.state == ProxyState.ENDED
    assert not Message.objects.filter(kind="services.proxy").exists()


def test_warn_of_ends__two_weeks_before__tells_both_once(mother, daughter):
    ProxyFactory(person=mother, agent=daughter, ends_on=in_days(10))
    proxies.warn_of_ends()
    proxies.warn_of_ends()
    assert Message.objects.filter(user=daughter, channel="INBOX").count() == 1


def test_book__for_the_person__is_marked_by_whom(mother, daughter):
    proxy = ProxyFactory(person=mother, agent=daughter)
    booking = book(mother, daughter, proxy)
    assert (booking.person, booking.proxy, booking.by) == (mother, proxy, daughter)


@pytest.mark.parametrize("facts", [{"over": True}, {"asked": True}])
def test_book__proxy_not_in_force__is_refused(mother, daughter, facts):
    proxy = ProxyFactory(person=mother, agent=daughter, **facts)
    with pytest.raises(BookingRefusedError, match="代办关系"):
        book(mother, daughter, proxy)
    assert not Booking.objects.exists()


def book(mother, daughter, proxy):
    return bookings.book(
        slot=SlotFactory(), heads=1, by=daughter, client_key="family-1", person=mother, proxy=proxy
    )


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("proxy_period_in_order", {"ends_on": in_days(-1)}),
        ("proxy_decided_has_who_and_when", {"decided_by": None}),
        ("proxy_refused_says_why", {"state": ProxyState.REFUSED}),
        ("proxy_ended_has_its_time", {"state": ProxyState.ENDED}),
    ],
)
def test_constraint__proxy__is_refused_by_name(name, facts):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ProxyFactory(**facts)


def test_constraint__one_open_per_agent__is_refused_by_name(mother, daughter):
    ProxyFactory(person=mother, agent=daughter)
    with pytest.raises(IntegrityError, match="proxy_one_open_per_agent"), transaction.atomic():
        ProxyFactory(person=mother, agent=daughter)


# --- pages -----------------------------------------------------------------------------------


def asking(mother, **more):
    return {
        "own_name": "王小梅", "name": mother.name, "id_number": mother.id_number,
        "relation": "CHILD", "proof": "HOUSEHOLD",
        "ends_on": in_days(100).isoformat(),
        "upload": SimpleUploadedFile("户口簿.jpg", picture(), content_type="image/jpeg"),
    } | more  # fmt: skip


def test_ask_page__file_or_none__is_answered_the_same(client, mother, daughter):
    client.force_login(daughter)
    address = reverse("services:family_ask")
    known = client.post(address, asking(mother), follow=True).content.decode()
    unknown = client.post(
        address, asking(mother, name="查无此人"), follow=True
    ).content.decode()  # fmt: skip
    for page in (known, unknown):
        assert "申请已收到" in page
        assert mother.name not in page
    assert Proxy.objects.get().person == mother


def test_ask_page__account_without_a_name__asks_for_it_and_keeps_it(client, mother):
    nameless = UserFactory(name="")
    client.force_login(nameless)
    address = reverse("services:family_ask")
    assert "您的姓名" in client.get(address).content.decode()
    client.post(address, asking(mother, own_name="赵建军"))
    nameless.refresh_from_db()
    assert nameless.name == Proxy.objects.get().agent_name == "赵建军"
    assert "赵建军" in Message.objects.get(phone_index=mother.phone_index).body


def test_ask_page__known_name__stands_there_and_nothing_else_is_chosen(client, daughter):
    client.force_login(daughter)
    form = client.get(reverse("services:family_ask")).context["form"]
    assert form["own_name"].value() == "王小梅"
    assert [form["relation"].value(), form["proof"].value()] == [None, None]
    assert form["relation"].field.choices[0][0] == ""


def test_ask__account_without_a_name__is_refused(mother):
    with pytest.raises(ProxyError, match="代办人的姓名"):
        ask(mother, UserFactory(name=""))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "请填写亲友的姓名"),
        ({"own_name": ""}, "请填写您的姓名"),
        ({"relation": ""}, "请选择关系"),
        ({"id_number": "320281"}, "18位"),
        ({"ends_on": "2026-02-30"}, "年-月-日"),
        ({"upload": ""}, "请上传证明"),
        (
            {"upload": SimpleUploadedFile("a.jpg", b"<script>", content_type="image/jpeg")},
            "照片",
        ),
    ],
)
def test_ask_page__what_does_not_fit__is_said_and_kept(client, mother, daughter, typed, words):
    client.force_login(daughter)
    page = client.post(reverse("services:family_ask"), asking(mother, **typed)).content.decode()
    assert words in page
    assert not Proxy.objects.exists()


def test_desk_proxy__proof_looked_at_and_confirmed__is_written_down(
    client, mother, daughter, clerk
):
    client.force_login(daughter)
    client.post(reverse("services:family_ask"), asking(mother))
    proxy = Proxy.objects.get()
    client.force_login(clerk)
    shown = client.get(reverse("services:desk_proxy_proof", args=[proxy.pk]))
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert AuditEntry.objects.filter(act="services.proxy_proof_read").exists()
    client.post(reverse("services:desk_proxy_act", args=[proxy.pk, "confirm"]))
    proxy.refresh_from_db()
    assert proxy.state == ProxyState.ACTIVE


def test_record_page__agent_with_account__is_found_by_the_phone(client, mother, daughter, clerk):
    client.force_login(clerk)
    typed = {
        "agent_name": "王小梅", "agent_phone": daughter.phone, "relation": "CHILD",
        "proof": "LETTER", "ends_on": in_days(100).isoformat(),
    }  # fmt: skip
    client.post(reverse("services:desk_proxy_record", args=[mother.pk]), typed)
    assert Proxy.objects.get().agent == daughter


def test_booking_page__for_the_mother__books_for_her(client, mother, daughter):
    proxy = ProxyFactory(person=mother, agent=daughter)
    slot = SlotFactory()
    client.force_login(daughter)
    address = f"{reverse('services:book', args=[slot.pk])}?for={proxy.pk}"
    page = client.get(address)
    assert mother.name in page.content.decode()
    typed = {"client_key": "family-key-1", "heads": "1", "step": "book"}
    answer = client.post(address, typed, follow=True)
    assert f"{daughter.name}代办" in answer.content.decode()
    assert Booking.objects.get().proxy == proxy


def test_booking_page__proxy_of_others__is_not_found(client, mother):
    proxy = ProxyFactory(person=mother)
    client.force_login(UserFactory())
    answer = client.get(f"{reverse('services:book', args=[SlotFactory().pk])}?for={proxy.pk}")
    assert answer.status_code == 404


def test_booking__proxy_ended__is_no_longer_the_agents_to_see_or_cancel(client, mother, daughter):
    proxy = ProxyFactory(person=mother, agent=daughter)
    booking = book(mother, daughter, proxy)
    client.force_login(daughter)
    address = reverse("services:booking_cancel", args=[booking.code])
    assert client.get(address).status_code == 200
    proxies.end(proxy=proxy, by=daughter)
    assert client.post(address, {"reason": "不去了"}).status_code == 404
    assert client.get(booking.get_absolute_url()).status_code == 404
    assert booking.code not in client.get(reverse("services:my_bookings")).content.decode()
    booking.refresh_from_db()
    assert booking.state == BookingState.CONFIRMED


@pytest.mark.parametrize("reason", ["\u200b", "\u202e\u2066", "\0"])
def test_desk_proxy__reason_of_nothing_visible__is_no_reason(client, mother, clerk, reason):
    proxy = ProxyFactory(person=mother, asked=True)
    client.force_login(clerk)
    client.post(reverse("services:desk_proxy_act", args=[proxy.pk, "refuse"]), {"reason": reason})
    proxy.refresh_from_db()
    assert proxy.state == ProxyState.ASKED

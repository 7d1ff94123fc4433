"""The waiting list on its pages, for whoever looks: a citizen, a clerk, somebody else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Message
from services.actions import bookings
from services.actions.bookings import Contact
from services.enums import BookingState, Role, WaitingState
from services.models import Booking, Proxy, WaitingEntry
from services.waiting_rules import WaitingRefusedError
from tests.factories.accounts import UserFactory
from tests.factories.bookings import SlotFactory
from tests.factories.network import PostingFactory
from tests.factories.persons import PersonFactory
from tests.factories.waiting import WaitingEntryFactory
from tests.services.booking_scene import assert_counts_agree
from tests.services.waiting_scene import full_slot, join

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot():
    return full_slot()[0]


@pytest.fixture
def clerk(slot):
    return PostingFactory(station=slot.offering.station, role=Role.CLERK).user


def signed_in(client, user):
    client.force_login(user)
    return client


def join_url(wanted, **query):
    return reverse(
        "services:waiting_join", args=[wanted.offering_id, wanted.day], query=query or None
    )


def wish(**more):
    return {"client_key": "abcdefgh1", "heads": "1", "slot": "", "contact_name": "王建国",
            "contact_phone": "19900305555"} | more  # fmt: skip


def day_url(slot):
    return reverse("services:desk_waiting_day", args=[slot.offering_id, slot.day])


def act_url(entry, act):
    return reverse("services:desk_waiting_act", args=[entry.pk, act])


def offered(slot, **more):
    """Somebody with an offer: the place is really held."""
    booking = Booking.objects.get(slot=slot, state=BookingState.CONFIRMED)
    entry = join(slot, **more)
    bookings.cancel(booking=booking, by=booking.by, reason="时间不便")
    entry.refresh_from_db()
    return entry


def test_slots_page__full_slot__offers_the_waiting_list(client, slot):
    page = client.get(reverse("services:book_slots", args=[slot.offering_id]))
    assert join_url(slot) in page.text
    assert "可候补" in page.text


def test_slots_page__no_waiting_list__keeps_quiet(client, slot):
    slot.offering.waiting_list = False
    slot.offering.save()
    page = client.get(reverse("services:book_slots", args=[slot.offering_id]))
    assert "候补" not in page.text


def test_join__citizen__stands_on_the_list_and_sees_the_place(client, slot):
    join(slot)
    user = UserFactory()
    page = signed_in(client, user).get(join_url(slot, slot=slot.pk))
    assert "已有1人在等" in page.text
    page = client.post(join_url(slot), wish(slot=slot.pk), follow=True)
    assert "您前面还有1人" in page.text
    entry = WaitingEntry.objects.get(by=user)
    assert (entry.slot, entry.contact_phone) == (slot, "19900305555")


def test_join__refused__says_why_and_keeps_what_was_typed(client, slot):
    user = UserFactory()
    join(slot, user)
    page = signed_in(client, user).post(
        join_url(slot), wish(contact_name="王建军", contact_phone=user.phone)
    )
    assert page.status_code == 409
    assert "已在这一天的候补名单里" in page.text
    assert "王建军" in page.text


def test_join__bad_input__says_how_to_mend_it(client, slot):
    page = signed_in(client, UserFactory()).post(
        join_url(slot), wish(heads="0", contact_phone="1381", slot="9" * 28)
    )
    assert page.status_code == 200
    assert "手机号应为11位数字，您填了4位" in page.text
    assert "人数至少为1人" in page.text
    assert not WaitingEntry.objects.exists()


@pytest.mark.parametrize("name", ["<b>王</b>", "=cmd|x", "王\x00建国", "🎖️老王"])
def test_join__hostile_name__is_shown_harmlessly_or_refused(client, slot, name):
    page = signed_in(client, UserFactory()).post(
        join_url(slot), wish(contact_name=name), follow=True
    )
    assert page.status_code == 200
    assert "<b>王</b>" not in page.text


def test_join__place_is_free_by_now__leads_to_booking(client):
    slot = SlotFactory()
    page = signed_in(client, UserFactory()).post(join_url(slot), wish())
    assert page.status_code == 409
    assert "直接预约" in page.text


def a_proxy(agent, person):
    return Proxy.objects.create(
        person=person, agent=agent, agent_name=agent.name, relation="CHILD", proof="HOUSEHOLD",
        ends_on=timezone.localdate() + timedelta(days=90), state="ACTIVE", asked_by=agent,
        decided_by=agent, decided_at=timezone.now(),
    )  # fmt: skip


def test_join__for_a_parent__is_theirs_and_the_child_is_told_and_answers(client, slot):
    child, father = UserFactory(), PersonFactory(name="赵老伯")
    proxy = a_proxy(child, father)
    page = signed_in(client, child).get(join_url(slot, **{"for": proxy.pk}))
    assert "您在为 <strong>赵老伯</strong> 候补" in page.text
    client.post(join_url(slot, **{"for": proxy.pk}), wish())
    entry = WaitingEntry.objects.get()
    assert (entry.person, entry.proxy, entry.by) == (father, proxy, child)
    booking = Booking.objects.get(slot=slot, state=BookingState.CONFIRMED)
    bookings.cancel(booking=booking, by=booking.by, reason="时间不便")
    entry.refresh_from_db()
    assert entry.booking.proxy == proxy
    told = Message.objects.filter(kind="services.waiting_offer")
    assert {(each.user, each.channel) for each in told} == {(child, "INBOX"), (child, "SMS")}
    assert {each.phone for each in told if each.phone} == {child.phone}
    client.post(reverse("services:booking_take", args=[entry.booking.code]))
    entry.refresh_from_db()
    assert entry.state == WaitingState.TAKEN


def test_join__proxy_of_another_or_over__is_not_found_and_refused(client, slot):
    stranger, father = UserFactory(), PersonFactory(name="赵老伯")
    proxy = a_proxy(UserFactory(), father)
    page = signed_in(client, stranger).get(join_url(slot, **{"for": proxy.pk}))
    assert page.status_code == 404
    with pytest.raises(WaitingRefusedError, match="代办"):
        join(slot, stranger, person=father, proxy=proxy)


def test_join__nonsense_addresses__are_404(client, slot):
    signed_in(client, UserFactory())
    base = f"/offerings/{slot.offering_id}/waiting/"
    for tail in ("2026-13-40/", "9999-12-31/", "abc/"):
        assert client.get(base + tail).status_code == 404


def test_join__staff__is_404(client, slot, clerk):
    assert signed_in(client, clerk).get(join_url(slot)).status_code == 404


def test_my_bookings__offer__one_tap_takes_it(client, slot):
    entry = offered(slot)
    page = signed_in(client, entry.by).get(reverse("services:my_bookings"))
    assert "就约这个时间" in page.text
    page = client.post(reverse("services:booking_take", args=[entry.booking.code]), follow=True)
    assert "预约好了" in page.text
    entry.refresh_from_db()
    assert entry.state == WaitingState.TAKEN


def test_booking_page__held__asks_to_confirm_and_shows_no_code_yet(client, slot):
    entry = offered(slot)
    page = signed_in(client, entry.by).get(entry.booking.get_absolute_url())
    assert "为您保留了一个名额" in page.text
    assert "就约这个时间" in page.text


def test_overview__held_place__asks_to_confirm_and_no_paper_shows_it_yet(client, slot):
    entry = offered(slot)
    page = signed_in(client, entry.by).get(reverse("services:me"))
    assert "有名额等您确认" in page.text
    for name in ("booking_paper", "booking_qr", "booking_calendar"):
        assert client.get(reverse(f"services:{name}", args=[entry.booking.code])).status_code == 404


def test_let_go__one_tap__waits_on(client, slot):
    entry = offered(slot)
    url = reverse("services:booking_let_go", args=[entry.booking.code])
    page = signed_in(client, entry.by).post(url, follow=True)
    assert "已让给别人" in page.text
    entry.refresh_from_db()
    assert entry.state == WaitingState.WAITING
    assert_counts_agree(slot)
    assert "不再为您保留" in client.post(url, follow=True).text


def test_take__too_late__says_so(client, slot):
    entry = offered(slot)
    Booking.objects.filter(pk=entry.booking_id).update(
        held_until=timezone.now() - timedelta(minutes=1)
    )
    url = reverse("services:booking_take", args=[entry.booking.code])
    assert "让给下一位" in signed_in(client, entry.by).post(url, follow=True).text


def test_leave__one_tap__and_another_ones_is_404(client, slot):
    entry = join(slot)
    url = reverse("services:waiting_leave", args=[entry.pk])
    assert signed_in(client, UserFactory()).post(url).status_code == 404
    assert "已退出候补" in signed_in(client, entry.by).post(url, follow=True).text


def test_take_and_let_go__another_ones__are_404(client, slot):
    entry = offered(slot)
    signed_in(client, UserFactory())
    for name in ("booking_take", "booking_let_go"):
        assert (
            client.post(reverse(f"services:{name}", args=[entry.booking.code])).status_code == 404
        )


def test_desk_lists__days_with_people_waiting__in_reach(client, slot, clerk):
    join(slot)
    WaitingEntryFactory()
    page = signed_in(client, clerk).get(reverse("services:desk_waiting"))
    assert day_url(slot) in page.text
    assert page.context["page_obj"].paginator.count == 1


def test_desk_line__shows_places_phones_masked_and_who_must_be_called(
    client, slot, clerk, settings
):
    settings.WAITING_MESSAGES_PER_DAY = 0
    called = offered(slot, by=UserFactory())
    assert called.state == WaitingState.OFFERED
    waits = join(slot)
    page = signed_in(client, clerk).get(day_url(slot))
    assert waits.contact_phone not in page.text
    assert "已发消息" in page.text  # in the inbox, though no SMS went out


def test_desk_line__nobody_was_told__asks_to_phone(client, slot, clerk):
    entry = offered(slot, by=clerk, contact=Contact("赵老伯"), on_behalf=True)
    assert entry.state == WaitingState.OFFERED
    page = signed_in(client, clerk).get(day_url(slot))
    assert "请打电话告知" in page.text
    assert "请打电话告知候补名额" in client.get(reverse("services:desk")).text
    page = client.post(act_url(entry, "accept"), follow=True)
    assert "已约好，预约码" in page.text


def test_desk_act__decline_leave_forward__each_answers(client, slot, clerk):
    entry = offered(slot)
    first, second, third = join(slot), join(slot), join(slot)
    signed_in(client, clerk)
    assert "让给下一位" in client.post(act_url(entry, "decline"), follow=True).text
    page = client.post(
        act_url(third, "forward"), {"reason": "行动不便", "before": second.pk}, follow=True
    )
    assert "次序已调整" in page.text
    assert "行动不便" in page.text
    assert "写明提前的原因" in client.post(act_url(second, "forward"), follow=True).text
    assert "写明原因" in client.post(act_url(second, "leave"), follow=True).text
    page = client.post(act_url(second, "leave"), {"reason": "本人来电"}, follow=True)
    assert "已移出候补名单" in page.text
    first.refresh_from_db()
    assert first.state == WaitingState.OFFERED


def test_desk_act__reason_of_nothing_visible__is_no_reason(client, slot, clerk):
    entry = join(slot)
    signed_in(client, clerk)
    page = client.post(act_url(entry, "leave"), {"reason": "\0\u200b\u202e"}, follow=True)
    assert "写明原因" in page.text
    client.post(act_url(entry, "leave"), {"reason": "本人\0来电"})
    entry.refresh_from_db()
    assert entry.state == WaitingState.LEFT


def test_desk_act__unknown_act_or_outsider__is_404(client, slot, clerk):
    entry = join(slot)
    assert signed_in(client, clerk).post(act_url(entry, "burn")).status_code == 404
    outsider = PostingFactory().user
    assert signed_in(client, outsider).post(act_url(entry, "leave")).status_code == 404
    assert signed_in(client, entry.by).post(act_url(entry, "leave")).status_code == 404


def test_desk_join__for_a_file_and_for_somebody_without_a_phone(client, slot, clerk):
    url = reverse("services:desk_waiting_new", args=[slot.offering_id, slot.day])
    data = {"client_key": "abcdefgh1", "heads": "1", "slot": "", "contact_name": "赵老伯",
            "contact_phone": ""}  # fmt: skip
    page = signed_in(client, clerk).post(url, data, follow=True)
    assert "赵老伯已加入候补" in page.text
    person = PersonFactory(station=slot.offering.station)
    data = {"client_key": "abcdefgh2", "heads": "1", "slot": ""}
    page = client.post(f"{url}?person={person.pk}", data, follow=True)
    assert f"{person.name}已加入候补" in page.text
    assert (
        "已在这一天"
        in client.post(f"{url}?person={person.pk}", data | {"client_key": "abcdefgh3"}).text
    )


def test_desk_booking__held__is_answered_for_the_person(client, slot, clerk):
    entry = offered(slot)
    url = reverse("services:desk_booking", args=[entry.booking.code])
    assert "对方要，约下" in signed_in(client, clerk).get(url).text
    take = reverse("services:desk_booking_act", args=[entry.booking.code, "take"])
    assert "已约下" in client.post(take, follow=True).text


@pytest.mark.parametrize("number", [1, 20])
def test_pages__one_or_twenty_rows__ask_the_same_number_of_times(
    client, slot, clerk, number, django_assert_max_num_queries
):
    user = UserFactory()
    days = [slot.day + timedelta(days=each) for each in range(number)]
    for day in days:
        WaitingEntryFactory(at=slot, by=user, day=day)
    for _ in range(number):
        WaitingEntryFactory(at=slot)
        WaitingEntryFactory(at=slot, offered=True)
    signed_in(client, user)
    with django_assert_max_num_queries(12):
        assert client.get(reverse("services:my_bookings")).status_code == 200
    signed_in(client, clerk)
    with django_assert_max_num_queries(14):
        assert client.get(day_url(slot)).status_code == 200
    with django_assert_max_num_queries(10):
        assert client.get(reverse("services:desk_waiting")).status_code == 200

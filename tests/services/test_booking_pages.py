"""Booking pages, by viewer: the visitor, the citizen, the clerk and the stranger."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from services.enums import BookingState, OncePer, Role
from services.models import Booking, Offering, Slot
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory, OfferingFactory, SlotFactory
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.persons import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot():
    return SlotFactory(capacity=3)


@pytest.fixture
def citizen(client):
    user = UserFactory()
    client.force_login(user)
    return user


def clerk_at(station, role=Role.CLERK):
    return PostingFactory(station=station, role=role).user


@pytest.fixture
def clerk(client, slot):
    user = clerk_at(slot.offering.station)
    client.force_login(user)
    return user


def typed(**more):
    return {
        "heads": "1",
        "contact_name": "王建国",
        "contact_phone": "13812345678",
        "note": "",
        "client_key": "abcdefgh12345678",
        "step": "book",
    } | more


def test_slots__visitor__sees_days_and_places_left(client, slot):
    response = client.get(reverse("services:book_slots", args=[slot.offering_id]))
    assert "余3" in response.content.decode()


@pytest.mark.parametrize("day", ["2026-99-99", "x", "9999-12-31", "1899-01-01"])
def test_slots__odd_day_in_the_address__still_answers(client, slot, day):
    address = reverse("services:book_slots", args=[slot.offering_id])
    assert client.get(address, {"day": day}).status_code == 200


def test_slots__no_slots__says_what_to_do(client):
    offering = OfferingFactory()
    page = client.get(reverse("services:book_slots", args=[offering.pk])).content.decode()
    assert "近期还没有开放的时段" in page


def test_book__not_signed_in__comes_back_to_the_slot(client, slot):
    address = reverse("services:book", args=[slot.pk])
    response = client.get(address)
    assert response.status_code == 302
    assert f"next={address}" in response.url


def test_book__form_check_confirm__books_and_shows_the_code(client, citizen, slot):
    address = reverse("services:book", args=[slot.pk])
    assert citizen.name in client.get(address).content.decode()
    check = client.post(address, typed(step="check"))
    assert "请核对一遍" in check.content.decode()
    assert not Booking.objects.exists()
    response = client.post(address, typed(), follow=True)
    booking = Booking.objects.get()
    page = response.content.decode()
    assert booking.spoken_code in page
    assert "预约好了" in page
    assert (booking.contact_name, booking.contact_phone) == ("王建国", "13812345678")


def test_book__double_click__books_once(client, citizen, slot):
    address = reverse("services:book", args=[slot.pk])
    first, second = client.post(address, typed()), client.post(address, typed())
    assert first.url == second.url
    assert Booking.objects.count() == 1


def test_book__with_a_file__asks_for_no_name(client, citizen, slot):
    person = PersonFactory(account=citizen, name="赵大江")
    address = reverse("services:book", args=[slot.pk])
    page = client.get(address).content.decode()
    assert "赵大江" in page
    assert "contact_name" not in page
    assert person.phone not in page
    client.post(address, typed())
    assert Booking.objects.get().person == person


def test_book__slot_gone_meanwhile__keeps_what_was_typed_and_offers_others(client, citizen, slot):
    other = SlotFactory(offering=slot.offering, starts_at=slot.starts_at + timedelta(hours=1))
    Slot.objects.filter(pk=slot.pk).update(taken=3)
    response = client.post(reverse("services:book", args=[slot.pk]), typed(note="坐轮椅"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "刚刚约满" in page
    assert "坐轮椅" in page
    assert reverse("services:book", args=[other.pk]) in page


def test_book__second_of_the_day__points_to_my_bookings_and_offers_no_other_slot(
    client, citizen, slot
):
    client.post(reverse("services:book", args=[slot.pk]), typed())
    other = SlotFactory(offering=slot.offering, starts_at=slot.starts_at + timedelta(minutes=1))
    response = client.post(
        reverse("services:book", args=[other.pk]), typed(client_key="another-key-2")
    )
    page = response.content.decode()
    assert response.status_code == 409
    assert reverse("services:my_bookings") in page
    assert "请另选时段" not in page


def test_book__party_too_large__says_so_beside_the_field_and_stays_on_the_slot(client, citizen):
    slot = SlotFactory(offering=OfferingFactory(party_max=2), capacity=9)
    page = client.post(reverse("services:book", args=[slot.pk]), typed(heads="3")).content.decode()
    assert "最多2人" in page
    assert "请另选时段" not in page


def test_book__wrong_phone__says_how_many_digits(client, citizen, slot):
    response = client.post(reverse("services:book", args=[slot.pk]), typed(contact_phone="138123"))
    assert "您填了6位" in response.content.decode()


@pytest.mark.parametrize("heads", ["", "0", "-1", "9" * 28, "一", "\x00"])
def test_book__odd_number_of_people__is_an_error_beside_the_field(client, citizen, slot, heads):
    response = client.post(reverse("services:book", args=[slot.pk]), typed(heads=heads))
    assert response.status_code == 200
    assert not Booking.objects.exists()


def test_book__staff__is_led_to_the_desk(client, clerk, slot):
    response = client.get(reverse("services:book", args=[slot.pk]))
    assert response.url == f"{reverse('services:desk_book')}?slot={slot.pk}"


def test_booking__of_somebody_else__is_not_found(client, citizen):
    other = BookingFactory()
    for name in ("booking", "booking_paper", "booking_qr", "booking_calendar", "booking_cancel"):
        assert client.get(reverse(f"services:{name}", args=[other.code])).status_code == 404


def test_booking__qr_paper_and_calendar__are_served(client, citizen):
    booking = BookingFactory(by=citizen)
    qr = client.get(reverse("services:booking_qr", args=[booking.code]))
    assert qr["Content-Type"] == "image/svg+xml"
    assert "style=" not in qr.content.decode()
    ics = client.get(reverse("services:booking_calendar", args=[booking.code])).content.decode()
    assert "BEGIN:VEVENT" in ics
    assert all(len(line.encode()) <= 75 for line in ics.split("\r\n"))
    assert (
        booking.spoken_code
        in client.get(reverse("services:booking_paper", args=[booking.code])).content.decode()
    )


def test_my_bookings__coming_and_past__are_listed_apart(client, citizen):
    BookingFactory(by=citizen)
    BookingFactory(by=citizen, slot=SlotFactory(past=True), no_show=True)
    BookingFactory()
    page = client.get(reverse("services:my_bookings")).content.decode()
    assert "还没办的" in page
    assert "未到场" in page


def test_cancel__with_reason__frees_the_place(client, citizen, slot):
    client.post(reverse("services:book", args=[slot.pk]), typed())
    booking = Booking.objects.get()
    address = reverse("services:booking_cancel", args=[booking.code])
    assert client.get(address).status_code == 200
    assert client.post(address, {}).status_code == 200
    client.post(address, {"reason": "身体不适"})
    booking.refresh_from_db()
    slot.refresh_from_db()
    assert (booking.state, slot.taken) == (BookingState.CANCELLED, 0)


def test_change__to_a_free_slot__moves(client, citizen, slot):
    client.post(reverse("services:book", args=[slot.pk]), typed())
    booking = Booking.objects.get()
    other = SlotFactory(offering=slot.offering, starts_at=slot.starts_at + timedelta(days=1))
    slots_page = client.get(
        reverse("services:book_slots", args=[slot.offering_id]), {"move": booking.code}
    )
    address = reverse("services:booking_change", args=[booking.code, other.pk])
    assert "改到什么时间" in slots_page.content.decode()
    assert client.get(address).status_code == 200
    client.post(address)
    booking.refresh_from_db()
    assert booking.slot_id == other.pk


def test_desk_day__own_station__lists_its_bookings_only(client, clerk, slot):
    mine = BookingFactory(slot=slot, contact_name="李大海")
    elsewhere = StationFactory(division__code="320281101999")
    BookingFactory(
        slot=SlotFactory(offering=OfferingFactory(station=elsewhere), starts_at=slot.starts_at),
        contact_name="别处的人",
    )
    page = client.get(reverse("services:desk_bookings"), {"day": mine.slot.day}).content.decode()
    assert "李大海" in page
    assert "别处的人" not in page
    paper = client.get(reverse("services:desk_bookings_paper"), {"day": mine.slot.day})
    assert mine.spoken_code in paper.content.decode()


def test_desk_day__many_bookings__costs_the_same_queries(
    client, clerk, slot, django_assert_max_num_queries
):
    for _ in range(5):
        BookingFactory(slot=slot)
    with django_assert_max_num_queries(12):
        client.get(reverse("services:desk_bookings"), {"day": slot.day})


def test_desk__outside_the_scope__is_not_found(client, clerk):
    elsewhere = StationFactory(division__code="320281101999")
    booking = BookingFactory(slot=SlotFactory(offering=OfferingFactory(station=elsewhere)))
    offering, slot = booking.slot.offering, booking.slot
    for name, key in (
        ("desk_booking", booking.code), ("desk_offering", offering.pk),
        ("desk_offering_edit", offering.pk),
    ):  # fmt: skip
        assert client.get(reverse(f"services:{name}", args=[key])).status_code == 404
    for name, args in (
        ("desk_booking_act", [booking.code, "check-in"]), ("desk_close_day", [offering.pk]),
        ("desk_close_slot", [slot.pk]), ("desk_reopen_slot", [slot.pk]),
    ):  # fmt: skip
        response = client.post(reverse(f"services:{name}", args=args), {"reason": "x"})
        assert response.status_code == 404
    check_in = client.post(reverse("services:desk_checkin"), {"code": booking.code})
    assert "没有找到这个预约码" in check_in.content.decode()


@pytest.mark.parametrize("kind", ["citizen", "administrator"])
def test_desk__not_staff__is_not_found(client, slot, kind):
    user = UserFactory() if kind == "citizen" else UserFactory(administrator=True)
    client.force_login(user)
    for name in ("desk_bookings", "desk_checkin", "desk_book", "desk_offerings"):
        assert client.get(reverse(f"services:{name}")).status_code == 404


def test_check_in__typed_in_small_groups__works(client, clerk, slot):
    soon = SlotFactory(offering=slot.offering, starts_at=timezone.now() + timedelta(hours=1))
    booking = BookingFactory(slot=soon, code="ABCDE23456")
    response = client.post(
        reverse("services:desk_checkin"), {"code": " abcde-２３４５６ "}, follow=True
    )
    booking.refresh_from_db()
    assert booking.state == BookingState.CHECKED_IN
    assert "已签到" in response.content.decode()


def test_check_in__too_early__says_when_it_is(client, clerk, slot):
    booking = BookingFactory(slot=slot, code="ABCDE23456")
    response = client.post(reverse("services:desk_checkin"), {"code": booking.code})
    assert "还没到时间" in response.content.decode()


def test_detail__each_act__moves_the_state(client, clerk, slot):
    soon = SlotFactory(offering=slot.offering, starts_at=timezone.now() + timedelta(minutes=5))
    booking = BookingFactory(slot=soon, state=BookingState.PENDING)
    soon.taken = 1
    soon.save()
    for act, state in (("confirm", "CONFIRMED"), ("check-in", "CHECKED_IN"), ("serve", "SERVED")):
        assert client.get(reverse("services:desk_booking", args=[booking.code])).status_code == 200
        client.post(reverse("services:desk_booking_act", args=[booking.code, act]))
        booking.refresh_from_db()
        assert booking.state == state


def test_desk_book__walk_in_without_a_file__is_booked(client, clerk, slot):
    choose = client.get(reverse("services:desk_book"))
    assert f"slot={slot.pk}" in choose.content.decode()
    address = f"{reverse('services:desk_book')}?slot={slot.pk}"
    assert client.get(address).status_code == 200
    client.post(address, typed(slot=slot.pk, contact_phone=""))
    booking = Booking.objects.get()
    assert (booking.on_behalf, booking.by, booking.contact_phone) == (True, clerk, None)


def test_desk_book__for_a_file__uses_the_file(client, clerk, slot):
    person = PersonFactory(station=slot.offering.station)
    address = f"{reverse('services:desk_book')}?slot={slot.pk}&person={person.pk}"
    assert person.name in client.get(address).content.decode()
    client.post(address, typed(slot=slot.pk))
    assert Booking.objects.get().person == person


def test_desk_book__file_out_of_scope__is_not_found(client, clerk, slot):
    person = PersonFactory(station=StationFactory(division__code="320281101999"))
    address = f"{reverse('services:desk_book')}?slot={slot.pk}&person={person.pk}"
    assert client.get(address).status_code == 404


def offering_typed(**more):
    return {
        "title": "政策咨询", "description": "", "bring": "身份证", "is_open": "on",
        "slot_minutes": "30", "capacity": "2", "workdays_only": "on", "horizon_days": "14",
        "lead_minutes": "30", "cancel_minutes": "0", "party_min": "1", "party_max": "3",
        "once_per": OncePer.DAY, "morning_start": "09:00", "morning_end": "11:30",
        "afternoon_start": "", "afternoon_end": "",
    } | more  # fmt: skip


def test_offering__created__has_its_slots_at_once(client, clerk, slot):
    client.post(reverse("services:desk_offering_new"), offering_typed())
    offering = Offering.objects.get(title="政策咨询")
    assert offering.slots.count() >= 5
    page = client.get(reverse("services:desk_offering", args=[offering.pk]))
    assert page.status_code == 200
    assert client.get(reverse("services:desk_offering_edit", args=[offering.pk])).status_code == 200
    assert "政策咨询" in client.get(reverse("services:desk_offerings")).content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"morning_end": "08:00"}, "结束时间应晚于开始时间"),
        ({"morning_start": "", "morning_end": ""}, "至少填写上午或下午"),
        ({"party_min": "4"}, "最多人数不应少于最少人数"),
        ({"once_per": "SEASON"}, "季次名称"),
        ({"capacity": "0"}, "capacity_error"),
    ],
)
def test_offering__wrong__says_so_and_keeps_what_was_typed(client, clerk, slot, change, words):
    response = client.post(reverse("services:desk_offering_new"), offering_typed(**change))
    page = response.content.decode()
    assert words in page
    assert "政策咨询" in page
    assert not Offering.objects.filter(title="政策咨询").exists()


def test_offering__reviewer__may_look_but_not_change(client, slot):
    client.force_login(clerk_at(slot.offering.station, Role.REVIEWER))
    assert client.get(reverse("services:desk_offering", args=[slot.offering_id])).status_code == 200
    edit = reverse("services:desk_offering_edit", args=[slot.offering_id])
    assert client.get(edit).status_code == 404


def test_close_day__with_reason__closes_its_slots_and_tells(client, clerk, slot):
    Slot.objects.filter(pk=slot.pk).update(taken=1)
    booking = BookingFactory(slot=slot)
    address = reverse("services:desk_close_day", args=[slot.offering_id])
    client.post(address, {"day": slot.day.isoformat(), "reason": ""})
    slot.refresh_from_db()
    assert slot.closed_at is None
    client.post(address, {"day": slot.day.isoformat(), "reason": "停电检修"})
    slot.refresh_from_db()
    booking.refresh_from_db()
    assert (slot.closed_reason, slot.taken, booking.state) == ("停电检修", 0, "CANCELLED")
    client.post(reverse("services:desk_reopen_slot", args=[slot.pk]))
    slot.refresh_from_db()
    assert slot.closed_at is None


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1899-02-29", "x"])
@pytest.mark.parametrize("name", ["desk_bookings", "desk_bookings_paper", "desk_book"])
def test_day__at_the_end_of_the_calendar__is_answered(client, clerk, name, day):
    assert client.get(reverse(f"services:{name}"), {"day": day}).status_code == 200


def test_my_bookings__past_one__keeps_day_and_hours_together_in_its_cell(client, citizen):
    BookingFactory(by=citizen, slot=SlotFactory(past=True), no_show=True)
    page = client.get(reverse("services:my_bookings")).content.decode()
    assert '<td data-label="时间"><span>' in page

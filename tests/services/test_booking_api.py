"""POST /api/v1/bookings/ and its neighbours, whole requests."""

import json
from datetime import timedelta
from importlib import import_module

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.plumbing import OpenApiGeneratorExtension
from rest_framework.renderers import JSONRenderer

from services.api.serializers import BookingSerializer, as_json
from services.enums import Role
from services.models import Booking, Slot
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory, OfferingFactory, SlotFactory
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.persons import PersonFactory
from tests.factories.proxies import ProxyFactory
from veterans_portal import throttling
from veterans_portal.pagination import Pages

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/bookings/"


@pytest.fixture
def slot():
    return SlotFactory(capacity=2)


@pytest.fixture
def citizen(client):
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def clerk(client, slot):
    user = PostingFactory(station=slot.offering.station, role=Role.CLERK).user
    client.force_login(user)
    return user


def wanted(slot, **more):
    return {"slot": slot.pk, "heads": 1, "client_key": "key-0001"} | more


def send(client, body, address=ADDRESS):
    return client.post(address, json.dumps(body), content_type="application/json")


CONTACT = {"name": "王建国", "phone": "13812345678"}


def test_post__contact__answers_201_with_the_code(client, citizen, slot):
    response = send(client, wanted(slot, contact=CONTACT))
    booking = Booking.objects.get()
    assert response.status_code == 201
    body = response.json()
    assert (body["code"], body["slot"]["id"], body["heads"]) == (booking.code, slot.pk, 1)
    assert "13812345678" not in response.content.decode()


def test_post__any_booking__takes_few_queries(client, citizen, slot, django_assert_max_num_queries):
    """Session, account, slot with its rules, the statement (and its savepoint in this test)."""
    client.get(ADDRESS)  # sets the clocks of the session
    with django_assert_max_num_queries(6):
        assert send(client, wanted(slot, contact=CONTACT)).status_code == 201


def test_post__neither_person_nor_contact__is_for_the_citizen(client, citizen, slot):
    assert send(client, wanted(slot)).status_code == 201
    assert Booking.objects.get().contact_name == citizen.name


def test_post__own_file__is_used(client, citizen, slot):
    person = PersonFactory(account=citizen)
    assert send(client, wanted(slot, person=person.pk)).status_code == 201
    assert Booking.objects.get().person == person


def test_post__file_of_somebody_else__is_as_unknown(client, citizen, slot):
    response = send(client, wanted(slot, person=PersonFactory().pk))
    assert response.status_code == 400
    assert response.json()["errors"] == {"person": ["没有找到这份档案。"]}


def test_post__same_key_again__answers_200_with_the_same_code(client, citizen, slot):
    first = send(client, wanted(slot, contact=CONTACT))
    again = send(client, wanted(slot, contact=CONTACT))
    assert (again.status_code, again.json()["code"]) == (200, first.json()["code"])
    other = send(client, wanted(slot, contact=CONTACT, heads=2))
    assert (other.status_code, other.json()["code"]) == (409, "client_key_reused")


def test_post__full__is_a_409_problem(client, citizen, slot):
    Slot.objects.filter(pk=slot.pk).update(taken=2)
    response = send(client, wanted(slot, contact=CONTACT))
    assert response.status_code == 409
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["code"]) == (409, "slot_full")
    assert "约满" in body["detail"]


def test_post__rule_broken__is_a_422_problem_with_its_field(client, citizen):
    slot = SlotFactory(offering=OfferingFactory(party_max=2), capacity=9)
    response = send(client, wanted(slot, heads=3, contact=CONTACT))
    assert (response.status_code, response.json()["code"]) == (422, "party_too_large")
    assert "最多2人" in response.json()["errors"]["heads"][0]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slot": None}, "slot"),
        ({"slot": 10**30}, "slot"),
        ({"slot": 999999}, "slot"),
        ({"heads": 0}, "heads"),
        ({"heads": "x"}, "heads"),
        ({"client_key": ""}, "client_key"),
        ({"client_key": "short"}, "client_key"),
        ({"client_key": "with blank 123\n"}, "client_key"),
        ({"contact": "x"}, "contact"),
        ({"contact": {"name": "", "phone": ""}}, "contact"),
        ({"contact": {"name": "王\x00", "phone": ""}}, "contact"),
        ({"contact": {"name": "王", "phone": "123"}}, "contact"),
        ({"contact": CONTACT, "person": 1}, "contact"),
        ({"note": "长" * 201}, "note"),
        ({"proxy": "x"}, "proxy"),
        ({"proxy": 10**30}, "proxy"),
    ],
)
def test_post__incomplete_or_odd__is_a_400_with_the_field(client, citizen, slot, change, field):
    response = send(client, wanted(slot) | change)
    assert response.status_code == 400, response.content
    assert field in response.json()["errors"]
    assert not Booking.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"[" * 100_000])
def test_post__not_json__is_a_400(client, citizen, body):
    assert client.post(ADDRESS, body, content_type="application/json").status_code == 400


def test_post__contact_of_a_citizen_with_a_file__is_refused_lest_he_books_twice(
    client, citizen, slot
):
    PersonFactory(account=citizen, phone=citizen.phone)
    assert send(client, wanted(slot)).status_code == 201
    second = send(client, wanted(slot, contact=CONTACT, client_key="key-0002"))
    assert second.status_code == 400
    assert "contact" in second.json()["errors"]
    assert Booking.objects.count() == 1


def test_post__by_a_proxy__is_for_the_person_and_marked_by_whom(client, citizen, slot):
    proxy = ProxyFactory(agent=citizen)
    assert send(client, wanted(slot, proxy=proxy.pk)).status_code == 201
    booking = Booking.objects.get()
    assert (booking.person, booking.proxy, booking.by) == (proxy.person, proxy, citizen)


@pytest.mark.parametrize("whose", ["a stranger's", "over", "asked", "none"])
def test_post__proxy_of_others_or_not_in_force__is_as_unknown(client, citizen, slot, whose):
    makers = {
        "a stranger's": ProxyFactory,
        "over": lambda: ProxyFactory(agent=citizen, over=True),
        "asked": lambda: ProxyFactory(agent=citizen, asked=True),
    }
    pk = makers[whose]().pk if whose in makers else 999999
    response = send(client, wanted(slot, proxy=pk))
    assert response.status_code == 400
    assert response.json()["errors"] == {"proxy": ["没有找到这份代办关系，可能已到期或已解除。"]}
    assert not Booking.objects.exists()


def test_post__proxy_and_person__is_refused(client, citizen, slot):
    proxy = ProxyFactory(agent=citizen)
    for more in ({"person": proxy.person_id}, {"contact": CONTACT}):
        response = send(client, wanted(slot, proxy=proxy.pk, **more))
        assert (response.status_code, list(response.json()["errors"])) == (400, ["proxy"])


def test_post__staff_with_a_proxy__is_led_to_the_file(client, clerk, slot):
    response = send(client, wanted(slot, proxy=ProxyFactory().pk))
    assert (response.status_code, list(response.json()["errors"])) == (400, ["proxy"])


def test_list__asked_for_everything__answers_a_page(client, citizen, slot, monkeypatch):
    monkeypatch.setattr(Pages, "max_limit", 1)
    for number in range(2):
        BookingFactory(by=citizen, person=None, client_key=f"key-{number:04}")
    body = client.get(ADDRESS, {"limit": "100000"}).json()
    assert (body["count"], len(body["results"])) == (2, 1)


def test_post__not_signed_in__is_closed(client, slot):
    assert send(client, wanted(slot)).status_code in (401, 403)


def test_post__without_csrf_token__is_closed(citizen, slot):
    client = Client(enforce_csrf_checks=True)
    client.force_login(citizen)
    assert send(client, wanted(slot, contact=CONTACT)).status_code == 403


def test_post__administrator__is_closed(client, slot):
    client.force_login(UserFactory(administrator=True))
    assert send(client, wanted(slot, contact=CONTACT)).status_code == 403


def test_post__staff__books_on_behalf_within_scope(client, clerk, slot):
    person = PersonFactory(station=slot.offering.station)
    assert send(client, wanted(slot, person=person.pk)).status_code == 201
    assert Booking.objects.get().on_behalf
    outside = PersonFactory(station=StationFactory(division__code="320281101999"))
    assert send(client, wanted(slot, person=outside.pk, client_key="key-0002")).status_code == 400
    assert send(client, wanted(slot, client_key="key-0003")).status_code == 400


def test_post__staff_for_a_slot_elsewhere__is_as_unknown(client, clerk):
    elsewhere = OfferingFactory(station=StationFactory(division__code="320281101999"))
    response = send(client, wanted(SlotFactory(offering=elsewhere), contact=CONTACT))
    assert "slot" in response.json()["errors"]


def test_list_and_detail__only_ones_own(client, citizen):
    mine, other = BookingFactory(by=citizen), BookingFactory()
    body = client.get(ADDRESS).json()
    assert [each["code"] for each in body["results"]] == [mine.code]
    assert client.get(f"{ADDRESS}{mine.code}/").json()["code"] == mine.code
    assert client.get(f"{ADDRESS}{other.code}/").status_code == 404
    assert send(client, {"reason": "x"}, f"{ADDRESS}{other.code}/cancel/").status_code == 404


def test_list__many__costs_the_same_queries(client, citizen, django_assert_max_num_queries):
    for _ in range(4):
        BookingFactory(by=citizen)
    client.get(ADDRESS)  # sets the clocks of the session
    with django_assert_max_num_queries(5):
        assert client.get(ADDRESS).json()["count"] == 4


def test_cancel__twice__second_is_a_409(client, citizen, slot):
    code = send(client, wanted(slot, contact=CONTACT)).json()["code"]
    address = f"{ADDRESS}{code}/cancel/"
    assert send(client, {}, address).status_code == 400
    assert send(client, {"reason": "时间不便"}, address).json()["state"] == "CANCELLED"
    assert send(client, {"reason": "时间不便"}, address).status_code == 409
    slot.refresh_from_db()
    assert slot.taken == 0


def test_stations_and_slots__are_public(client, slot):
    SlotFactory(offering=slot.offering, starts_at=timezone.now() - timedelta(hours=3))
    stations = client.get("/api/v1/stations/").json()
    assert slot.offering.station.code in [each["code"] for each in stations["results"]]
    body = client.get(f"/api/v1/offerings/{slot.offering_id}/slots/").json()
    assert [(each["id"], each["left"]) for each in body["results"]] == [(slot.pk, 2)]
    assert client.get("/api/v1/offerings/999999/slots/").status_code == 404


def test_schema__staff_only__and_documents_the_codes(client, slot, clerk, settings):
    address = reverse("api:schema")
    text = client.get(address).content.decode()
    assert "bookings_create" in text
    for status in ("'201'", "'409'", "'422'"):
        assert status in text
    client.logout()
    assert client.get(address).status_code in (401, 403)
    client.force_login(UserFactory())
    assert client.get(address).status_code == 403


def test_schema__its_extensions__are_loaded_before_two_ask_at_once(client):
    import_module("services.api.urls")
    kinds = OpenApiGeneratorExtension.__subclasses__()
    found = [each for kind in kinds for each in kind._registry]
    assert found
    assert not [each for each in found if isinstance(each.target_class, str)]


def test_throttle__too_many__is_a_429_with_when(client, citizen, settings, monkeypatch):
    settings.API_RATE_USER = 2
    monkeypatch.setattr(throttling.time, "time", lambda: 1_800_000_030.0)
    answers = [client.get(ADDRESS) for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60


def test_json__of_a_booking__is_what_the_schema_describes(citizen):
    booking = BookingFactory(by=citizen)
    booking.refresh_from_db()
    assert JSONRenderer().render(as_json(booking)) == JSONRenderer().render(
        BookingSerializer(booking).data
    )

"""Hostile and odd input on the pages of persons: a clear answer, never an error page."""

import pytest
from django.urls import reverse

from services.enums import IdentityCategory
from services.models import RegistrationRequest
from tests.factories.accounts import UserFactory
from tests.factories.network import StationFactory
from tests.factories.persons import PersonFactory, RegistrationRequestFactory, id_number
from tests.factories.staff import clerk_at, reviewer_at

pytestmark = pytest.mark.django_db
ODD = [
    "\x00",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "\u202e反向\u200b",
    "😀" * 40,
    "9" * 28,
    "1899-02-29",
    "9999-12-31",
    "字" * 5000,
]


@pytest.fixture
def village():
    return StationFactory()


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("field", ["name", "id_number", "address", "enlisted_on", "note"])
def test_registration__with_odd_text_in_a_field__answers_in_words(client, village, field, odd):
    client.force_login(UserFactory())
    form = {
        "name": "周长河",
        "id_number": id_number(41),
        "categories": [IdentityCategory.DISCHARGED_SOLDIER],
        "send": "1",
    }
    address = reverse("services:register", args=[village.code])
    page = client.post(address, form | {field: odd}, follow=True)
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
    for asked in RegistrationRequest.objects.all():
        assert getattr(asked, field) != "\x00"


@pytest.mark.parametrize("odd", ODD)
def test_desk__with_odd_text__answers_in_words(client, village, odd):
    person = PersonFactory(station=village, draft=True)
    asked = RegistrationRequestFactory(station=village)
    client.force_login(clerk_at(village))
    for name, args, form in [
        ("desk_collect", [], {"name": odd, "id_number": odd, "phone": odd, "station": odd}),
        ("desk_person_edit", [person.pk], {"name": odd, "phone": odd, "discharged_on": odd}),
        ("desk_unmask", [person.pk], {"what": odd, "reason": odd, "detail": odd}),
        ("desk_identity_act", [person.pk, "declare"], {"category": odd}),
        ("desk_request_act", [asked.pk, "confirm"], {"take_over": [odd]}),
        ("desk_request_act", [asked.pk, "return"], {"choice": odd, "detail": odd}),
        ("desk_request_act", [asked.pk, "pass-on"], {"station": odd}),
        ("desk_search", [], {"q": odd}),
    ]:
        page = client.post(reverse(f"services:{name}", args=args), form, follow=True)
        assert page.status_code == 200, name


@pytest.mark.parametrize("odd", ODD)
def test_reviewer__with_odd_text__answers_in_words(client, village, odd):
    person = PersonFactory(station=village)
    client.force_login(reviewer_at(village.parent))
    for act in ("close", "unlink", "return"):
        address = reverse("services:desk_person_act", args=[person.pk, act])
        form = {"station": odd, "reason": odd, "how": odd}
        assert client.post(address, form, follow=True).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/desk/persons/99999999999999999999999999/",
        "/desk/requests/99999999999999999999999999/",
        "/desk/persons/?page=9999999999999999999&q=%E5%BB%BA%E5%9B%BD",
        "/desk/persons/?state=%00&reach=below",
        "/desk/requests/?state=%00&reach=%00&page=-1",
        "/desk/?reach=%00",
        "/me/file/register/under/%00/",
        "/me/file/register/%00/",
    ],
)
@pytest.mark.parametrize("who", ["clerk", "citizen"])
def test_address__made_up__is_answered_or_not_there(client, village, path, who):
    client.force_login(clerk_at(village) if who == "clerk" else UserFactory())
    assert client.get(path).status_code in (200, 302, 404)

"""A person's page at the desk: what is shown to whom, and the steps taken from it."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from services.enums import DisabilityNature, FileState, IdentityCategory, Role
from services.models import Person
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory, SlotFactory
from tests.factories.network import DivisionFactory, PostingFactory, StationFactory
from tests.factories.persons import IdentityFactory, PersonFactory, id_number
from tests.factories.staff import clerk_at, head_at, reviewer_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def village():
    return StationFactory()


@pytest.fixture
def clerk(client, village):
    user = clerk_at(village)
    client.force_login(user)
    return user


@pytest.fixture
def person(village):
    return PersonFactory(station=village, name="孙大河", address="测试镇幸福路8号201室")


def open_page(client, person):
    return client.get(reverse("services:desk_person", args=[person.pk]))


def text(response):
    return response.content.decode()


def step(client, person, act, **form):
    return client.post(
        reverse("services:desk_person_act", args=[person.pk, act]), form, follow=True
    )


# --- looking -----------------------------------------------------------------------------------


def test_page__opened__masks_what_is_personal_and_writes_down_who_looked(client, clerk, person):
    page = text(open_page(client, person))
    assert "孙大河" in page
    for secret in (person.id_number, person.phone, "201室"):
        assert secret not in page
    entry = AuditEntry.objects.get(act="services.person_read")
    assert (entry.actor, entry.target_id) == (clerk, str(person.pk))
    assert person.id_number not in str(entry.__dict__)


def test_page__of_a_person_elsewhere__is_not_there(client, clerk):
    other = PersonFactory(station=StationFactory(division=DivisionFactory(code="320281101740")))
    assert open_page(client, other).status_code == 404
    for name, args in [
        ("desk_unmask", []),
        ("desk_person_edit", []),
        ("desk_person_act", ["submit"]),
        ("desk_person_act", ["close"]),
        ("desk_identity_act", ["declare"]),
    ]:
        address = reverse(f"services:{name}", args=[other.pk, *args])
        assert client.post(address).status_code == 404
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("kind", ["citizen", "administrator", "staff without a posting"])
def test_page__for_somebody_without_a_desk__is_not_there(client, person, kind):
    user = {
        "citizen": lambda: UserFactory(),
        "administrator": lambda: UserFactory(administrator=True),
        "staff without a posting": lambda: UserFactory(staff=True),
    }[kind]()
    client.force_login(user)
    for name in ("desk", "desk_search", "desk_requests", "desk_collect"):
        assert client.get(reverse(f"services:{name}")).status_code in (302, 404)
    assert open_page(client, person).status_code in (302, 404)


@pytest.mark.parametrize(
    ("role", "where", "sees"),
    [
        (Role.CLERK, "own", True),
        (Role.CLERK, "town", False),
        (Role.REVIEWER, "town", True),
        (Role.HEAD, "town", True),
    ],
)
def test_disability__is_shown_to_the_roles_that_need_it(client, village, role, where, sees):
    person = PersonFactory(
        station=village, disability_grade=6, disability_nature=DisabilityNature.DUTY
    )
    station = village if where == "own" else village.parent
    client.force_login(PostingFactory(station=station, role=role).user)
    assert ("6级（因公）" in text(open_page(client, person))) == sees


def test_page__with_bookings_history_and_identities__costs_few_queries(
    client, clerk, person, django_assert_max_num_queries
):
    for category in (IdentityCategory.MARTYR_FAMILY, IdentityCategory.DISCHARGED_SOLDIER):
        IdentityFactory(person=person, category=category, verified=True)
    slot = SlotFactory(offering__station=person.station)
    for number in range(4):
        BookingFactory(slot=slot, person=person, once_key=f"x{number}")
    for phone in ("19900001111", "19900002222", "19900003333"):
        person.phone = phone
        person.save()
    with django_assert_max_num_queries(16):
        page = open_page(client, person)
    assert "烈士遗属" in text(page)


# --- showing in clear ---------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["id_number", "phone", "address"])
def test_value__unmasked_with_a_reason__is_shown_once_and_written_down(client, clerk, person, what):
    address = reverse("services:desk_unmask", args=[person.pk])
    page = client.post(address, {"what": what, "reason": "CHECK_PAPERS", "detail": "办优待证"})
    assert getattr(person, what) in text(page)
    assert page["Refresh"] == f"60; url={person.get_absolute_url()}"
    assert "no-store" in page["Cache-Control"]
    entry = AuditEntry.objects.get(act="services.person_disclosed")
    assert entry.detail == {"what": what, "reason": "核对证件：办优待证"}
    assert getattr(person, what) not in text(open_page(client, person))


@pytest.mark.parametrize(
    "form",
    [
        {"what": "phone"},
        {"what": "phone", "reason": "OTHER", "detail": " "},
        {"what": "password", "reason": "CALL"},
    ],
)
def test_value__without_a_proper_reason__stays_masked(client, clerk, person, form):
    page = text(client.post(reverse("services:desk_unmask", args=[person.pk]), form))
    assert person.phone not in page
    assert not AuditEntry.objects.filter(act="services.person_disclosed").exists()


def test_value__asked_by_get__is_refused(client, clerk, person):
    assert client.get(reverse("services:desk_unmask", args=[person.pk])).status_code == 405


# --- collecting and steps ------------------------------------------------------------------------


def collect(client, village, **changes):
    form = {
        "station": village.pk,
        "name": "李秀英",
        "id_number": id_number(12, date(1944, 7, 1), sex="F"),
        "categories": [IdentityCategory.MARTYR_FAMILY],
    }
    return client.post(reverse("services:desk_collect"), form | changes, follow=True)


def test_counter__collects_somebody_without_a_phone__and_opens_the_file(client, clerk, village):
    assert "提交审核" in text(collect(client, village))
    person = Person.objects.get()
    assert (person.phone, person.division, person.created_by) == (None, village.division, clerk)


def test_counter__with_a_known_number__says_where_it_is_by_the_field(client, clerk, village):
    PersonFactory(
        station=village, name="李在册", id_number=id_number(12, date(1944, 7, 1), sex="F")
    )
    page = text(collect(client, village))
    assert "李在册" in page
    assert 'id="id_id_number_error"' in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id_number": "32028119440701"}, "您填了14位"),
        ({"name": "李"}, "请填写完整的姓名"),
        ({"name": "李@英"}, "只能是汉字或字母"),
        ({"phone": "1381234"}, "您填了7位"),
        ({"categories": []}, "至少选一项身份"),
        ({"disability_grade": "11", "disability_nature": "WAR"}, "1至10级"),
        ({"disability_grade": "5"}, "要一起填写"),
        ({"enlisted_on": "1940-01-01"}, "晚于出生日期"),
        ({"discharged_on": "2999-01-01"}, "还没有到"),
        ({"enlisted_on": "很久以前"}, "年-月-日"),
    ],
)
def test_counter__with_what_cannot_be__says_how_to_mend_it(client, clerk, village, changes, words):
    assert words in text(collect(client, village, **changes))
    assert not Person.objects.exists()


def test_counter__for_a_station_that_is_not_the_clerks__is_refused(client, clerk):
    other = StationFactory(division=DivisionFactory(code="320281101741"))
    assert "请选择您经办的站点" in text(collect(client, other))


def test_file__through_its_steps_by_two_people__is_filed(client, clerk, village):
    collect(client, village)
    person = Person.objects.get()
    assert "已提交审核" in text(step(client, person, "submit"))
    client.force_login(reviewer_at(village.parent))
    assert "审核通过" in text(step(client, person, "review"))
    person.refresh_from_db()
    assert person.state == FileState.FILED


def test_file__returned_from_the_page__shows_the_reason_to_the_clerk(client, clerk, village):
    person = PersonFactory(station=village, submitted=True)
    client.force_login(reviewer_at(village.parent))
    assert "请填写原因" in text(step(client, person, "return", reason=""))
    step(client, person, "return", reason="照片不清。")
    client.force_login(clerk)
    assert "照片不清。" in text(open_page(client, person))


def test_step__taken_without_the_right__says_who_may(client, clerk, person):
    assert "上一级审核人" in text(step(client, person, "close", how="close", reason="去世"))
    person.refresh_from_db()
    assert person.state == FileState.FILED


def test_step__that_does_not_exist__is_not_there(client, clerk, person):
    assert step(client, person, "delete").status_code == 404
    address = reverse("services:desk_person_act", args=[person.pk, "submit"])
    assert client.get(address).status_code == 404


def test_identity__declared_verified_and_ended_from_the_page(client, clerk, person):
    declare = reverse("services:desk_identity_act", args=[person.pk, "declare"])
    client.post(declare, {"category": IdentityCategory.MARTYR_FAMILY})
    identity = person.identities.get()
    verify = reverse("services:desk_identity_act", args=[identity.pk, "verify"])
    assert "证明材料" in text(client.get(verify))
    assert "请填写证明材料" in text(client.post(verify, {"evidence": ""}))
    client.post(verify, {"evidence": "烈士证明书", "evidence_number": "苏烈字12号"})
    assert "已核验" in text(open_page(client, person))
    end = reverse("services:desk_identity_act", args=[identity.pk, "end"])
    client.post(end, {"valid_to": "2025-06-01", "reason": "证书更换"})
    identity.refresh_from_db()
    assert identity.valid_to == date(2025, 6, 1)


# --- corrections ---------------------------------------------------------------------------------


def facts(person, **changes):
    form = {"name": person.name, "phone": person.phone, "address": person.address}
    return form | {"reason": "核对身份证"} | changes


def test_filed_file__edited_by_the_clerk__waits_for_another_and_is_then_corrected(
    client, clerk, village, person
):
    address = reverse("services:desk_person_edit", args=[person.pk])
    page = client.post(address, facts(person, phone="19900004444"), follow=True)
    assert "变更申请已提交" in text(page)
    assert "199****4444" in text(page)
    assert "19900004444" not in text(page)
    change = person.change_requests.get()
    accept = reverse("services:desk_change_act", args=[change.pk, "accept"])
    assert "上一级审核人" in text(client.post(accept, follow=True))
    client.force_login(reviewer_at(village.parent))
    assert "已更正" in text(client.post(accept, follow=True))
    person.refresh_from_db()
    assert (person.phone, person.state) == ("19900004444", FileState.FILED)
    history = text(open_page(client, person))
    assert "199****4444" in history
    assert "19900004444" not in history


def test_correction__by_a_head_of_the_town__needs_somebody_else(client, village, person):
    head = head_at(village.parent)
    client.force_login(head)
    client.post(
        reverse("services:desk_person_edit", args=[person.pk]), facts(person, name="孙大江")
    )
    accept = reverse("services:desk_change_act", args=[person.change_requests.get().pk, "accept"])
    assert "您提出的" in text(client.post(accept, follow=True))


def test_correction__refused__answers_the_person(client, clerk, village, person):
    client.post(
        reverse("services:desk_person_edit", args=[person.pk]), facts(person, name="孙大江")
    )
    change = person.change_requests.get()
    client.force_login(reviewer_at(village.parent))
    refuse = reverse("services:desk_change_act", args=[change.pk, "refuse"])
    client.post(refuse, {"answer": "证件上是原名。"})
    change.refresh_from_db()
    person.refresh_from_db()
    assert (change.answer, person.state, person.name) == (
        "证件上是原名。",
        FileState.FILED,
        "孙大河",
    )


def test_draft__edited__is_changed_at_once(client, clerk, village):
    person = PersonFactory(station=village, draft=True)
    form = {"name": "改好名", "phone": "", "address": ""}
    client.post(reverse("services:desk_person_edit", args=[person.pk]), form)
    person.refresh_from_db()
    assert (person.name, person.phone) == ("改好名", None)


def test_edit__by_a_clerk_without_sight_of_health__leaves_it_alone(client, village):
    person = PersonFactory(
        station=village, disability_grade=3, disability_nature=DisabilityNature.WAR
    )
    client.force_login(clerk_at(village.parent))
    page = text(client.get(reverse("services:desk_person_edit", args=[person.pk])))
    assert "残疾" not in page
    client.post(
        reverse("services:desk_person_edit", args=[person.pk]), facts(person, name="新名字")
    )
    assert person.change_requests.get().changes == {"name": "新名字"}

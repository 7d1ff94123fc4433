"""Finding a person: what is typed, whose files are found, and by which index."""

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import AuditEntry
from services import search
from tests.factories.network import DivisionFactory, StationFactory
from tests.factories.persons import PersonFactory
from tests.factories.staff import clerk_at
from veterans_portal.errors import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def village():
    return StationFactory()


@pytest.fixture
def clerk(client, village):
    user = clerk_at(village)
    client.force_login(user)
    return user


def names(user, text):
    return [person.name for person in search.find(user, search.understand(text))]


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("建国", "name", "建国"),
        (" 王 建国 ", "name", "王建国"),
        ("wangjianguo", "reading", "wangjianguo"),
        ("Wang Jian Guo", "reading", "wangjianguo"),
        ("wjg", "initials", "wjg"),
        ("138 1234 1234", "phone", "13812341234"),
        ("１３８１２３４１２３４", "phone", "13812341234"),
        ("320281 19660504 083x", "id", "32028119660504083X"),
    ],
)
def test_text__as_people_type_it__is_understood(typed, kind, text):
    assert search.understand(typed) == search.Query(kind, text)


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("", "请输入"),
        ("   ", "请输入"),
        ("\x00", "请输入"),
        ("1381234", "输入了7位"),
        ("3202811966", "输入了10位"),
        ("w", "至少输入2个字母"),
        ("王" * 60, "最多输入50个字"),
    ],
)
def test_text__that_cannot_be_searched__gets_advice(typed, advice):
    with pytest.raises(DomainError, match=advice):
        search.understand(typed)


@pytest.mark.parametrize(
    "typed", ["建国", "王建", "王", "王建国", "wangjian", "wangjianguo", "wjg", "wj", "wang"]
)
def test_person__by_part_of_name_or_reading__is_found(village, clerk, typed):
    PersonFactory(station=village, name="王建国")
    PersonFactory(station=village, name="李卫东")
    assert names(clerk, typed) == ["王建国"]


def test_person__with_a_surname_read_its_own_way__is_found_by_it(village, clerk):
    PersonFactory(station=village, name="单田方")
    assert names(clerk, "shantian") == ["单田方"]
    assert names(clerk, "stf") == ["单田方"]
    assert names(clerk, "单") == ["单田方"]


def test_persons__found__stand_in_the_order_of_their_readings(village, clerk):
    for name in ("张建军", "安建军", "王建军"):
        PersonFactory(station=village, name=name)
    assert names(clerk, "建军") == ["安建军", "王建军", "张建军"]


def test_person__of_another_station__is_not_found_by_anything(village, clerk):
    other = StationFactory(division=DivisionFactory(code="320281101750"))
    person = PersonFactory(station=other, name="王建国")
    for typed in ("建国", "wjg", "wangjianguo", person.phone, person.id_number):
        assert names(clerk, typed) == []


@pytest.mark.parametrize(
    "typed", ["%%", "__", "' OR 1=1 --", "王'; DROP TABLE x;--", "\\", "😀😀", "<script>", "·"]
)
def test_search__for_hostile_text__finds_nobody_and_stands(client, village, clerk, typed):
    PersonFactory(station=village)
    page = client.post(reverse("services:desk_search"), {"q": typed}, follow=True)
    assert page.status_code == 200
    assert "王建国" not in page.content.decode()


def test_search__by_number__opens_the_only_one_and_is_written_down_without_it(
    client, village, clerk
):
    person = PersonFactory(station=village)
    page = client.post(reverse("services:desk_search"), {"q": person.id_number})
    assert page.url == person.get_absolute_url()
    entry = AuditEntry.objects.get(act="services.person_searched")
    assert entry.detail == {"by": "id", "found": 1}


def test_search__by_a_shared_phone__lists_the_family(client, village, clerk):
    for name in ("王建国", "赵秀兰"):
        PersonFactory(station=village, name=name, phone="19900003333")
    page = client.post(reverse("services:desk_search"), {"q": "19900003333"}).content.decode()
    assert "王建国" in page
    assert "赵秀兰" in page
    assert "19900003333" not in page


def test_search__with_a_number_in_the_address__is_not_answered(client, village, clerk):
    person = PersonFactory(station=village)
    page = client.get(reverse("services:desk_search"), {"q": person.phone}, follow=True)
    assert page.redirect_chain == [(reverse("services:desk_search"), 302)]
    page = page.content.decode()
    assert "为保护隐私" in page
    assert person.phone not in page


def test_search__by_name__leads_to_an_address_that_can_be_kept(client, village, clerk):
    PersonFactory(station=village)
    page = client.post(reverse("services:desk_search"), {"q": "建国"}, follow=True)
    assert page.redirect_chain
    html = page.content.decode()
    assert "王建国" in html
    assert "3202**********" in html


def test_search__with_too_many_hits__asks_for_more_and_lists_the_first(
    client, village, clerk, monkeypatch
):
    monkeypatch.setattr(search, "LISTED", 3)
    for number in range(5):
        PersonFactory(station=village, name=f"王建{'国军华民东'[number]}")
    page = client.get(reverse("services:desk_search"), {"q": "王建"}).content.decode()
    assert "请补一个字" in page
    assert page.count("data-row") == 3


def test_search__without_text__lists_exactly_my_station(client, village, clerk):
    PersonFactory(station=village, name="本站人")
    PersonFactory(station=village.parent, name="镇上人")
    page = client.get(reverse("services:desk_search")).content.decode()
    assert "本站人" in page
    assert "镇上人" not in page


def test_search_page__of_many_persons__costs_a_fixed_number_of_queries(
    client, village, clerk, django_assert_max_num_queries
):
    PersonFactory.create_batch(30, station=village)
    with django_assert_max_num_queries(10):
        client.get(reverse("services:desk_search"), {"q": "建国"})


@pytest.fixture
def many_persons(village):
    """Rows enough for the planner to prefer an index, without the cost of encryption."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO services_person (name, name_pinyin, name_initials, sex, birth, id_number,
                id_index, phone_index, address, station_id, lives_alone, state, source,
                created_at, filed_at, closed_reason, returned_reason, updated_at)
            SELECT '赵' || chr(20000 + i %% 997) || chr(21000 + i %% 991), 'wang' || i,
                'w' || chr(97 + i %% 26) || chr(97 + i %% 23), 'M', '1960-01-01', '',
                'i' || i, 'p' || i, '', %s, false, 'FILED', 'ROSTER',
                now(), now(), '', '', now()
            FROM generate_series(1, 4000) AS i
            """,
            [village.pk],
        )
        cursor.execute("ANALYZE services_person")


@pytest.mark.parametrize(
    ("typed", "index"),
    [
        ("建国", "person_name_bigrams"),
        ("王", "person_by_surname"),
        ("wangjianguo", "person_by_pinyin"),
        ("wjg", "person_by_initials"),
        ("13812341234", "services_person_phone_index"),
        ("320281196605040830", "services_person_id_index"),
    ],
)
def test_index__for_each_kind_of_text__answers_it(village, many_persons, typed, index):
    city = clerk_at(village.parent.parent.parent)
    assert index in search.find(city, search.understand(typed)).explain()

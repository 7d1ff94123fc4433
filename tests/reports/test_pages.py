"""The pages of the month: who sees and does what, what they say, how many queries they ask."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports.actions import returns as acts
from reports.actions.returns import Entry
from reports.enums import ReturnState
from reports.models import Return
from services.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.persons import PersonFactory
from tests.reports.conftest import MAY
from tests.reports.test_counting import at
from tests.reports.test_returns import CORE_TYPED, fill, noughts

MAX_QUERIES = 20


def typed(**over):
    data = {f"value-{code}": "0" for code in CORE_TYPED}
    return data | {name.replace("_", "-"): value for name, value in over.items()}


@pytest.fixture
def clerk(staff, client):
    user = staff("a1x")
    client.force_login(user)
    return user


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_return__clerk_types_and_files__is_filed_with_what_was_typed(june, clerk, client):
    of = june.of("a1x")
    answer = client.post(
        of.get_absolute_url(),
        typed(
            version=of.version,
            act="file",
            **{"value-SVC-06": "１，２００", "reason-SVC-06": "集中走访"},
        ),
        follow=True,
    )
    assert "已上报" in text(answer)
    of = june.of("a1x")
    assert (of.state, of.filler) == (ReturnState.FILED, clerk)
    assert of.figures.get(code="SVC-06").typed_value == 1200


def test_return__noughts_button__fills_blanks_but_leaves_system_figures(june, clerk, client):
    of = june.of("a1x")
    client.post(
        of.get_absolute_url(), {"version": of.version, "act": "noughts", "value-SVC-06": "4"}
    )
    values = {f.code: f.typed_value for f in june.of("a1x").figures.all()}
    assert (values["SVC-06"], values["SVC-09"], values["SVC-04"]) == (4, 0, None)


def test_return__wrong_cell__keeps_all_typed_text_and_links_the_error(june, clerk, client):
    of = june.of("a1x")
    answer = client.post(
        of.get_absolute_url(),
        typed(version=of.version, act="file", **{"value-SVC-06": "十二", "value-SVC-09": "7"}),
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "请填数字，例如 12。您填了“十二”。" in page
    assert 'value="十二"' in page
    assert 'value="7"' in page
    assert 'href="#id_value-SVC-06"' in page
    assert june.of("a1x").state == ReturnState.NOT_STARTED


@pytest.mark.parametrize(
    "value",
    ["1e5", "=1+1", "<b>", "9" * 28, "\u200b5", "١٢", "٣", "NaN", "Infinity", "--1", "1.2.3"],
)
def test_return__hostile_text_in_a_cell__gets_a_sentence(june, clerk, client, value):
    of = june.of("a1x")
    answer = client.post(
        of.get_absolute_url(), typed(version=of.version, act="save", **{"value-SVC-06": value})
    )
    assert answer.status_code == 422
    assert june.of("a1x").figures.get(code="SVC-06").typed_value is None


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 30])
def test_return__hostile_version__is_no_crash(june, clerk, client, version):
    of = june.of("a1x")
    answer = client.post(of.get_absolute_url(), typed(version=version, act="save"))
    assert answer.status_code in (409, 422)


def test_return__saved_by_a_colleague_meanwhile__shows_both_and_loses_nothing(
    june, clerk, client, staff
):
    of = june.of("a1x")
    other = staff("a1x", name="周敏")
    acts.save_return(of=of, version=of.version, entries={"SVC-06": Entry(Decimal(31))}, by=other)
    data = {"version": of.version, "act": "save", "value-SVC-06": "42"}
    answer = client.post(of.get_absolute_url(), data)
    page = text(answer)
    assert answer.status_code == 409
    assert "周敏" in page
    assert "现存 31" in page
    assert 'value="42"' in answer.content.decode()
    assert f'name="version" value="{of.version + 1}"' in answer.content.decode()
    data["version"] = of.version + 1
    client.post(of.get_absolute_url(), data)
    assert june.of("a1x").figures.get(code="SVC-06").typed_value == 42


def test_return__sent_back__has_fields_for_the_named_indicators_only(june, clerk, client, staff):
    filed = fill(june.of("a1x"), clerk)
    acts.send_back(
        of=filed,
        version=filed.version,
        reasons={"SVC-06": "与台账不符"},
        by=staff("a1", Role.REVIEWER),
    )
    page = client.get(filed.get_absolute_url()).content.decode()
    assert "与台账不符" in page
    assert 'name="value-SVC-06"' in page
    assert 'name="value-SVC-09"' not in page


def test_return__refresh_button__keeps_typed_and_recounts(june, clerk, client, city):
    of = june.of("a1x")
    PersonFactory(station=city.a1x, filed_at=at(2025, 6, 3))
    client.post(
        of.get_absolute_url(), {"version": of.version, "act": "refresh", "value-SVC-06": "5"}
    )
    of = june.of("a1x")
    assert of.figures.get(code="SVC-04").system_value == 1
    assert of.figures.get(code="SVC-06").typed_value == 5


def test_review__reviewer_above__accepts_or_sends_back_by_indicator(june, client, staff):
    filed = fill(june.of("a1x"), staff("a1x"))
    reviewer = staff("a1", Role.REVIEWER)
    client.force_login(reviewer)
    assert "退回此项" in text(client.get(filed.get_absolute_url()))
    url = reverse("reports:review", args=[filed.pk])
    answer = client.post(url, {"version": filed.version, "act": "back"})
    assert answer.status_code == 409
    assert "至少在一项" in text(answer)
    client.post(url, {"version": filed.version, "act": "back", "back-SVC-06": "漏报"})
    assert june.of("a1x").state == ReturnState.RETURNED
    acts.file_return(
        of=filed, version=filed.version + 1, entries={"SVC-06": Entry(Decimal(3))}, by=filed.filler
    )
    stale = client.post(url, {"version": filed.version, "act": "accept"})
    assert stale.status_code == 409
    client.post(url, {"version": filed.version + 2, "act": "accept"})
    assert june.of("a1x").reviewer == reviewer


@pytest.mark.parametrize(
    ("key", "role", "post", "review"),
    [
        ("a1x", Role.CLERK, 422, 403),
        ("a1x", Role.HEAD, 422, 403),
        ("a1x", Role.REVIEWER, 403, 403),
        ("a1", Role.CLERK, 403, 403),
        ("a1", Role.REVIEWER, 403, 409),
        ("a", Role.HEAD, 403, 409),
        ("city", Role.REVIEWER, 403, 409),
        ("a1y", Role.CLERK, 404, 404),
        ("b", Role.HEAD, 404, 404),
        ("campus", Role.HEAD, 404, 404),
    ],
)
def test_scope__each_role__may_do_its_own_part_only(june, client, staff, key, role, post, review):
    client.force_login(staff(key, role))
    of = june.of("a1x")
    shown = 404 if post == 404 else 200
    assert client.get(of.get_absolute_url()).status_code == shown
    assert (
        client.post(of.get_absolute_url(), {"act": "file", "version": of.version}).status_code
        == post
    )
    url = reverse("reports:review", args=[of.pk])
    assert client.post(url, {"act": "accept", "version": of.version}).status_code == review
    for name in ("versions", "paper", "workbook"):
        assert client.get(reverse(f"reports:{name}", args=[of.pk])).status_code == shown
    station = {"station": of.station.code}
    assert client.get(reverse("reports:rollup"), station).status_code == shown
    assert client.get(reverse("reports:records", args=["SVC-04"]), station).status_code == shown
    assert client.get(reverse("reports:consolidated"), station).status_code == shown


@pytest.mark.parametrize("trait", [{}, {"administrator": True}])
def test_scope__citizens_and_administrators__see_no_return(june, client, trait):
    client.force_login(UserFactory(**trait))
    assert client.get(june.of("a1x").get_absolute_url()).status_code == 404
    assert client.get(reverse("reports:rollup")).status_code == 404
    assert "东一村" not in text(client.get(reverse("reports:returns")))


def test_list__district__shows_its_subtree_and_nothing_else(june, client, staff):
    client.force_login(staff("a"))
    page = text(client.get(reverse("reports:returns")))
    assert "东一村" in page
    assert "某学院" in page
    assert "宜兴" not in page


def test_list__village_clerk__sees_own_months(june, clerk, client):
    page = text(client.get(reverse("reports:returns")))
    assert "2025年5月" in page
    assert "2025年6月" in page


def test_list__filters__by_state_tier_name_and_overdue(june, client, staff, city):
    fill(june.of("a1x"), staff("a1x"))
    client.force_login(staff("city"))

    def found(**query):
        return [
            row.station for row in client.get(reverse("reports:returns"), query).context["page"]
        ]

    assert found(state="FILED") == [city.a1x]
    assert city.a1x not in found(state="OVERDUE")
    assert found(tier="2") == [city.a, city.b]
    assert found(tier="0") == [city.campus]
    assert found(q="南一") == [city.b1x]
    assert len(found(month="all")) == 22
    assert found(tier="x") == []


def test_accept_many__ticked_returns__accepts_them_and_names_the_stale_one(june, client, staff):
    reviewer = staff("a", Role.REVIEWER)
    one, two = fill(june.of("a1x"), staff("a1x")), fill(june.of("a1y"), staff("a1y"))
    foreign = fill(june.of("b1x"), staff("b1x"))
    client.force_login(reviewer)
    answer = client.post(
        reverse("reports:accept_many"),
        {
            "accept": [
                f"{one.pk}:{one.version}",
                f"{two.pk}:1",
                f"{foreign.pk}:{foreign.version}",
                "x",
                "9:x",
                "9" * 30 + ":1",
                "9" * 5000 + ":1",
                "²:1",
            ]
        },
        follow=True,
    )
    assert june.of("a1x").state == ReturnState.ACCEPTED
    assert june.of("a1y").state == ReturnState.FILED
    assert june.of("b1x").state == ReturnState.FILED
    assert "东二村退役军人服务站没有通过" in text(answer)


def test_close__city_head_only_and_only_when_sure(june, client, staff):
    url = reverse("reports:close", args=[june.pk])
    client.force_login(staff("a", Role.HEAD))
    assert client.post(url, {"sure": "1"}).status_code == 403
    client.force_login(staff("city", Role.HEAD))
    client.post(url)
    june.refresh_from_db()
    assert june.locked_at is None
    client.post(url, {"sure": "1"})
    june.refresh_from_db()
    assert june.locked_at


def test_versions__after_an_override__show_what_changed(june, clerk, client):
    of = june.of("a1x")
    acts.save_return(
        of=of, version=of.version, entries={"SVC-04": Entry(Decimal(3), reason="漏录")}, by=clerk
    )
    page = text(client.get(reverse("reports:versions", args=[of.pk])))
    assert "建档立卡在册人数 填报数 — 3" in page
    assert "说明 — 漏录" in page


def test_paper__return__carries_the_columns_and_three_names(june, clerk, client):
    of = fill(june.of("a1x"), clerk, SVC_06=Entry(Decimal(9)))
    page = text(client.get(reverse("reports:paper", args=[of.pk])))
    for words in ("本年累计", "上年同期累计", "填表人", "审核人", "负责人甲"):
        assert words in page


def test_get__all_pages__write_nothing(june, client, staff):
    client.force_login(staff("city", Role.HEAD))
    of = june.of("a1x")
    urls = [
        reverse("reports:returns"),
        of.get_absolute_url(),
        *(reverse(f"reports:{name}", args=[of.pk]) for name in ("versions", "paper", "workbook")),
        reverse("reports:rollup"),
        reverse("reports:records", args=["SVC-01"]),
        reverse("reports:records", args=["SVC-06"]),
        reverse("reports:consolidated"),
    ]
    for url in urls:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200, url
        writing = [q["sql"] for q in asked if re.match(r"(INSERT|UPDATE|DELETE)", q["sql"])]
        assert [sql for sql in writing if "session" not in sql] == [], url


def queries(client, url):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_queries__every_page__stay_few_whatever_the_number_of_children(june, client, staff):
    fill(june.of("a1x"), staff("a1x"))
    urls = [
        reverse("reports:returns"),
        june.of("a1x").get_absolute_url(),
        reverse("reports:records", args=["SVC-04"]),
        reverse("reports:records", args=["SVC-06"]),
        reverse("reports:consolidated"),
        *(
            f"{reverse('reports:rollup')}?first={MAY:%Y-%m}&station=" + code
            for code in ("", "320281000000")
        ),
    ]
    client.force_login(staff("city", Role.REVIEWER))
    client.get(urls[0])
    counts = {url: queries(client, url) for url in urls}
    assert max(counts.values()) <= MAX_QUERIES, counts
    assert len({count for url, count in counts.items() if "rollup" in url}) == 1 or (
        max(count for url, count in counts.items() if "rollup" in url) <= MAX_QUERIES
    )


def test_queries__reviewable_rows__do_not_add_queries(june, client, staff):
    client.force_login(staff("city", Role.REVIEWER))
    url = reverse("reports:returns")
    client.get(url)
    before = queries(client, url)
    for key in ("a1x", "a1y", "a2x", "b1x", "a1"):
        fill(june.of(key), staff(key))
    assert queries(client, url) == before
    assert Return.objects.filter(state=ReturnState.FILED).count() == 5
    assert len(noughts()) == len(CORE_TYPED)


@pytest.mark.parametrize("page", ["return", "paper", "rollup"])
def test_tables__indicators__stand_under_the_name_of_their_line_of_work(june, staff, client, page):
    client.force_login(staff("a1x"))
    args = [] if page == "rollup" else [june.of("a1x").pk]
    said = client.get(reverse(f"reports:{page}", args=args)).content.decode()
    heads = re.findall(
        r'<tr class="section-row"><th scope="colgroup" colspan="\d+">(.*?)</th>', said
    )
    assert heads == ["服务保障", "安置就业"]

"""Roll-up of each kind against SQL written by hand from `domain.md` C.3 rule 6."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from reports import rollup
from reports.catalogue import BY_CODE
from reports.enums import ReturnState
from reports.models import Figure, Return
from services.enums import Role
from tests.factories.persons import PersonFactory
from tests.reports.conftest import JUNE, MAY
from tests.reports.test_counting import at, sql
from tests.reports.test_pages import text


def filed(june, key, month=JUNE, **values):
    """A filed return with typed figures; a pair is a ratio's parts."""
    of = june.of(key, month)
    filler = filed.staff(key)
    now = timezone.now()
    for code, value in values.items():
        figures = Figure.objects.filter(of=of, code=code.replace("_", "-"))
        if isinstance(value, tuple):
            figures.update(
                typed_value=Decimal(value[0] * 100) / value[1],
                typed_numerator=value[0],
                typed_denominator=value[1],
                reason="已核对",
            )
        else:
            figures.update(typed_value=value, reason="已核对")
    Return.objects.filter(pk=of.pk).update(
        state=ReturnState.FILED, filler=filler, filed_at=now, first_filed_at=now
    )


@pytest.fixture(autouse=True)
def _fillers(staff):
    known = {}

    def one(key):
        if key not in known:
            known[key] = staff(key)
        return known[key]

    filed.staff = one


def column(station, cells, code):
    cell = rollup.shown(BY_CODE[code], cells.get((station.path, code), rollup.EMPTY))
    return cell.value


def test_flow__two_months_and_stations__adds_what_was_filed(june, city):
    filed(june, "a1x", SVC_06=10)
    filed(june, "a1x", MAY, SVC_06=7)
    filed(june, "a1", SVC_06=3)
    filed(june, "b1x", SVC_06=100)
    june.of("a1y").figures.filter(code="SVC-06").update(typed_value=999)  # a draft
    by_hand = sql(
        """SELECT sum(coalesce(f.typed_value, f.system_value)) FROM reports_figure f
        JOIN reports_return r ON r.id = f.of_id JOIN reports_reportingperiod p ON p.id = r.period_id
        JOIN services_station s ON s.id = r.station_id
        WHERE f.code = 'SVC-06' AND p.month IN ('2025-05-01', '2025-06-01')
        AND r.state IN ('FILED', 'ACCEPTED', 'LOCKED') AND r.filed_at IS NOT NULL
        AND s.path LIKE %s""",
        f"{city.a.path}%",
    )
    assert rollup.total(city.a, MAY, JUNE)["SVC-06"].value == by_hand[0] == 20
    cells = rollup.cells(city.a, MAY, JUNE)
    assert column(city.a1, cells, "SVC-06") == 20
    assert column(city.a2, cells, "SVC-06") is None
    assert rollup.total(city.city, MAY, JUNE)["SVC-06"].value == 120
    assert rollup.total(city.a, JUNE, JUNE)["SVC-06"].value == 13


def test_stock__several_months__takes_each_stations_latest_and_never_adds_months(june, city):
    filed(june, "a1x", MAY, SVC_05=40)
    filed(june, "a1x", SVC_05=50)
    filed(june, "a1y", MAY, SVC_05=5)
    filed(june, "a1y", SVC_05=5)
    filed(june, "b1x", MAY, SVC_05=9)
    city.b1x.active_to = date(2025, 6, 20)
    city.b1x.save()
    by_hand = sql(
        """SELECT sum(value) FROM (
            SELECT DISTINCT ON (r.station_id) coalesce(f.typed_value, f.system_value) AS value
            FROM reports_figure f JOIN reports_return r ON r.id = f.of_id
            JOIN reports_reportingperiod p ON p.id = r.period_id
            JOIN services_station s ON s.id = r.station_id
            WHERE f.code = 'SVC-05' AND r.state = 'FILED' AND f.typed_value IS NOT NULL
            AND (s.active_to IS NULL OR s.active_to > '2025-06-30')
            ORDER BY r.station_id, p.month DESC) AS latest"""
    )
    assert rollup.total(city.city, MAY, JUNE)["SVC-05"].value == by_hand[0] == 55
    assert rollup.total(city.city, MAY, MAY)["SVC-05"].value == 54 - 9 + 9


def test_ratio__unequal_stations__is_recomputed_from_sums_not_averaged(june, city):
    filed(june, "a1x", SVC_07=(1, 1))
    filed(june, "a1y", SVC_07=(1, 9))
    filed(june, "a1y", MAY, SVC_07=(0, 10))
    by_hand = sql(
        """SELECT round(100 * sum(typed_numerator) / sum(typed_denominator), 2)
        FROM reports_figure f JOIN reports_return r ON r.id = f.of_id
        WHERE f.code = 'SVC-07' AND r.state = 'FILED'"""
    )
    assert rollup.total(city.a, MAY, JUNE)["SVC-07"].value == by_hand[0] == 10
    assert rollup.total(city.a, JUNE, JUNE)["SVC-07"].value == 20


def test_ratio_of_stocks__several_months__uses_the_latest_month_only(june, city):
    for month in (MAY, JUNE):
        for key in ("a1x", "a1y"):
            filed(june, key, month)
    Figure.objects.filter(code="SVC-03", of__station=city.a1x, of__period__month=JUNE).update(
        system_numerator=1, system_value=100
    )
    total = rollup.total(city.a1, MAY, JUNE)["SVC-03"]
    # the town itself has not filed: its station counts as the system counted it
    assert (total.numerator, total.denominator, total.value) == (1, 3, Decimal("33.33"))


def test_not_filed__automatic_counts_as_the_system_did__typed_does_not(june, city):
    filed(june, "a1x", SVC_06=10)
    june.of("a1y").figures.filter(code="SVC-06").update(typed_value=999)
    june.of("a1y").figures.filter(code="SVC-01").update(typed_value=77, reason="草稿里的数")
    total = rollup.total(city.a1, JUNE, JUNE)
    assert total["SVC-01"].value == 3
    assert total["SVC-06"].value == 10


def test_distinct__automatic__is_recounted_on_files_whatever_was_typed(june, city):
    PersonFactory.create_batch(2, station=city.a1x, filed_at=at(2025, 6, 1))
    PersonFactory(station=city.a1y, filed_at=at(2025, 6, 1))
    filed(june, "a1x", SVC_04=500)
    by_hand = sql(
        "SELECT count(DISTINCT p.id) FROM services_person p JOIN services_station s"
        " ON s.id = p.station_id WHERE s.path LIKE %s AND filed_at < %s",
        f"{city.a.path}%",
        at(2025, 7, 1),
    )
    assert rollup.total(city.a, JUNE, JUNE)["SVC-04"].value == by_hand[0] == 3
    assert column(city.a2, rollup.cells(city.a, JUNE, JUNE), "SVC-04") == 0


def test_distinct__typed_by_two_stations__is_never_added(june, city):
    filed(june, "a1x", SVC_10=2)
    filed(june, "a1y", SVC_10=3)
    filed(june, "a2x", SVC_10=4)
    rows = {
        indicator.code: (total, cells)
        for indicator, total, cells in rollup.table(
            city.a, [city.a.path, city.a1.path, city.a2.path], JUNE, JUNE
        )
    }
    total, (own, town, other) = rows["SVC-10"]
    assert total.by_person
    assert town.by_person
    assert own.value is None
    assert other.value == 4
    assert rollup.own(city.a1x, JUNE, JUNE)["SVC-10"].value == 2


def test_every_station__subtree_totals__agree_with_the_page(june, city):
    for key, value in (("a1x", 1), ("a1y", 2), ("a1", 4), ("a", 8), ("b1x", 16), ("city", 32)):
        filed(june, key, SVC_06=value)
    found = rollup.every_station(city.city, JUNE, JUNE)
    assert found[city.a1.path, "SVC-06", "under"].value == 7
    assert found[city.a.path, "SVC-06", "under"].value == 15
    assert found[city.city.path, "SVC-06", "under"].value == 63
    assert found[city.city.path, "SVC-06", "own"].value == 32


def test_rollup__any_range__is_one_grouped_query_one_recount_and_the_months(
    june, city, django_assert_num_queries
):
    with django_assert_num_queries(3):
        rollup.cells(city.city, MAY, JUNE)


def test_page__city__links_each_figure_to_its_records(june, city, client, staff):
    filed(june, "a1x", SVC_06=10, SVC_10=1)
    filed(june, "a1y", SVC_06=5, SVC_10=1)
    client.force_login(staff("city", Role.REVIEWER))
    answer = client.get(reverse("reports:rollup"))
    page = text(answer)
    assert "须按人核对" in page
    assert "已报 2 份，应报 11 份" in page
    link = f"{reverse('reports:records', args=['SVC-06'])}?station={city.a.code}&amp;first=2025-06&amp;last=2025-06"
    assert link in answer.content.decode()
    behind = client.get(link.replace("&amp;", "&"))
    assert [line[1][2] for line in behind.context["lines"]] == [10, 5]


def test_records__automatic__list_is_the_number_and_masks_names(june, city, client, staff):
    PersonFactory(station=city.a1x, name="王建国", filed_at=at(2025, 6, 1))
    PersonFactory(station=city.b1x, name="赵卫民", filed_at=at(2025, 6, 1))
    client.force_login(staff("a"))
    answer = client.get(reverse("reports:records", args=["SVC-04"]))
    page = text(answer)
    assert answer.context["amount"].value == answer.context["page"].paginator.count == 1
    assert "王*国" in page
    assert "王建国" not in page
    assert "赵" not in page


def test_records__change_one_record__moves_its_station_and_month_only(june, city, client, staff):
    client.force_login(staff("city"))
    url = reverse("reports:records", args=["SVC-04"])

    def value(station, month):
        query = {"station": station.code, "first": month, "last": month}
        return client.get(url, query).context["amount"].value

    before = [value(city.a, "2025-05"), value(city.a, "2025-06"), value(city.b, "2025-06")]
    PersonFactory(station=city.a1x, filed_at=at(2025, 6, 15))
    after = [value(city.a, "2025-05"), value(city.a, "2025-06"), value(city.b, "2025-06")]
    assert [new - old for old, new in zip(before, after, strict=True)] == [0, 1, 0]


@pytest.mark.parametrize(
    "query",
    [
        {"first": "2025-13", "last": "x"},
        {"first": "2025-06", "last": "2025-05"},
        {"first": "9999-12"},
        {"page": "999999999999999999999"},
        {"page": "-1"},
    ],
)
def test_rollup_and_records__hostile_months__fall_back(june, client, staff, query):
    client.force_login(staff("city"))
    assert client.get(reverse("reports:rollup"), query).status_code == 200
    assert client.get(reverse("reports:records", args=["SVC-01"]), query).status_code == 200


@pytest.mark.parametrize(
    ("code", "station"), [("SVC-99", ""), ("SVC-01", "no-such"), ("SVC-01", "\x00")]
)
def test_records__unknown_code_or_station__is_not_found(june, client, staff, code, station):
    client.force_login(staff("city"))
    query = {"station": station} if station else {}
    assert client.get(reverse("reports:records", args=[code]), query).status_code == 404


def test_rollup__before_any_month__says_what_comes(city, client, staff):
    client.force_login(staff("city"))
    for name in ("rollup", "consolidated", "returns"):
        assert client.get(reverse(f"reports:{name}")).status_code == 200
    assert connection.vendor == "postgresql"

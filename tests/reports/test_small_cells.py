"""What stands over too few to be told outside the station, and what a figure is told apart by."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from reports import rollup
from reports.actions import periods
from reports.catalogue import BY_CODE
from reports.documents import official, sheets
from services.enums import CardKind, CardState, Role
from tests.factories.papers import CardFactory, HeldMatterFactory
from tests.factories.ratings import RatingFactory
from tests.reports.conftest import JUNE

SATISFIED = BY_CODE["SVC-16B"]
AT = timezone.make_aware(datetime(2025, 6, 12, 10))


def rated(station, *grades):
    for grade in grades:
        RatingFactory(invitation__matter__station=station, grade=grade, rated_at=AT)


def records(client, code, station, **more):
    return client.get(
        reverse("reports:records", args=[code]), {"station": station.code} | more
    ).content.decode()


@pytest.mark.parametrize(
    ("numerator", "denominator", "few"),
    [(0, 0, False), (1, 1, True), (3, 4, True), (4, 5, False), (None, None, False)],
)
def test_shown__rate_over_a_few__is_left_out(numerator, denominator, few):
    cell = rollup.Cell(None, numerator, denominator)
    assert rollup.shown(SATISFIED, cell).few == few
    assert not rollup.shown(BY_CODE["SVC-16"], cell).few


def test_shown__over_enough__is_the_rate():
    assert rollup.shown(SATISFIED, rollup.Cell(None, Decimal(4), Decimal(5))).value == 80


def test_rollup__of_four_and_five_ratings__hides_the_four(city, calendar, client, staff):
    rated(city.a1x, 5, 5, 4, 1)
    rated(city.a1y, 5, 5, 4, 3, 2)
    periods.open_period(month=JUNE)
    client.force_login(staff("a1", Role.REVIEWER))
    rows = rollup.table(city.a1, [city.a1x.path, city.a1y.path], JUNE, JUNE)
    total, (four, five) = next((a, b) for indicator, a, b in rows if indicator == SATISFIED)
    assert (four.few, four.value) == (True, None)
    assert five.value == 80
    assert not total.few
    page = client.get(reverse("reports:rollup"), {"station": city.a1.code}).content.decode()
    assert page.count("不足5件") == 1
    assert official._said(four) == sheets.FEW == "不足5件"


def test_records__of_a_few_ratings__are_the_stations_own(city, calendar, client, staff):
    rated(city.a1x, 5, 1)
    periods.open_period(month=JUNE)
    client.force_login(staff("a1", Role.REVIEWER))
    above = records(client, "SVC-16B", city.a1x)
    assert "不足5件，不列出" in above
    assert "非常不满意" not in above.split("<h1")[1].replace(SATISFIED.hint, "")
    client.force_login(staff("a1x", Role.HEAD))
    assert "非常不满意" in records(client, "SVC-16B", city.a1x, own="1")


def test_records__of_ratings__say_month_and_grade_but_no_day(city, calendar, client, staff):
    for day, grade in ((3, 1), (12, 5), (25, 1)):
        RatingFactory(
            invitation__matter__station=city.a1x, grade=grade, rated_at=AT.replace(day=day)
        )
    periods.open_period(month=JUNE)
    client.force_login(staff("a1x"))
    page = client.get(
        reverse("reports:records", args=["SVC-16B"]), {"station": city.a1x.code, "own": "1"}
    )
    assert [cells[1:] for _, cells in page.context["lines"]] == [
        ["2025年6月", "非常满意"],
        ["2025年6月", "非常不满意"],
        ["2025年6月", "非常不满意"],
    ]
    assert "2025-06-12" not in page.content.decode()


def test_records__of_cards__are_told_apart_by_kind(city, calendar, client, staff):
    for kind, count in ((CardKind.VETERAN, 2), (CardKind.BEREAVED, 1)):
        for _ in range(count):
            matter = HeldMatterFactory(card=True, station=city.a1x)
            CardFactory(matter=matter, kind=kind, state=CardState.ISSUED, issued_on=AT.date())
    periods.open_period(month=JUNE)
    client.force_login(staff("a1x"))
    page = client.get(
        reverse("reports:records", args=["SVC-05"]), {"station": city.a1x.code, "own": "1"}
    )
    assert page.context["split"] == [(CardKind.VETERAN.label, 2), (CardKind.BEREAVED.label, 1)]
    assert CardKind.BEREAVED.label in page.content.decode()

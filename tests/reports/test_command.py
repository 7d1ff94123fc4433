"""`manage.py indicators`."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from reports.catalogue import CODES
from tests.factories.papers import CardFactory
from tests.factories.persons import PersonFactory
from tests.reports.conftest import JUNE, MAY
from tests.reports.test_counting import at, consultation
from tests.reports.test_rollup import _fillers, filed  # noqa: F401


def indicators(first="2025-05-01", last="2025-06-30", **options):
    out, err = StringIO(), StringIO()
    call_command(
        "indicators",
        "--from",
        first,
        "--to",
        last,
        format="json",
        stdout=out,
        stderr=err,
        **options,
    )
    return {line["code"]: line for line in json.loads(out.getvalue())}, err.getvalue()


def test_indicators__whole_city__prints_every_indicator_with_exactly_its_keys(june, city):
    lines, _ = indicators()
    assert list(lines) == CODES
    for line in lines.values():
        assert list(line) == ["code", "name", "unit", "kind", "value", "printed", "rows"]
    assert lines["SVC-01"] == {
        "code": "SVC-01",
        "name": "退役军人服务中心（站）数",
        "unit": "个",
        "kind": "S",
        "value": 10,
        "printed": "10个",
        "rows": 10,
    }
    assert (lines["SVC-05"]["value"], lines["SVC-05"]["printed"]) == (0, "0张")


def test_indicators__half_year_of_records_and_returns__sums_by_kind(june, city):
    PersonFactory.create_batch(3, station=city.a1x, filed_at=at(2025, 6, 1))
    consultation(city.a1x, at(2025, 6, 2, 9), heads=2)
    consultation(city.a1y, at(2025, 5, 2, 9), heads=3)
    CardFactory(issued=True, station=city.a1x, issued_on=date(2025, 6, 3))
    filed(june, "a1x", MAY, SVC_12=6238, SVC_13=3000, SVC_07=(1, 2), SVC_11=1)
    filed(june, "a1x", SVC_12=5000, SVC_13=2040, SVC_07=(1, 2), SVC_10=2)
    filed(june, "city", SVC_10=6)
    lines, notes = indicators()
    said = {code: (line["value"], line["printed"], line["rows"]) for code, line in lines.items()}
    assert said["SVC-04"] == (3, "3人", 3)
    assert said["SVC-08"] == (5, "5人次", 2)
    assert said["SVC-12"] == (11238, "1.12万余人次", 2)
    assert said["SVC-13"] == (5040, "5000余人次", 2)
    assert said["SVC-05"] == (1, "1张", 1)
    assert said["SVC-07"][:2] == (50, "50%")
    assert said["SVC-10"] == (6, "6名", 1)
    assert "SVC-10" in notes


def test_indicators__station__counts_its_subtree(june, city):
    PersonFactory(station=city.a1x, filed_at=at(2025, 6, 1))
    filed(june, "a1x", SVC_06=4)
    filed(june, "b1x", SVC_06=5)
    lines, _ = indicators(station=city.a.code)
    assert (lines["SVC-04"]["value"], lines["SVC-06"]["value"]) == (1, 4)
    lines, _ = indicators(station=city.b.code)
    assert (lines["SVC-04"]["value"], lines["SVC-06"]["value"]) == (0, 5)


def test_indicators__part_of_a_month__takes_typed_figures_of_whole_months_only(june, city):
    filed(june, "a1x", MAY, SVC_06=4)
    filed(june, "a1x", SVC_06=5)
    lines, notes = indicators("2025-05-01", "2025-06-15")
    assert lines["SVC-06"]["value"] == 4
    assert "整月" in notes
    lines, _ = indicators("2025-06-10", "2025-06-15")
    assert lines["SVC-06"]["value"] is None


@pytest.mark.parametrize(
    ("first", "last", "options", "words"),
    [
        ("2025-02-29", "2025-06-30", {}, "--from 应为日期"),
        ("2025-01-01", "x", {}, "--to 应为日期"),
        ("1899-01-01", "2025-06-30", {}, "1949年到2099年"),
        ("2025-01-01", "9999-12-31", {}, "1949年到2099年"),
        ("2025-06-30", "2025-01-01", {}, "早于开始日期"),
        ("2025-01-01", "2025-06-30", {"station": "no"}, "没有代码为“no”的站点"),
    ],
)
def test_indicators__wrong_arguments__say_how_to_mend_it(city, first, last, options, words):
    with pytest.raises(CommandError, match=words):
        indicators(first, last, **options)


def test_indicators__text__prints_a_line_each(june):
    out = StringIO()
    call_command(
        "indicators", "--from", f"{JUNE}", "--to", "2025-06-30", stdout=out, stderr=StringIO()
    )
    assert [line.split("\t")[0] for line in out.getvalue().splitlines()] == CODES

"""A return by Excel: out, filled in, back in; and what a hostile file gets."""

import io
import zipfile
from decimal import Decimal

import pytest
import python_calamine
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from reports import workbook
from reports.actions import returns as acts
from reports.actions.returns import Entry
from reports.catalogue import CODES
from reports.enums import ReturnState
from reports.sheet import rows_of
from tests.reports.test_pages import text
from tests.reports.test_returns import CORE_TYPED

FORMULA = "formula:"


def filled(of, cells=None, *, stamp=None, raw=None):
    """Bytes of the workbook of `of` with cells typed in: {(code, column): value}."""
    cells = dict(cells or {})
    data = workbook.write(of, rows_of(of))
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    rows = rows.to_python(skip_empty_area=False)
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("月报")
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            code = row[0] if r >= workbook.FIRST_ROW else ""
            put = cells.pop((code, c), value)
            if r == workbook.STAMP_ROW and stamp and c in stamp:
                put = stamp[c]
            if isinstance(put, str) and put.startswith(FORMULA):
                sheet.write_formula(r, c, put.removeprefix(FORMULA), value=5)
            elif isinstance(put, str):
                sheet.write_string(r, c, put)
            elif put is not None:
                sheet.write(r, c, put)
    book.close()
    return stream.getvalue()


@pytest.fixture
def clerk(staff, client):
    user = staff("a1x")
    client.force_login(user)
    return user


def upload(client, of, data, name="月报.xlsx"):
    return client.post(
        reverse("reports:upload", args=[of.pk]), {"workbook": SimpleUploadedFile(name, data)}
    )


def noughts():
    return {(code, workbook.VALUE): 0 for code in CORE_TYPED}


def test_download__return__holds_codes_stamp_and_system_figures_and_is_protected(
    june, clerk, client
):
    of = june.of("a1x")
    answer = client.get(reverse("reports:workbook", args=[of.pk]))
    assert "%E6%9C%88%E6%8A%A5.xlsx" in answer["Content-Disposition"]
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = sheet.get_sheet_by_name("月报").to_python(skip_empty_area=False)
    assert [row[0] for row in rows[5:]] == CODES
    assert rows[2][1:6] == [workbook.VERSION, "", of.station.code, "2025-06", 1.0]
    assert rows[5][workbook.SYSTEM] == 1
    xml = zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/worksheets/sheet1.xml")
    assert b"<sheetProtection" in xml


def test_upload__good_workbook__goes_into_the_draft_and_is_not_filed(june, clerk, client):
    of = june.of("a1x")
    cells = noughts() | {
        ("SVC-06", workbook.VALUE): 12,
        ("SVC-06", workbook.REASON): "集中走访",
        ("SVC-07", workbook.NUMERATOR): 1,
        ("SVC-07", workbook.DENOMINATOR): 2.0,
        ("SVC-12", workbook.VALUE): "1,200",
    }
    answer = upload(client, of, filled(of, cells))
    assert answer.status_code == 302
    of = june.of("a1x")
    assert of.state == ReturnState.DRAFT
    values = {figure.code: figure.typed_value for figure in of.figures.all()}
    assert (values["SVC-06"], values["SVC-07"], values["SVC-12"]) == (12, 50, 1200)
    assert of.versions.first().act == "UPLOADED"


def test_upload__formula_and_text__are_refused_per_cell_and_nothing_is_stored(june, clerk, client):
    of = june.of("a1x")
    cells = noughts() | {
        ("SVC-06", workbook.VALUE): f"{FORMULA}=2+3",
        ("SVC-09", workbook.VALUE): "三件",
        ("SVC-12", workbook.VALUE): -4,
        ("SVC-14", workbook.VALUE): True,
        ("SVC-15", workbook.NUMERATOR): 3,
        ("SVC-07", workbook.REASON): f'{FORMULA}=HYPERLINK("http://x")',
    }
    answer = upload(client, of, filled(of, cells))
    page = text(answer)
    assert answer.status_code == 422
    assert "填报数是公式，请改成算好的数字。" in page
    assert "填报数应为数字，您填了“三件”。" in page
    assert "说明是公式" in page
    assert "分子这一格不用填" in page
    assert june.of("a1x").version == of.version


def test_upload__errors__come_back_in_the_same_excel(june, clerk, client):
    of = june.of("a1x")
    cells = noughts() | {
        ("SVC-09", workbook.VALUE): "=cmd|' /C calc'!A0",
        ("SVC-06", workbook.VALUE): 7,
    }
    answer = upload(client, of, filled(of, cells))
    kept = answer.context["kept"]
    back = client.post(reverse("reports:corrections", args=[of.pk]), {"kept": kept})
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(back.content))
    rows = rows.get_sheet_by_name("月报").to_python(skip_empty_area=False)
    by_code = {row[0]: row for row in rows[5:]}
    assert "应为数字" in by_code["SVC-09"][workbook.ERROR]
    assert by_code["SVC-09"][workbook.VALUE] == "=cmd|' /C calc'!A0"
    assert by_code["SVC-06"][workbook.VALUE] == 7
    xml = zipfile.ZipFile(io.BytesIO(back.content)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in xml


@pytest.mark.parametrize("kept", ["", "x", "a:b:c", None])
def test_corrections__forged__is_refused(june, clerk, client, kept):
    of = june.of("a1x")
    answer = client.post(
        reverse("reports:corrections", args=[of.pk]),
        {} if kept is None else {"kept": kept},
        follow=True,
    )
    assert "请再上传一次" in text(answer)


@pytest.mark.parametrize(
    ("stamp", "words"),
    [
        ({1: "WXVA-RETURN-0"}, "样式已经更新"),
        ({1: "something"}, "不是本平台的月报表格"),
        ({3: "320282101201"}, "属于别的站点（320282101201）"),
        ({4: "2025-05"}, "这份表格是2025-05的"),
    ],
)
def test_upload__workbook_of_something_else__says_of_what(june, clerk, client, stamp, words):
    of = june.of("a1x")
    answer = upload(client, of, filled(of, noughts(), stamp=stamp))
    assert answer.status_code == 422
    assert words in text(answer)


def test_upload__return_changed_since_the_download__does_not_overwrite(june, clerk, client):
    of = june.of("a1x")
    data = filled(of, noughts())
    acts.save_return(of=of, version=of.version, entries={"SVC-06": Entry(Decimal(31))}, by=clerk)
    answer = upload(client, of, data)
    assert answer.status_code == 409
    assert "请重新下载" in text(answer)
    assert june.of("a1x").figures.get(code="SVC-06").typed_value == 31


def bomb():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (21 * 1024 * 1024))
    return stream.getvalue()


def entity():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    return stream.getvalue()


def strangers():
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    book.add_worksheet("Sheet1").write(0, 0, "hello")
    book.close()
    return stream.getvalue()


def short():
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    book.add_worksheet("月报").write(0, 0, "hello")
    book.close()
    return stream.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04not a zip",
        b"\x00" * 100,
        b"<html></html>",
        bomb(),
        entity(),
        strangers(),
        short(),
    ],
)
def test_upload__hostile_file__gets_a_sentence(june, clerk, client, data):
    answer = upload(client, june.of("a1x"), data)
    assert answer.status_code == 422
    assert "不是本平台的月报表格" in text(answer)


def test_upload__nothing_wrong_type_or_too_big__says_so(june, clerk, client):
    of = june.of("a1x")
    url = reverse("reports:upload", args=[of.pk])
    assert "请先选择填好的表格" in text(client.post(url))
    assert "是空的" in text(upload(client, of, b""))
    assert "请上传 .xlsx" in text(upload(client, of, b"x", name="a.xls"))
    assert "超过了2MB" in text(upload(client, of, b"x" * (2 * 1024 * 1024 + 1)))


def test_upload__missing_row__names_the_indicator(june, clerk, client):
    of = june.of("a1x")
    answer = upload(client, of, filled(of, noughts() | {("SVC-06", workbook.CODE): "X"}))
    assert "缺少SVC-06" in text(answer)


def test_upload__filed_return__is_closed(june, clerk, client):
    of = june.of("a1x")
    data = filled(of, noughts())
    acts.file_return(
        of=of, version=of.version, entries={c: Entry(Decimal(0)) for c in CORE_TYPED}, by=clerk
    )
    of = june.of("a1x")
    answer = upload(client, of, filled(of, stamp={5: of.version}))
    assert answer.status_code == 409
    assert "不能再改" in text(answer)
    assert upload(client, of, data).status_code == 409


def test_upload__by_someone_else__is_refused(june, client, staff):
    of = june.of("a1x")
    client.force_login(staff("a1"))
    assert client.get(reverse("reports:upload", args=[of.pk])).status_code == 403
    client.force_login(staff("a1y"))
    assert client.get(reverse("reports:upload", args=[of.pk])).status_code == 404

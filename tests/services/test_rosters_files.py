"""Files that are not what they say, and the pages."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts import private_files
from accounts.models import AuditEntry
from services.actions import rosters as acts
from services.enums import ImportState
from services.models import Person, RosterImport
from services.rosters import reading, template
from services.rosters.columns import TITLES
from tests.factories.accounts import UserFactory
from tests.factories.network import PostingFactory, StationFactory
from tests.services.rosters import clerk, person, workbook

pytestmark = pytest.mark.django_db

XML = '<?xml version="1.0" encoding="UTF-8"?>'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def repacked(data=None, *, drop=(), **parts):
    """A workbook with some of its parts replaced (`sheet`, `strings`, `styles`, `book`)."""
    names = {
        "sheet": "xl/worksheets/sheet1.xml",
        "strings": "xl/sharedStrings.xml",
        "styles": "xl/styles.xml",
        "book": "xl/workbook.xml",
        "macro": "xl/vbaProject.bin",
    }
    changed = {names[key]: value for key, value in parts.items()}
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data or workbook(person()))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in {*old.namelist(), *changed} - set(drop):
            new.writestr(name, changed[name] if name in changed else old.read(name))
    return out.getvalue()


def inline(*rows):
    """Sheet XML with inline strings."""
    lines = "".join(
        f'<row r="{n}">'
        + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
        + "</row>"
        for n, cells in enumerate(rows, 1)
    )
    return f"{XML}<worksheet {MAIN}><sheetData>{lines}</sheetData></worksheet>"


@pytest.mark.parametrize(
    "data, said",
    [
        (b"", "不是Excel工作簿"),
        ("姓名,身份证号".encode(), "不是Excel工作簿"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "密码"),
        (b"PK\x03\x04" + b"0" * 600, "已损坏"),
        (b"%PDF-1.7", "不是Excel工作簿"),
    ],
)
def test_reading__other_kinds_of_file__are_refused_in_words(data, said):
    with pytest.raises(reading.FileRefused, match=said):
        reading.refuse_what_is_no_workbook(data)


def test_reading__zip_without_a_workbook__is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(reading.FileRefused, match="不是Excel工作簿"):
        reading.refuse_what_is_no_workbook(out.getvalue())


def test_reading__macros__are_refused():
    with pytest.raises(reading.FileRefused, match="宏"):
        reading.refuse_what_is_no_workbook(repacked(macro=b"x"))


def test_reading__bomb_by_its_own_word__is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MOST_UNPACKED", 1000)
    with pytest.raises(reading.FileRefused, match="太大"):
        reading.refuse_what_is_no_workbook(workbook(person()))


def test_reading__bomb_that_lies_about_its_size__stops_while_unpacking(monkeypatch):
    data = repacked(sheet=inline(["x" * 200_000]))
    monkeypatch.setattr(reading, "MOST_UNPACKED", 100_000)
    monkeypatch.setattr(reading, "refuse_what_is_no_workbook", lambda data: None)
    with pytest.raises(reading.FileRefused, match="太大"):
        reading.count_rows(data)


def test_reading__cell_at_the_far_corner__costs_nothing():
    cells = f'<c r="A1" t="inlineStr"><is><t>{TITLES[0]}</t></is></c>'
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    sheet = (
        f'{XML}<worksheet {MAIN}><sheetData><row r="1">{cells}</row>{far}</sheetData></worksheet>'
    )
    with pytest.raises(reading.FileRefused, match="表头"):
        list(reading.rows(repacked(sheet=sheet)))


def test_reading__one_endless_row__is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MOST_ELEMENT", 200_000)
    with pytest.raises(reading.FileRefused, match="不合常理"):
        list(reading.rows(repacked(sheet=inline(TITLES, ["x"] * 20_000))))


def test_reading__entities__are_not_expanded():
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
        f'<worksheet {MAIN}><sheetData><row r="1"><c t="inlineStr"><is><t>&b;</t></is></c></row>'
        "</sheetData></worksheet>"
    )
    with pytest.raises(reading.FileRefused):
        list(reading.rows(repacked(sheet=XML + bomb)))


def test_reading__broken_xml__is_refused_in_words():
    with pytest.raises(reading.FileRefused, match="已损坏"):
        list(reading.rows(repacked(sheet="<worksheet><row>")))


def test_reading__missing_part__is_refused_in_words():
    with pytest.raises(reading.FileRefused, match="已损坏"):
        list(reading.rows(repacked(drop=["xl/sharedStrings.xml"])))


def test_reading__headings_only__is_refused():
    with pytest.raises(reading.FileRefused, match="没有一行数据"):
        list(reading.rows(workbook()))


def test_reading__headings_changed__names_what_is_missing():
    titles = ["名字", *TITLES[1:]]
    with pytest.raises(reading.FileRefused, match="姓名"):
        list(reading.rows(workbook(person(), titles=titles)))


def test_reading__more_rows_than_allowed__is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 2)
    with pytest.raises(reading.FileRefused, match="30万行"):
        list(reading.rows(workbook(person(1), person(2), person(3))))


def test_reading__columns_in_another_order_and_a_gap__are_found():
    titles = [*reversed(TITLES)]
    rows = [["" for _ in titles], ["王建国" if title == "姓名" else "" for title in titles]]
    data = repacked(sheet=inline(titles, *rows))
    assert list(reading.rows(data)) == [(3, ["王建国", *[None] * (len(TITLES) - 1)])]


def test_template__filled_in__can_be_uploaded():
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(template.workbook()))
    assert sheet.sheet_names == ["名册", "填表说明"]
    assert sheet.get_sheet_by_index(0).to_python()[0] == list(TITLES)
    with pytest.raises(reading.FileRefused, match="没有一行数据"):
        list(reading.rows(template.workbook()))


# --- pages ---------------------------------------------------------------------------------------


@pytest.fixture
def desk(client):
    by, station = clerk()
    client.force_login(by)
    return by, station


def posted(data, station, name="名册.xlsx"):
    return {"station": station.pk, "file": SimpleUploadedFile(name, data)}


def test_page__upload_to_import__goes_through(client, desk, django_capture_on_commit_callbacks):
    _, station = desk
    data = workbook(person(1), person(2, name="", phone="13800000001"))
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("services:desk_rosters"), posted(data, station))
    roster = RosterImport.objects.get()
    assert answer.url == roster.get_absolute_url()
    html = client.get(answer.url).content.decode()
    assert "导入合格的1人" in html
    assert "没有填姓名" in html
    assert "13800000001" not in html
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("services:desk_roster_let_in", args=[roster.pk]))
    assert Person.objects.count() == 1
    assert "导入完成" in client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    "data, name, said",
    [
        (b"x", "名册.csv", ".xlsx"),
        (b"name,id", "名册.xlsx", "只是改了名字"),
        (b"", "名册.xlsx", "是空的"),
    ],
)
def test_page__wrong_file__says_so_beside_the_field(client, desk, data, name, said):
    html = client.post(reverse("services:desk_rosters"), posted(data, desk[1], name))
    assert said in html.content.decode()
    assert not RosterImport.objects.exists()


def test_page__too_large__says_the_limit(client, desk, settings):
    settings.ROSTER_MAX_BYTES = 1024 * 1024
    html = client.post(reverse("services:desk_rosters"), posted(b"PK" * 600_000, desk[1]))
    assert "超过1MB" in html.content.decode()


def test_page__nothing_chosen__asks_for_a_file(client, desk):
    answer = client.post(reverse("services:desk_rosters"), {"station": desk[1].pk})
    assert "请选择要上传的名册文件" in answer.content.decode()


def test_page__station_of_others__cannot_be_chosen(client, desk):
    answer = client.post(
        reverse("services:desk_rosters"), posted(workbook(person()), StationFactory())
    )
    assert answer.status_code == 200
    assert not RosterImport.objects.exists()


def test_marked_sheet__download__is_recorded(client, desk, django_capture_on_commit_callbacks):
    by, station = desk
    with django_capture_on_commit_callbacks(execute=True):
        roster = acts.upload(
            station=station, file_name="名册.xlsx", data=workbook(person(name="")), by=by
        )
    answer = client.get(reverse("services:desk_roster_marked", args=[roster.pk]))
    assert answer.content.startswith(b"PK")
    assert AuditEntry.objects.filter(act="services.roster_marked_downloaded").count() == 1


def test_marked_sheet__expired__is_said_plainly(client, desk, django_capture_on_commit_callbacks):
    by, station = desk
    with django_capture_on_commit_callbacks(execute=True):
        roster = acts.upload(
            station=station, file_name="名册.xlsx", data=workbook(person(name="")), by=by
        )
    private_files.remove_older_than(-1)
    answer = client.get(reverse("services:desk_roster_marked", args=[roster.pk]), follow=True)
    assert "已过保存期" in answer.content.decode()


def test_page__while_checking__polls_and_shows_progress(client, desk):
    by, station = desk
    roster = acts.upload(station=station, file_name="名册.xlsx", data=workbook(person()), by=by)
    html = client.get(roster.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert html.lstrip().startswith('<div id="roster"')
    assert "every 2s" in html


def test_page__file_refused__says_why_and_offers_another_upload(
    client, desk, django_capture_on_commit_callbacks
):
    by, station = desk
    with django_capture_on_commit_callbacks(execute=True):
        roster = acts.upload(station=station, file_name="名册.xlsx", data=workbook(), by=by)
    html = client.get(roster.get_absolute_url()).content.decode()
    assert "没有一行数据" in html
    assert "重新上传" in html
    roster.refresh_from_db()
    assert roster.state == ImportState.FAILED


@pytest.mark.parametrize("name", ["desk_roster", "desk_roster_marked", "desk_roster_let_in"])
def test_roster__staff_of_another_station__is_not_found(client, name):
    by, station = clerk()
    roster = RosterImport.objects.create(
        station=station, by=by, file_name="x", digest="0", marked_file="x"
    )
    client.force_login(PostingFactory(station=StationFactory()).user)
    method = client.post if name.endswith("let_in") else client.get
    assert method(reverse(f"services:{name}", args=[roster.pk])).status_code == 404


@pytest.mark.parametrize("name", ["desk_rosters", "desk_roster_template"])
@pytest.mark.parametrize("traits", [{}, {"staff": True}, {"administrator": True}])
def test_rosters__nobody_of_the_desk__is_not_found(client, name, traits):
    client.force_login(UserFactory(**traits))
    assert client.get(reverse(f"services:{name}")).status_code == 404


def test_roster_list__other_stations_rosters__are_not_shown(client, desk):
    by, station = clerk()
    other = StationFactory()
    RosterImport.objects.create(station=other, by=by, file_name="别处的.xlsx", digest="0")
    RosterImport.objects.create(station=station, by=by, file_name="本站的.xlsx", digest="0")
    html = client.get(reverse("services:desk_rosters")).content.decode()
    assert "本站的.xlsx" in html
    assert "别处的.xlsx" not in html

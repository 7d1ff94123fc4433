import json
import zipfile
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts import jobs, private_files
from accounts.enums import JobState
from accounts.models import AuditEntry, Job, Message
from services.actions import rosters as acts
from services.enums import FileSource, FileState, ImportState, Role
from services.models import Identity, Person, RosterImport, RosterRow
from services.rosters import storing
from services.rosters.columns import REASON, TITLES
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.persons import PersonFactory, id_number
from tests.services.rosters import clerk, person, reviewer, village, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(django_capture_on_commit_callbacks):
    """Upload a workbook and have it checked; with `let_in` import the good rows too."""

    def run(data, by, station, let_in=False):
        with django_capture_on_commit_callbacks(execute=True):
            roster = acts.upload(station=station, file_name="名册.xlsx", data=data, by=by)
        roster.refresh_from_db()
        if let_in:
            with django_capture_on_commit_callbacks(execute=True):
                acts.let_in(roster=roster, by=by)
            roster.refresh_from_db()
        return roster

    return run


def counts(roster):
    return roster.rows_good, roster.rows_known, roster.rows_bad


def reasons(roster):
    return {key: text for row in roster.rows.bad() for key, text in row.errors.items()}


def test_check__good_known_and_bad_rows__are_told_apart_and_nothing_is_in_yet(bring):
    by, station = clerk()
    PersonFactory(id_number=id_number(2), birth=date(1960, 1, 1))
    data = workbook(person(1), person(2), person(3, name=""))
    roster = bring(data, by, station)
    assert roster.state == ImportState.CHECKED
    assert counts(roster) == (1, 1, 1)
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    "key, value, said",
    [
        ("name", "", "没有填姓名"),
        ("name", "=cmd|'/c calc'!A0", "汉字"),
        ("name", "王😀国", "汉字"),
        ("name", "王" * 51, "最多50个字"),
        ("name", 12345.0, "汉字"),
        ("id_number", 3.2028119580312e17, "数字格式"),
        ("id_number", "", "没有填身份证号"),
        ("id_number", "32028119580312451", "18位"),
        ("id_number", "320281195803124511", "校验位"),
        ("id_number", "320281195813124511", "出生日期"),
        ("id_number", "9" * 10_000, "18位"),
        ("sex", "女", "与所填性别不符"),
        ("sex", "不详", "只能填"),
        ("birth", "1961-01-01", "出生日期不符"),
        ("birth", "1960-13-01", "1978-12-01"),
        ("birth", datetime(9999, 12, 31), "1900年到今天"),
        ("birth", -1.0, "1978-12-01"),
        ("birth", "1899-12-31", "1900年到今天"),
        ("phone", "1380000000", "11位"),
        ("phone", "12345678901", "11位"),
        ("address", "路" * 10_000, "最多160个字"),
        ("address", "幸福路\x01\x02号", "看不见的字符"),
        ("evidence", "退役\x00证", "看不见的字符"),
        ("station_code", "320299999999", "没有这个代码"),
        ("categories", "", "没有填身份类别"),
        ("categories", "退役士兵、飞行员", "没有“飞行员”这种身份类别"),
        ("evidence", "证" * 81, "最多80个字"),
        ("enlisted_on", "1959-12-01", "早于出生日期"),
        ("enlisted_on", "昨天", "1978-12-01"),
        ("placement_way", "其他", "只能填"),
        ("disability_grade", "11", "1至10"),
        ("disability_grade", "5", "残疾性质"),
        ("disability_nature", "因战", "残疾等级"),
        ("honour_plaque_on", "2999-01-01", "1900年到今天"),
        ("lives_alone", "也许", "是或否"),
    ],
)
def test_check__bad_cell__gets_a_reason_and_the_row_waits(bring, key, value, said):
    by, station = clerk()
    roster = bring(workbook(person(1) | {key: value}), by, station)
    assert counts(roster) == (0, 0, 1)
    assert any(said in text for text in reasons(roster).values()), reasons(roster)


@pytest.mark.parametrize(
    "key, value, stored",
    [
        ("name", "阿依古丽·买买提", "阿依古丽·买买提"),
        ("name", " 王 强 ", "王强"),
        ("phone", 13800000001.0, "13800000001"),
        ("phone", "138-0000 0001", "13800000001"),
        ("address", "=SUM(A1)幸福路\\1号\t2幢", "=SUM(A1)幸福路\\1号\t2幢"),
        ("birth", datetime(1960, 1, 1), date(1960, 1, 1)),
        ("birth", "1960年1月1日", date(1960, 1, 1)),
        ("enlisted_on", "1978-12", date(1978, 12, 1)),
        ("enlisted_on", "1978.12.5", date(1978, 12, 5)),
        ("enlisted_on", 19781205.0, date(1978, 12, 5)),
        ("enlisted_on", datetime(1978, 12, 5), date(1978, 12, 5)),
        ("lives_alone", "是", True),
        ("placement_way", "自主就业", "SELF_EMPLOYMENT"),
    ],
)
def test_import__good_cell__is_stored_as_meant(bring, key, value, stored):
    by, station = clerk()
    bring(workbook(person(1) | {key: value}), by, station, let_in=True)
    assert getattr(Person.objects.get(), key) == stored


def test_import__village_clerks_roster__waits_for_review(bring):
    by, station = clerk()
    roster = bring(workbook(person(1)), by, station, let_in=True)
    found = Person.objects.get()
    assert (found.state, found.source) == (FileState.SUBMITTED, FileSource.ROSTER)
    assert found.submitted_by == by
    assert found.identities.get().verified_at is None
    assert (roster.state, roster.rows_added) == (ImportState.IMPORTED, 1)


def test_import__district_reviewers_roster__is_filed_with_verified_identities(bring):
    by, district = reviewer()
    bring(workbook(person(1, categories="退役士兵、残疾军人")), by, district, let_in=True)
    found = Person.objects.get()
    assert found.state == FileState.FILED
    assert found.filed_at
    assert found.station.code == "320281101001"
    assert Identity.objects.valid().count() == 2


def test_import__what_search_needs__is_derived_as_a_form_would(bring):
    by, station = clerk()
    bring(workbook(person(1, name="单志强", phone="13800000001")), by, station, let_in=True)
    found = Person.objects.get()
    assert (found.name_pinyin, found.name_initials) == ("shanzhiqiang", "szq")
    assert Person.objects.with_phone("13800000001").get() == found
    assert Person.objects.with_id_number(id_number(1)).get() == found


def test_import__x_in_lower_case_and_wide_digits__is_the_same_person(bring):
    by, station = clerk()
    number = next(n for n in map(id_number, range(1, 99)) if n.endswith("X"))
    PersonFactory(id_number=number, birth=date(1960, 1, 1))
    roster = bring(workbook(person(1, id_number=number.lower())), by, station)
    assert counts(roster) == (0, 1, 0)


def test_check__number_twice_in_the_file__the_second_names_the_first(bring):
    by, station = clerk()
    roster = bring(workbook(person(1), person(2), person(1)), by, station)
    assert counts(roster) == (2, 0, 1)
    assert "第2行" in reasons(roster)["id_number"]


def test_import__same_file_again__adds_nobody(bring):
    by, station = clerk()
    data = workbook(person(1), person(2))
    bring(data, by, station, let_in=True)
    again = bring(data, by, station)
    assert counts(again) == (0, 2, 0)
    assert Person.objects.count() == 2


def test_import__mended_sheet__brings_in_the_rest_only(bring):
    by, station = clerk()
    first = bring(workbook(person(1), person(2, phone="138")), by, station, let_in=True)
    sheet = CalamineWorkbook.from_filelike(BytesIO(private_files.fetch(first.marked_file)))
    rows = sheet.get_sheet_by_index(0).to_python()
    assert rows[0] == [*TITLES, REASON]
    assert "手机号：手机号应为11位" in rows[2][-1]
    assert rows[1][-1] == ""
    second = bring(workbook(person(1), person(2, phone="13800000001")), by, station, let_in=True)
    assert (second.rows_added, second.rows_known) == (1, 1)
    assert Person.objects.count() == 2


def test_marked_sheet__uploaded_as_it_is__is_read_again(bring):
    by, station = clerk()
    first = bring(workbook(person(1), person(2, phone="138")), by, station)
    again = bring(private_files.fetch(first.marked_file), by, station)
    assert counts(again) == (1, 0, 1)


def test_marked_sheet__hostile_text__is_no_formula(bring):
    by, station = clerk()
    roster = bring(workbook(person(1, name="=1+1", address="@SUM(A1)")), by, station)
    content = private_files.fetch(roster.marked_file)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        notes = archive.read("xl/comments1.xml").decode()
    assert "<f>" not in sheet
    assert "=1+1" in sheet
    assert "汉字" in notes


def test_import__person_filed_meanwhile__is_known_not_doubled(
    bring, django_capture_on_commit_callbacks
):
    by, station = clerk()
    roster = bring(workbook(person(1), person(2)), by, station)
    PersonFactory(id_number=id_number(1), birth=date(1960, 1, 1))
    with django_capture_on_commit_callbacks(execute=True):
        acts.let_in(roster=roster, by=by)
    roster.refresh_from_db()
    assert (roster.rows_added, roster.rows_known) == (1, 1)
    assert Person.objects.count() == 2


def test_let_in__twice__second_is_refused(bring):
    by, station = clerk()
    roster = bring(workbook(person(1)), by, station)
    acts.let_in(roster=roster, by=by)
    with pytest.raises(acts.RosterError, match="没有等着导入的人"):
        acts.let_in(roster=roster, by=by)


def test_import__worker_dies_between_batches__goes_on_without_doubling(
    bring, monkeypatch, django_capture_on_commit_callbacks
):
    by, station = clerk()
    roster = bring(workbook(*[person(n) for n in range(1, 8)]), by, station)
    monkeypatch.setattr(acts, "IMPORT_BATCH", 2)
    real, calls = storing.add_persons, []

    def dies_on_the_third(*args, **values):
        calls.append(1)
        if len(calls) == 3:
            raise SystemExit
        return real(*args, **values)

    monkeypatch.setattr(storing, "add_persons", dies_on_the_third)
    with pytest.raises(SystemExit), django_capture_on_commit_callbacks(execute=True):
        acts.let_in(roster=roster, by=by)
    assert Person.objects.count() == 4
    jobs.run(Job.objects.get(kind=acts.IMPORT).pk)
    roster.refresh_from_db()
    assert (roster.state, roster.rows_added) == (ImportState.IMPORTED, 7)
    assert Person.objects.count() == Identity.objects.count() == 7


def test_check__worker_dies_half_way__starts_anew_without_doubling(bring, monkeypatch):
    by, station = clerk()
    monkeypatch.setattr(acts, "CHECK_BATCH", 2)
    real, calls = storing.keep_checked, []

    def dies_on_the_second(*args):
        calls.append(1)
        if len(calls) == 2:
            raise SystemExit
        return real(*args)

    monkeypatch.setattr(storing, "keep_checked", dies_on_the_second)
    with pytest.raises(SystemExit):
        bring(workbook(*[person(n) for n in range(1, 6)]), by, station)
    assert RosterRow.objects.count() == 2
    jobs.run(Job.objects.get(kind=acts.CHECK).pk)
    roster = RosterImport.objects.get()
    assert counts(roster) == (5, 0, 0)
    assert roster.rows.count() == 5


def test_import__whole_roster__is_one_audit_row_with_counts(bring):
    by, station = clerk()
    bring(workbook(person(1), person(2), person(3, phone="1")), by, station, let_in=True)
    entry = AuditEntry.objects.get(act="services.roster_imported")
    assert entry.detail == {"added": 2, "known": 0, "bad": 1, "filed": False}
    assert not AuditEntry.objects.filter(act="services.file_created").exists()


def test_import__its_owner__is_told(bring):
    by, station = clerk()
    roster = bring(workbook(person(1)), by, station, let_in=True)
    urls = set(Message.objects.inbox_of(by).values_list("url", flat=True))
    assert urls == {roster.get_absolute_url()}


def test_roster_in_the_database__nothing_personal__is_readable(bring):
    by, station = clerk()
    row = person(1, phone="13800000001", categories=f"退役士兵、{id_number(7)}")
    bring(workbook(row, person(2)), by, station)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(r::text, ' ') FROM services_rosterrow r")
        text = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(j::text, ' ') FROM accounts_job j")
        text += cursor.fetchone()[0]
    for secret in (id_number(1), id_number(7), "13800000001", "王建国"):
        assert secret not in text


def test_upload__outsider__is_refused():
    by, _ = clerk()
    other = StationFactory()
    with pytest.raises(acts.RosterError, match="不能导入"):
        acts.upload(station=other, file_name="x.xlsx", data=workbook(person(1)), by=by)


def test_check__station_outside_the_rosters_station__is_an_error(bring):
    by, station = clerk()
    elsewhere = StationFactory()
    roster = bring(workbook(person(1, station_code=elsewhere.code)), by, station)
    assert "没有这个代码" in reasons(roster)["station_code"]


def test_check__village_roster_without_station__belongs_to_the_village(bring):
    by, station = clerk()
    bring(workbook(person(1, station_code="")), by, station, let_in=True)
    assert Person.objects.get().station == station


def test_check__district_roster_without_station__asks_for_one(bring):
    by, district = reviewer()
    roster = bring(workbook(person(1, station_code="")), by, district)
    assert "没有填站点" in reasons(roster)["station_code"]


def test_check__station_by_name__is_found_and_two_of_one_name_are_not_guessed(bring):
    by, district = reviewer()
    mine = village()
    row = person(1, station_code="", station_name=mine.name)
    assert counts(bring(workbook(row), by, district)) == (1, 0, 0)
    StationFactory(name=mine.name)
    roster = bring(workbook(row), by, district)
    assert "有2个站点叫这个名称" in reasons(roster)["station_name"]


def test_check__file_gone_before_the_worker_came__says_so():
    by, station = clerk()
    roster = acts.upload(station=station, file_name="名册.xlsx", data=workbook(person(1)), by=by)
    private_files.remove(roster.job.params["file"])
    jobs.run(roster.job.pk)
    roster.job.refresh_from_db()
    roster.refresh_from_db()
    assert roster.job.state == JobState.FAILED
    assert "重新上传" in roster.job.error
    assert roster.state == ImportState.FAILED


def test_check__afterwards__the_uploaded_file_is_gone(bring):
    by, station = clerk()
    roster = bring(workbook(person(1)), by, station)
    with pytest.raises(FileNotFoundError):
        private_files.fetch(roster.job.params["file"])


def test_check__queries__do_not_grow_with_the_rows(bring, django_assert_max_num_queries):
    by, station = clerk()
    with django_assert_max_num_queries(70):
        bring(workbook(*[person(n) for n in range(1, 400)]), by, station, let_in=True)


def test_forget_old__rows_of_a_month_ago__go_and_the_counts_stay(bring):
    by, station = clerk()
    roster = bring(workbook(person(1)), by, station)
    RosterImport.objects.update(created_at=timezone.now() - timedelta(days=40))
    acts.forget_old(30)
    assert not roster.rows.exists()
    assert RosterImport.objects.get().rows_good == 1


def test_copy_rows__text_with_every_separator__comes_back_as_it_was():
    by, station = clerk()
    roster = RosterImport.objects.create(station=station, by=by, file_name="x", digest="0")
    text = 'a\tb\nc\\d\r"e"\\N'
    storing.copy_rows(
        "services_rosterrow",
        storing.ROW_COLUMNS,
        [(roster.pk, 1, "", storing.crypto.encrypt(text), json.dumps({"k": text}), False)],
    )
    row = RosterRow.objects.get()
    assert (row.cells, row.errors) == (text, {"k": text})


def test_roster_roles__clerk_of_the_town__imports_for_its_villages(bring):
    station = village()
    by = PostingFactory(station=station.parent, role=Role.CLERK).user
    roster = bring(workbook(person(1)), by, station.parent, let_in=True)
    assert roster.rows_added == 1
    assert Person.objects.get().state == FileState.SUBMITTED

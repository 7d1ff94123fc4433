"""The month from village to city: fill in, send back, correct, accept, upload, consolidate."""

import io
from datetime import timedelta
from decimal import Decimal

import docx
import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from reports.actions import periods
from reports.actions import returns as acts
from reports.actions.returns import Entry
from reports.enums import ReturnState
from reports.models import Return
from services.enums import ImportState, Role
from services.models import Person, RosterImport
from tests.browser import excel, hands, village
from tests.browser.hands import follow, heading, press, sees
from tests.factories.persons import PersonFactory, id_number
from tests.services.rosters import person as roster_row
from tests.services.rosters import workbook as roster_workbook
from veterans_portal.indicators import previous_month

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TYPED = {
    "SVC-06": 12,
    "SVC-09": 0,
    "SVC-10": 0,
    "SVC-12": 20,
    "SVC-13": 8,
    "SVC-14": 0,
    "SVC-15": 3,
}
TYPED_IN = "填报数"
FILED_WORDS = "已上报，等待上级审核"


@pytest.fixture
def place():
    """The network with two people on file in the month that has just been opened."""
    place = village.build()
    call_command("load_calendar")
    month = previous_month(timezone.localdate())
    filed_at = timezone.now().replace(year=month.year, month=month.month, day=10)
    PersonFactory.create_batch(2, station=place.village, filed_at=filed_at)
    place.period = periods.open_period(month=month)
    place.of = lambda station: Return.objects.get(station=station, period=place.period)
    return place


@pytest.fixture
def desk_of(browser, live_server):
    """`desk_of(user)`: a desktop page where this person is signed in."""
    with hands.page_of(browser, hands.DESKTOP, accept_downloads=True) as page:

        def sit_down(user, path):
            page.context.clear_cookies()
            hands.sign_in_at_once(page, live_server.url, user)
            page.goto(live_server.url + path)
            return page

        yield sit_down


def type_in(page, figures):
    for code, value in figures.items():
        page.locator(f"[name=value-{code}]").fill(str(value))


def write_why(page, code, why):
    """Open the fold of the row and write the reason."""
    field = page.locator(f"[name=reason-{code}]")
    if not field.is_visible():
        field.locator("xpath=ancestor::details").locator("summary").click()
    field.fill(why)


def file_it(of, by):
    entries = {code: Entry(Decimal(value)) for code, value in TYPED.items()}
    return acts.file_return(of=of, version=of.version, entries=entries, by=by)


def test_clerk__fills_in_the_month__with_an_override_and_its_reason_and_files_it(desk_of, place):
    clerk = village.staff(place.village)
    page = desk_of(clerk, "/desk/returns/")
    follow(page, place.village.name)
    type_in(page, TYPED | {"SVC-04": 3})
    press(page, "上报")
    expect(page.locator(".error-summary")).to_contain_text("填报数3与系统数2不同")
    assert page.locator("[name=value-SVC-12]").input_value() == "20"
    write_why(page, "SVC-04", "一人月底从外地转入，材料未到")
    press(page, "上报")
    sees(page, FILED_WORDS)
    of = place.of(place.village)
    assert (of.state, of.filler) == (ReturnState.FILED, clerk)
    assert of.figures.get(code="SVC-04").typed_value == 3


def test_township__sends_back_one_figure__is_corrected_and_accepts(desk_of, place):
    clerk = village.staff(place.village, name="陆春华")
    reviewer = village.staff(place.town, Role.REVIEWER, name="周文斌")
    file_it(place.of(place.village), clerk)
    page = desk_of(reviewer, "/desk/")
    follow(page, place.village.name)
    row = page.locator("tr", has=page.locator("[name=back-SVC-12]"))
    row.locator("summary", has_text="退回此项").click()
    row.locator("[name=back-SVC-12]").fill("比走访记录少3人，请核对")
    press(page, "退回写明原因的指标")
    sees(page, "已退回")
    page = desk_of(clerk, "/me/messages/")
    sees(page, "已退回，请修改")
    press(page, "去看看")
    sees(page, "上级退回，请修改", "比走访记录少3人，请核对")
    assert page.locator("[name=value-SVC-06]").count() == 0
    type_in(page, {"SVC-12": 23})
    press(page, "上报")
    sees(page, FILED_WORDS)
    page = desk_of(reviewer, place.of(place.village).get_absolute_url())
    press(page, "审核通过")
    sees(page, "已审核通过")
    of = place.of(place.village)
    assert (of.state, of.reviewer, of.times_returned) == (ReturnState.ACCEPTED, reviewer, 1)


def test_district__uploads_its_workbook__sees_the_wrong_cell_mends_it_and_files(
    desk_of, place, tmp_path
):
    of = place.of(place.district)
    page = desk_of(village.staff(place.district), of.get_absolute_url())
    sheet = save(page, "下载表格", tmp_path / "month.xlsx")
    follow(page, "上传表格")
    upload(page, excel.type_into(sheet, TYPED_IN, TYPED | {"SVC-09": "三件"}))
    sees(page, "SVC-09", "填报数应为数字，您填了“三件”")
    marked = save(page, "下载标好红字的表格", tmp_path / "marked.xlsx")
    assert "应为数字" in excel.text(marked)
    upload(page, excel.type_into(marked, TYPED_IN, {"SVC-09": 3}))
    sees(page, "表格已填入草稿")
    press(page, "上报")
    sees(page, FILED_WORDS)
    assert place.of(place.district).figures.get(code="SVC-09").typed_value == 3


def save(page, name, path):
    """Press or follow what is called so and keep the file that comes."""
    named = page.get_by_role("main").locator("a, button").filter(has_text=name).first
    with page.expect_download() as download:
        named.click()
    download.value.save_as(path)
    return path


def upload(page, path):
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("main").locator("form:has(input[type=file]) button").click()


@pytest.mark.slow
def test_district__imports_a_roster__lets_the_good_rows_in_and_gets_the_bad_one_back(
    desk_of, place, tmp_path, real_worker
):
    code = place.village.code
    good = [roster_row(serial, station_code=code) for serial in (201, 202)]
    bad = roster_row(203, station_code=code, categories="退伍")
    path = tmp_path / "名册.xlsx"
    path.write_bytes(roster_workbook(*good, bad))
    before = Person.objects.count()
    page = desk_of(village.staff(place.district, Role.REVIEWER), "/desk/rosters/")
    upload(page, path)
    sees(page, "需要修改的行", "第 4 行", "身份类别")
    marked = save(page, "下载修改表", tmp_path / "marked.xlsx")
    assert id_number(203) in excel.text(marked)
    press(page, "导入合格的2人")
    sees(page, "导入完成")
    assert RosterImport.objects.get().state == ImportState.IMPORTED
    assert Person.objects.count() == before + 2


@pytest.mark.slow
def test_city__orders_the_consolidated_report__and_gets_excel_and_word_from_a_real_worker(
    desk_of, place, tmp_path, real_worker
):
    file_it(place.of(place.village), village.staff(place.village))
    page = desk_of(village.staff(place.city, Role.HEAD, name="顾明远"), "/desk/rollup/")
    heading(page, "逐级汇总")
    row = page.locator("tr", has_text="SVC-04")
    row.locator("td a").first.click()
    heading(page, "建档立卡在册人数")
    expect(page.locator("main tbody tr").filter(has_text=place.village.name)).to_have_count(2)
    page.go_back()
    follow(page, "生成综合报告")
    press(page, "生成报告")
    sees(page, "已开始生成")
    word = page.get_by_role("link", name="下载 Word 草稿")
    expect(word).to_be_visible(timeout=90_000)
    assert "汇总表" in excel.sheet_names(save(page, "下载 Excel", tmp_path / "report.xlsx"))
    draft = docx.Document(
        io.BytesIO(save(page, "下载 Word 草稿", tmp_path / "r.docx").read_bytes())
    )
    assert any("退役军人" in paragraph.text for paragraph in draft.paragraphs)
    assert timezone.now() - place.of(place.village).filed_at < timedelta(minutes=10)

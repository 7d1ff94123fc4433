"""The consolidated report: its Excel and its Word, its job, a worker killed in the middle."""

import io
import zipfile
from datetime import timedelta

import docx
import pytest
import python_calamine
from django.urls import reverse
from django.utils import timezone
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from accounts import jobs, private_files
from accounts.enums import JobState
from accounts.models import Job
from reports.documents import official, sheets, wording
from reports.documents.data import gather
from services.enums import Role
from tests import live
from tests.factories.accounts import JobFactory, UserFactory
from tests.factories.persons import PersonFactory
from tests.reports.conftest import JUNE, MAY
from tests.reports.test_counting import at
from tests.reports.test_pages import text
from tests.reports.test_rollup import _fillers, filed  # noqa: F401


@pytest.fixture
def report(june, city):
    PersonFactory.create_batch(3, station=city.a1x, filed_at=at(2025, 6, 1))
    filed(june, "a1x", SVC_06=7, SVC_12=11238, SVC_13=5040, SVC_14=14, SVC_15=70)
    filed(june, "city", SVC_10=6, SVC_11=60000)
    return gather(city.city, MAY, JUNE)


def test_excel__summary_and_stations__hold_the_figures_of_the_pages(report, city):
    stream = io.BytesIO()
    said = []
    sheets.write(report, stream, progress=lambda done, total: said.append((done, total)))
    stream.seek(0)
    book = python_calamine.CalamineWorkbook.from_filelike(stream)
    rows = {row[0]: row for row in book.get_sheet_by_name("汇总表").to_python()}
    assert rows["SVC-06"][3] == 7
    assert rows["SVC-12"][4] == "1.12万余人次"
    assert rows["SVC-04"][3] == 3
    head, *lines = book.get_sheet_by_name("各站点").to_python()[2:]
    column = next(i for i, title in enumerate(head) if title.startswith("SVC-06"))
    by_key = {(line[0], line[1]): line[column] for line in lines}
    assert by_key[city.a1x.name, "本级"] == 7
    assert by_key[city.a.name, "含下级"] == 7
    assert by_key[city.a.name, "本级"] == "—"
    assert said == [(11, 11)]
    names = zipfile.ZipFile(stream).namelist()
    assert "xl/worksheets/sheet2.xml" in names


def test_wording__seed_figures__stand_in_the_text_verbatim(report):
    whole = "".join(text for _, text in wording.paragraphs(report))
    assert "联系军休干部1.12万余人次，其中走访慰问5000余人次。" in whole
    assert "加装电梯14部。" in whole
    assert "老旧小区改造惠及70户。" in whole
    assert "建档立卡在册3人。" in whole
    assert "—" not in whole
    assert "已报2份" in wording.data_note(report)


def test_word__official_format__has_the_measures_of_the_standard(report):
    stream = io.BytesIO()
    official.write(report, stream)
    document = docx.Document(stream)
    section = document.sections[0]
    assert abs(section.page_width - Mm(210)) < Mm(0.1)
    assert abs(section.page_height - Mm(297)) < Mm(0.1)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    for found, wanted in zip(margins, (37, 35, 28, 26), strict=True):
        assert abs(found - Mm(wanted)) < Mm(0.1)
    body = next(p for p in document.paragraphs if p.text.startswith("现将"))
    assert body.paragraph_format.line_spacing == Pt(28.95)
    fonts = body.runs[0]._r.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert body.runs[0].font.size == Pt(16)
    title = next(p for p in document.paragraphs if p.text.startswith("关于"))
    assert title.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"
    heading = next(p for p in document.paragraphs if p.text.startswith("一、"))
    assert heading.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == "黑体"
    assert "PAGE" in section.footer._element.xml
    assert section.footer.paragraphs[0].text == "—  —"
    assert "w:tblHeader" in document.tables[0].rows[0]._tr.xml
    assert document.paragraphs[0].text == "锡退役军人发〔2025〕×号"


def test_page__order__makes_both_files_for_the_owner_only(
    june, client, staff, django_capture_on_commit_callbacks
):
    head = staff("a", Role.HEAD)
    client.force_login(head)
    url = reverse("reports:consolidated")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {"first": "2025-05", "last": "2025-06"})
    made = Job.objects.get()
    assert (made.state, made.owner) == (JobState.DONE, head)
    page = client.get(url)
    assert "下载 Word 草稿" in text(page)
    for kind in ("excel", "word"):
        answer = client.get(reverse("reports:consolidated_file", args=[made.pk, kind]))
        assert answer.content[:2] == b"PK"
    assert (
        client.get(reverse("reports:consolidated_file", args=[made.pk, "pdf"])).status_code == 404
    )
    client.force_login(staff("a", Role.HEAD))
    assert (
        client.get(reverse("reports:consolidated_file", args=[made.pk, "word"])).status_code == 404
    )
    client.force_login(UserFactory())
    assert client.get(url).status_code == 404


def test_page__order_for_a_station_outside__is_not_found(june, city, client, staff):
    client.force_login(staff("a", Role.HEAD))
    answer = client.post(reverse("reports:consolidated"), {"station": city.b.code})
    assert answer.status_code == 404
    assert not Job.objects.exists()


def test_page__ordered_twice__makes_one_job_and_more_than_three_wait(june, city, client, staff):
    head = staff("a", Role.HEAD)
    client.force_login(head)
    url = reverse("reports:consolidated")
    for _ in range(2):
        client.post(url, {"station": city.a.code, "first": "2025-05", "last": "2025-06"})
    assert Job.objects.count() == 1
    for key in ("a1", "a2"):
        client.post(url, {"station": getattr(city, key).code})
    answer = client.post(url, {"station": city.a1x.code}, follow=True)
    assert "已有3项工作在处理" in text(answer)
    assert Job.objects.count() == 3


def test_right_to_the_station_gone__retry_and_files__are_refused(june, city, client, staff):
    head = staff("a", Role.HEAD)
    params = {"station": city.b.pk, "first": "2025-06-01", "last": "2025-06-01", "page": "/desk/"}
    kept = {"file": private_files.keep(b"x"), "file_name": "x.xlsx"}
    kept |= {"word": kept["file"], "word_name": "x.docx"}
    job = {"kind": "reports.consolidated", "owner": head, "params": params}
    made = JobFactory(**job, done_=True, result=kept)
    failed = JobFactory(**job, failed=True)
    queued = JobFactory(**job)
    client.force_login(head)
    for kind in ("excel", "word"):
        address = reverse("reports:consolidated_file", args=[made.pk, kind])
        assert client.get(address).status_code == 404
    assert client.get(reverse("accounts:job_file", args=[made.pk])).status_code == 404
    client.post(reverse("accounts:job_retry", args=[failed.pk]))
    jobs.run(queued.pk)
    for row in (failed, queued):
        row.refresh_from_db()
        assert row.state == JobState.FAILED
    assert queued.error == jobs.NO_LONGER


def test_page__failed_run__says_why_and_can_be_run_again(june, city, client, staff):
    head = staff("a", Role.HEAD)
    Job.objects.create(
        kind="reports.consolidated",
        title="综合报告",
        owner=head,
        state=JobState.FAILED,
        error="磁盘已满，请联系系统管理员。",
        finished_at=timezone.now(),
        params={
            "station": city.a.pk,
            "first": "2025-06-01",
            "last": "2025-06-01",
            "page": "/desk/",
        },
    )
    client.force_login(head)
    page = text(client.get(reverse("reports:consolidated")))
    assert "磁盘已满，请联系系统管理员。" in page
    assert "再试一次" in page


def test_page__while_running__polls_only_its_part(june, client, staff, city):
    head = staff("a", Role.HEAD)
    jobs.start("reports.consolidated", title="综合报告", owner=head, params={})
    client.force_login(head)
    url = reverse("reports:consolidated")
    assert 'hx-trigger="every 2s"' in client.get(url).content.decode()
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="report-jobs"')


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_worker_killed_in_the_middle__is_taken_up_again_with_one_result(
    june, city, staff, real_worker, monkeypatch, settings
):
    head = staff("city", Role.HEAD)
    row = jobs.start(
        "reports.consolidated",
        title="综合报告",
        owner=head,
        params={
            "station": city.city.pk, "first": "2025-06-01", "last": "2025-06-01",
            "page": reverse("reports:consolidated"),
        },
    )  # fmt: skip
    live.wait_until(lambda: Job.objects.get(pk=row.pk).attempts > 0)
    real_worker.kill()
    Job.objects.filter(pk=row.pk).update(
        state=JobState.RUNNING,
        finished_at=None,
        result={},
        heartbeat_at=timezone.now() - timedelta(minutes=5),
    )
    monkeypatch.setenv("PRIVATE_FILES_DIR", str(settings.PRIVATE_FILES_DIR))
    real_worker.start()
    jobs.sweep()
    live.wait_until(lambda: Job.objects.get(pk=row.pk).state == JobState.DONE, seconds=60)
    done = Job.objects.get(pk=row.pk)
    assert done.attempts >= 2
    assert private_files.fetch(done.result["word"])[:2] == b"PK"
    assert private_files.fetch(done.result["file"])[:2] == b"PK"
    assert Job.objects.count() == 1

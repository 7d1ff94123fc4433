"""Pages of placement for those who work on it, the person, the employer and everybody."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from placement import case_sections
from placement.actions.scoring import publications
from placement.enums import SheetState
from placement.models import (
    CaseEvidence,
    PlacementCase,
    PlacementTerms,
    ScorePublication,
    ScoreSheet,
    ScoringScheme,
)
from services.enums import Role
from services.perms import scope_of
from tests.factories.network import PostingFactory
from tests.factories.placement_cases import PlacementCaseFactory
from tests.placement.placing_scene import (
    calendar,
    centre,
    checked_in,
    confirmed,
    counted,
    published,
    soldier,
)

pytestmark = pytest.mark.django_db
HOSTILE = ["<script>alert(1)</script>", "=cmd|' /C calc'!A1", "上\x00岗", "🎖️立功", "9" * 28]


@pytest.fixture
def place():
    calendar()
    return centre()


def text(answer):
    return answer.content.decode()


def url(name, *args):
    return reverse(f"placement:{name}", args=args)


def act(client, case, name, **data):
    return client.post(url("case_act", case.number, name), data, follow=True)


def test_desk__from_search_to_the_points__all_by_pages(client, place):
    person = soldier(place, name="程远帆")
    client.force_login(place.clerk)
    page = text(client.post(url("case_new"), {"q": "程远"}))
    assert url("case_open", person.pk) in page
    answer = client.post(
        url("case_open", person.pk),
        {"station": place.station.pk, "way": "ARRANGED_JOB", "grounds": ["LONG_SERVICE"],
         "discharged_on": str(timezone.localdate() - timedelta(days=9)), "sending_contact": ""},
        follow=True,
    )  # fmt: skip
    case = PlacementCase.objects.get()
    assert "登记报到" in text(answer)
    act(client, case, "report", on=str(timezone.localdate()))
    act(client, case, "begin-check")
    answer = act(client, case, "evidence", kind="AWARD", title="三等功登记表", place="第1卷第12页")
    assert "三等功登记表" in text(answer)
    client.post(url("sheet", case.number))
    paper = CaseEvidence.objects.get()
    page = text(client.get(url("sheet", case.number)))
    assert "人员档案里已有的" in page
    client.post(
        url("sheet_act", case.number, "line"), {"rule": place.years.pk, "evidence": paper.pk}
    )
    answer = client.post(
        url("sheet_act", case.number, "line"),
        {"rule": place.third.pk, "evidence": paper.pk, "quantity": "0"},
    )
    assert "数量要大于0" in text(answer)
    client.post(
        url("sheet_act", case.number, "line"),
        {"rule": place.third.pk, "evidence": paper.pk, "quantity": "1"},
    )
    client.post(url("sheet_act", case.number, "check"))
    client.force_login(place.reviewer)
    client.post(url("sheet_act", case.number, "check"))
    client.force_login(place.clerk)
    client.post(url("sheet_act", case.number, "finish"))
    sheet = ScoreSheet.objects.get()
    assert (sheet.state, str(sheet.total)) == (SheetState.TO_CONFIRM, "46.00")


def test_me__reads_confirms_and_wishes(client, place):
    sheet = counted(place, checked_in(place), place.third)
    client.force_login(sheet.case.person.account)
    page = text(client.get(url("my_placement")))
    assert "46.00" in page
    assert "确认无误" in page
    client.post(url("my_placement_act", "confirm"))
    sheet.refresh_from_db()
    assert sheet.state == SheetState.CONFIRMED
    answer = client.post(url("my_placement_act", "wish"), {"words": "离家近"}, follow=True)
    assert "离家近" in text(answer)


def test_me__objection__is_answered_and_read(client, place):
    sheet = counted(place, checked_in(place))
    client.force_login(sheet.case.person.account)
    answer = client.post(url("my_placement_act", "object"), {"words": ""})
    assert "请填写异议内容" in text(answer)
    client.post(url("my_placement_act", "object"), {"words": "少算一次三等功"})
    objection = sheet.objections.get()
    client.force_login(place.reviewer)
    page = text(client.get(url("objection", objection.pk)))
    assert "少算一次三等功" in page
    client.post(url("objection_act", objection.pk, "dismiss"), {"answer": "档案里没有"})
    client.force_login(sheet.case.person.account)
    page = text(client.get(url("my_placement")))
    assert "档案里没有" in page
    assert "确认无误" in page


def test_me__no_file_or_another_way__says_so(client, place):
    client.force_login(soldier(place).account)
    assert "还没有安置档案" in text(client.get(url("my_placement")))
    case = PlacementCaseFactory(
        claimed=True, station=place.station, way="SELF_EMPLOYMENT", grounds=[]
    )
    client.force_login(case.person.account)
    page = text(client.get(url("my_placement")))
    assert "已报到" in page
    assert "岗位意愿" not in page


def test_publication__public_page__shows_no_more_than_it_may(client, place):
    sheet = confirmed(place, name="周大明")
    person = sheet.case.person
    made = publications.prepare(station=place.station, year=sheet.case.year, by=place.clerk)
    assert client.get(url("score_notice", made.pk)).status_code == 404
    publications.approve(publication=made, by=place.reviewer)
    answer = client.get(url("score_notice", made.pk))
    page = text(answer)
    assert "周大明" in page
    assert "36.00" in page
    assert answer["X-Robots-Tag"] == "noindex"
    for hidden in (person.id_number, person.id_number[-4:], person.phone, sheet.case.number,
                   "第1卷", "服现役年限"):  # fmt: skip
        assert hidden not in page
    ScorePublication.objects.filter(pk=made.pk).update(
        starts_on=timezone.localdate() - timedelta(days=20),
        ends_on=timezone.localdate() - timedelta(days=1),
    )
    page = text(client.get(url("score_notice", made.pk)))
    assert "周大明" not in page
    assert "不在公示期间" in page
    assert url("score_notice", made.pk) not in text(client.get(url("score_notices")))


def test_desk__publication_prepared_and_approved_by_two(client, place):
    sheet = confirmed(place)
    client.force_login(place.clerk)
    answer = client.post(
        url("publications"),
        {"station": place.station.pk, "year": sheet.case.year, "names": "full"},
    )
    made = ScorePublication.objects.get()
    assert answer.url == made.get_absolute_url()
    client.force_login(place.reviewer)
    assert "批准公示" in text(client.get(made.get_absolute_url()))
    client.post(url("publication_act", made.pk, "approve"), {"starts_on": ""})
    made.refresh_from_db()
    assert made.is_public()
    answer = client.post(url("publication_act", made.pk, "withdraw"), {"reason": ""})
    assert "请填写原因" in text(answer)


def test_scheme__written_by_pages__with_the_same_words_back(client, place):
    client.force_login(place.clerk)
    client.post(
        url("scheme_new"),
        {"station": place.station.pk, "name": "新办法", "basis": "文件", "part_months": "6",
         "effective_from": "2026-01-01", "short_part": "0.5", "long_part": "1"},
    )  # fmt: skip
    scheme = ScoringScheme.objects.get(name="新办法")
    bad = {
        "group": "DISABILITY",
        "name": "因战5级",
        "points": "50",
        "unit": "项",
        "source": "DISABILITY",
    }
    answer = client.post(url("rule_new", scheme.pk), bad)
    assert "残疾性质" in text(answer)
    assert 'value="因战5级"' in text(answer)
    client.post(url("rule_new", scheme.pk), bad | {"nature": "WAR", "grade": "5"})
    rule = scheme.rules.get()
    client.post(url("scheme_act", scheme.pk, "ties"), {"group_1": "DISABILITY"})
    page = text(client.get(scheme.get_absolute_url()))
    assert "因战5级" in page
    assert scheme.tie_steps.count() == 1
    client.post(url("rule_remove", scheme.pk, rule.pk))
    assert not scheme.rules.exists()


def test_terms__by_the_citys_head__with_bounds(client, place):
    head = PostingFactory(station=place.station.parent, role=Role.HEAD).user
    client.force_login(head)
    data = {"effective_from": "2027-01-01", "report_days": "30", "placement_months": "6",
            "seat_days": "30", "confirm_workdays": "5", "publicity_workdays": "3",
            "answer_workdays": "5", "warn_days": "30", "basis": "新规定"}  # fmt: skip
    assert "至少5个工作日" in text(client.post(url("terms"), data))
    assert client.post(url("terms"), data | {"publicity_workdays": "7"}).status_code == 302
    assert PlacementTerms.objects.count() == 2


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words__are_shown_as_text_or_refused(client, place, words):
    case = checked_in(place)
    client.force_login(place.clerk)
    answer = act(client, case, "evidence", kind="AWARD", title=words, place=words)
    assert answer.status_code == 200
    assert "<script>alert" not in text(answer)
    client.get(url("cases"), {"q": words, "year": words, "state": words, "clock": words})
    client.get(url("posts"), {"q": words, "nature": words})
    client.post(url("case_new"), {"q": words})


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "abc", "2026-13-40"])
def test_hostile_days__are_refused_beside_the_field(client, place, day):
    person = soldier(place)
    client.force_login(place.clerk)
    answer = client.post(
        url("case_open", person.pk),
        {"station": place.station.pk, "way": "ARRANGED_JOB", "discharged_on": day},
    )
    assert answer.status_code == 200
    assert not PlacementCase.objects.exists()


def test_evidence__scan_that_is_no_picture__is_refused_kindly(client, place):
    case = checked_in(place)
    client.force_login(place.clerk)
    bad = SimpleUploadedFile("a.exe", b"MZ" + b"0" * 99)
    answer = act(client, case, "evidence", kind="AWARD", title="登记表", place="第1页", upload=bad)
    assert "程序" in text(answer)


def test_list__one_and_twenty_files__cost_the_same(client, place, django_assert_max_num_queries):
    client.force_login(place.clerk)
    PlacementCaseFactory(station=place.station)
    with django_assert_max_num_queries(18) as first:
        client.get(url("cases"))
    PlacementCaseFactory.create_batch(19, station=place.station)
    with django_assert_max_num_queries(len(first)):
        page = text(client.get(url("cases")))
    assert "20" in page


def test_publication__many_entries__cost_the_same(client, place, django_assert_max_num_queries):
    sheets = [confirmed(place)]
    made = published(place, *sheets)
    client.get(url("score_notice", made.pk))
    with django_assert_max_num_queries(12) as first:
        client.get(url("score_notice", made.pk))
    publications.withdraw(publication=made, by=place.reviewer, reason="重拟")
    sheets += [confirmed(place) for _ in range(5)]
    made = published(place, *sheets)
    with django_assert_max_num_queries(len(first)):
        client.get(url("score_notice", made.pk))


def test_desk_home__shows_clocks_checks_and_papers(client, place):
    PlacementCaseFactory(
        station=place.station, place_by=timezone.localdate() + timedelta(days=9),
        discharged_on=timezone.localdate() - timedelta(days=170), person__name="过期安",
    )  # fmt: skip
    sheet = counted(place, checked_in(place), finish=False)
    sheet.lines.update(checker2=None, checked2_at=None)
    publications_made = confirmed(place)
    publications.prepare(station=place.station, year=publications_made.case.year, by=place.clerk)
    client.force_login(place.reviewer)
    page = text(client.get(reverse("services:desk")))
    assert "等待核对的计分" in page
    assert "等待批准" in page
    client.force_login(place.clerk)
    page = text(client.get(reverse("services:desk")))
    assert "安置期限" in page
    assert "过期安" in page


def test_desk_home__of_a_village__asks_nothing_for_placement(place, django_assert_num_queries):
    village = PostingFactory(role=Role.HEAD).user
    assert scope_of(village).postings
    sections = (case_sections.cases_on_the_clock, case_sections.sheets_to_check,
                case_sections.objections_to_answer, case_sections.papers_to_approve,
                case_sections.demands_to_check)  # fmt: skip
    with django_assert_num_queries(0):
        assert [each(village, below=True) for each in sections] == [None] * 5
    assert scope_of(place.head).postings
    with django_assert_num_queries(6):
        assert [each(place.head, below=True) for each in sections] == [None] * 5


def test_filter__soon_and_late__go_by_the_running_clock(client, place):
    today = timezone.localdate()
    long_ago = {"discharged_on": today - timedelta(days=170), "station": place.station}
    PlacementCaseFactory(person__name="快到期", place_by=today + timedelta(days=9), **long_ago)
    PlacementCaseFactory(person__name="已超期", place_by=today - timedelta(days=1), **long_ago)
    PlacementCaseFactory(
        person__name="已上岗人", onboard=True, place_by=today - timedelta(days=1), **long_ago
    )
    client.force_login(place.clerk)
    soon = text(client.get(url("cases"), {"clock": "soon"}))
    late = text(client.get(url("cases"), {"clock": "late", "state": "all"}))
    assert ("快到期</a>" in soon, "已超期</a>" in soon) == (True, False)
    assert ("快到期</a>" in late, "已超期</a>" in late, "已上岗人" in late) == (False, True, False)


def test_my_data__holds_the_placement_file(client, place):
    sheet = confirmed(place)
    client.force_login(sheet.case.person.account)
    page = text(client.get(reverse("accounts:my_data")))
    assert sheet.case.number in page

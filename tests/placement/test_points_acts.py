"""Points: reckoning, two checkers, confirmation, objections, publication on working days."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Message
from placement import points
from placement.actions.cases import waive
from placement.actions.scoring import answers, publications, schemes, sheets
from placement.enums import (
    CaseState,
    ConfirmedHow,
    ObjectionState,
    PublicationState,
    SchemeState,
    SheetState,
)
from placement.models import PublishedScore, ScoringScheme
from tests.factories.placement_cases import ScoringRuleFactory, ScoringSchemeFactory
from tests.placement.placing_scene import (
    calendar,
    centre,
    checked_in,
    confirmed,
    counted,
    published,
)
from veterans_portal.errors import DomainError

pytestmark = pytest.mark.django_db
SCHEME = SimpleNamespace(part_months=6, short_part=Decimal("0.5"), long_part=Decimal(1))


@pytest.fixture
def place():
    return centre()


@pytest.mark.parametrize(
    ("enlisted", "discharged", "years"),
    [
        (date(2012, 9, 1), date(2024, 9, 1), "12"),
        (date(2012, 9, 1), date(2024, 9, 2), "12.5"),
        (date(2012, 9, 1), date(2025, 2, 28), "12.5"),
        (date(2012, 9, 1), date(2025, 3, 1), "13"),
        (date(2012, 9, 15), date(2012, 9, 14), "0"),
        (date(2012, 9, 15), date(2012, 10, 1), "0.5"),
    ],
)
def test_service_years__part_of_a_year__counts_as_the_scheme_says(enlisted, discharged, years):
    if discharged < enlisted:
        discharged = enlisted
    assert points.service_years(enlisted, discharged, SCHEME) == Decimal(years)


def test_counted__cap_and_deduction__hold_over_all_lines_of_a_rule():
    third = SimpleNamespace(
        pk=1, points=Decimal(10), per_unit=True, cap=Decimal(25), is_deduction=False
    )
    once = SimpleNamespace(pk=2, points=Decimal(7), per_unit=False, cap=None, is_deduction=False)
    fault = SimpleNamespace(pk=3, points=Decimal(5), per_unit=True, cap=None, is_deduction=True)
    lines = [(third, Decimal(2)), (third, Decimal(1)), (third, Decimal(1)), (once, Decimal(3)),
             (once, Decimal(1)), (fault, Decimal(2))]  # fmt: skip
    assert points.counted(lines) == [20, 5, 0, 7, 0, -10]


def test_ranked__ties__share_a_rank_and_leave_a_gap():
    def sheet(total, *ties, first=False):
        ties = [Decimal(each) for each in ties]
        return SimpleNamespace(total=Decimal(total), tie_points=ties, places_first=first)

    honoured = sheet(1, 0, 0, first=True)
    high, low, same, last = sheet(50, 20, 9), sheet(50, 0, 9), sheet(50, 0, 9), sheet(40, 40, 40)
    ranks = points.ranked([last, same, low, high, honoured])
    assert [rank for rank, _ in ranks] == [1, 2, 3, 3, 5]
    assert [each for _, each in ranks][:2] == [honoured, high]


def test_start__scheme_of_the_day_of_discharge__is_used(place):
    case = checked_in(place)
    ScoringSchemeFactory(
        station=place.station.parent, in_force=True, effective_from=date(2099, 1, 1)
    )
    sheet = sheets.start(case=case, by=place.clerk)
    assert sheet.scheme == place.scheme
    with pytest.raises(DomainError, match="已经有计分表"):
        sheets.start(case=case, by=place.clerk)


def test_suggestions__file_knows_the_years__nothing_is_typed(place):
    case = checked_in(place)
    sheet = sheets.start(case=case, by=place.clerk)
    found = {rule.name: quantity for rule, quantity, _ in sheets.suggestions(sheet)}
    assert found[place.years.name] == 12
    line = sheets.add_line(sheet=sheet, by=place.clerk, rule=place.years, evidence=case.paper,
                           quantity=Decimal(99))  # fmt: skip
    assert line.quantity == 12
    with pytest.raises(DomainError, match="已经计过"):
        sheets.add_line(sheet=sheet, by=place.clerk, rule=place.years, evidence=case.paper)


def test_add_line__enlistment_missing__says_what_to_mend(place):
    case = checked_in(place, enlisted_on=None)
    sheet = sheets.start(case=case, by=place.clerk)
    with pytest.raises(DomainError, match="入伍时间"):
        sheets.add_line(sheet=sheet, by=place.clerk, rule=place.years, evidence=case.paper)


def test_add_line__evidence_of_another_file__is_refused(place):
    case, other = checked_in(place), checked_in(place)
    sheet = sheets.start(case=case, by=place.clerk)
    with pytest.raises(DomainError) as refused:
        sheets.add_line(sheet=sheet, by=place.clerk, rule=place.third, evidence=other.paper,
                        quantity=Decimal(1))  # fmt: skip
    assert refused.value.field == "evidence"


def test_check__by_the_same_person_twice__is_refused(place):
    case = checked_in(place)
    sheet = sheets.start(case=case, by=place.clerk)
    sheets.add_line(sheet=sheet, by=place.clerk, rule=place.years, evidence=case.paper)
    assert sheets.check(sheet=sheet, by=place.clerk) == 1
    with pytest.raises(DomainError, match="另一位同事"):
        sheets.check(sheet=sheet, by=place.clerk)
    with pytest.raises(DomainError, match="两个人"):
        sheets.finish(sheet=sheet, by=place.clerk)
    assert sheets.check(sheet=sheet, by=place.reviewer) == 1
    sheet = sheets.finish(sheet=sheet, by=place.clerk)
    assert (sheet.state, sheet.total) == (SheetState.TO_CONFIRM, Decimal(36))
    assert sheet.confirm_by is not None


def test_check__points_changed_by_the_cap__wants_both_again(place):
    case = checked_in(place)
    sheet = counted(place, case, place.third, finish=False)
    line = sheet.lines.get(rule=place.third)
    assert line.is_checked
    papers = [
        type(case.paper).objects.create(case=case, kind="AWARD", title="立功", place=f"第{n}页",
                                        by=place.clerk)
        for n in (1, 2)
    ]  # fmt: skip
    for paper in papers:
        sheets.add_line(sheet=sheet, by=place.clerk, rule=place.third, evidence=paper,
                        quantity=Decimal(1))  # fmt: skip
    sheet.refresh_from_db()
    assert [each.points for each in sheet.lines.filter(rule=place.third)] == [10, 10, 5]
    sheets.remove_line(line=line, by=place.clerk)
    last = sheet.lines.filter(rule=place.third).last()
    assert (last.points, last.is_checked) == (10, False)


def test_confirm__by_the_person__once(place):
    case = checked_in(place)
    sheet = counted(place, case)
    with pytest.raises(DomainError, match="自己"):
        answers.confirm(sheet=sheet, by=checked_in(place).person.account)
    sheet = answers.confirm(sheet=sheet, by=case.person.account)
    assert (sheet.state, sheet.confirmed_how) == (SheetState.CONFIRMED, ConfirmedHow.ONLINE)
    assert answers.confirm(sheet=sheet, by=case.person.account).confirmed_at == sheet.confirmed_at
    assert Message.objects.filter(user=place.clerk, kind="placement.case_desk").exists()


def test_confirm__at_the_desk__says_how(place):
    sheet = counted(place, checked_in(place))
    with pytest.raises(DomainError, match="怎么确认"):
        answers.confirm(sheet=sheet, by=place.clerk)
    sheet = answers.confirm(sheet=sheet, by=place.clerk, how=ConfirmedHow.IN_PERSON)
    assert sheet.confirmed_by == place.clerk


def test_take_back__before_an_answer__lets_it_be_mended(place):
    case = checked_in(place)
    sheet = sheets.take_back(sheet=counted(place, case), by=place.clerk)
    case.refresh_from_db()
    assert (sheet.state, case.state) == (SheetState.DRAFT, CaseState.FILE_CHECK)


def test_objection__dismissed__asks_the_person_again(place):
    case = checked_in(place)
    sheet = counted(place, case)
    objection = answers.object_to(sheet=sheet, by=case.person.account, words="少算一次三等功")
    case.refresh_from_db()
    assert case.state == CaseState.OBJECTION
    with pytest.raises(DomainError):
        answers.object_to(sheet=sheet, by=case.person.account, words="再说一次")
    with pytest.raises(DomainError, match="审核人"):
        answers.dismiss(objection=objection, by=place.clerk, answer="x")
    answers.dismiss(objection=objection, by=place.reviewer, answer="档案里没有这次登记")
    case.refresh_from_db()
    sheet.refresh_from_db()
    assert (case.state, sheet.state) == (CaseState.SCORED, SheetState.TO_CONFIRM)


def test_objection__upheld__begins_a_new_version_nobody_checked(place):
    case = checked_in(place)
    sheet = counted(place, case, place.third)
    objection = answers.object_to(sheet=sheet, by=case.person.account, words="不对")
    answers.uphold(objection=objection, by=place.reviewer, answer="确实少算")
    fresh = case.sheets.current().get()
    case.refresh_from_db()
    assert (fresh.version, fresh.state, case.state) == (2, SheetState.DRAFT, CaseState.FILE_CHECK)
    assert fresh.lines.count() == 2
    assert not fresh.lines.exclude(checker1=None).exists()


def test_objection__withdrawn_by_the_person__goes_on(place):
    case = checked_in(place)
    objection = answers.object_to(sheet=counted(place, case), by=case.person.account, words="不对")
    with pytest.raises(DomainError, match="提出的人"):
        answers.withdraw_objection(objection=objection, by=place.clerk)
    answers.withdraw_objection(objection=objection, by=case.person.account)
    case.refresh_from_db()
    assert case.state == CaseState.SCORED


def test_publish__shows_name_total_and_rank__and_another_approves(place):
    first = confirmed(place, place.war, name="周大明")
    second = confirmed(place, name="吴小强")
    made = publications.prepare(station=place.station, year=first.case.year, by=place.head)
    with pytest.raises(DomainError, match="不能是同一个人"):
        publications.approve(publication=made, by=place.head)
    publications.approve(publication=made, by=place.reviewer)
    rows = list(made.entries.values_list("name", "total", "rank"))
    assert rows == [("周大明", Decimal(56), 1), ("吴小强", Decimal(36), 2)]
    first.case.refresh_from_db()
    assert first.case.state == CaseState.SCORE_PUBLICITY
    fields = {field.name for field in PublishedScore._meta.concrete_fields}
    assert fields == {"id", "publication", "sheet", "name", "total", "rank"}
    assert second.published.exists()


def test_publish__names_masked__keeps_a_part_back(place):
    sheet = confirmed(place, name="周大明")
    made = publications.prepare(
        station=place.station, year=sheet.case.year, by=place.clerk, full_names=False
    )
    assert made.entries.get().name == "周*明"


def test_publish__list_changed_since__is_refused(place):
    sheet = confirmed(place)
    made = publications.prepare(station=place.station, year=sheet.case.year, by=place.clerk)
    type(sheet).objects.filter(pk=sheet.pk).update(total=Decimal(1))
    with pytest.raises(DomainError, match="分数变了"):
        publications.approve(publication=made, by=place.reviewer)


def test_publish__over_a_holiday__counts_working_days_only(place):
    monday = timezone.localdate() + timedelta(days=7 - timezone.localdate().weekday())
    day = [monday + timedelta(days=n) for n in range(15)]
    # Wednesday to Friday off, Saturday worked instead: Monday, Tuesday, Saturday, Monday, Tuesday
    calendar(*day[2:5], make_up=[day[5]])
    sheet = confirmed(place)
    made = publications.prepare(station=place.station, year=sheet.case.year, by=place.clerk)
    publication = publications.approve(publication=made, by=place.reviewer, starts_on=monday)
    assert (publication.starts_on, publication.ends_on) == (monday, day[8])
    assert not publication.is_public(monday - timedelta(days=1))
    assert publication.is_public(monday)
    assert publication.is_public(day[8])
    assert publications.settle_due(day[8]) == 0
    assert not publication.is_public(day[9])
    assert publications.settle_due(day[9]) == 1
    assert publications.settle_due(day[9]) == 0
    sheet.refresh_from_db()
    sheet.case.refresh_from_db()
    assert (sheet.state, sheet.rank, sheet.case.state) == (SheetState.FINAL, 1, CaseState.READY)


def test_publish__beginning_on_a_day_of_rest__gives_five_working_days():
    calendar(first=date(2025, 9, 1), days=120)
    assert publications.last_day(date(2025, 11, 8), 5) == date(2025, 11, 14)  # a Saturday
    assert publications.last_day(date(2025, 11, 10), 5) == date(2025, 11, 14)


def test_settle__open_objection__waits_and_then_follows_the_answer(place):
    sheet = confirmed(place)
    other = confirmed(place, place.third)
    publication = published(place, sheet, other)
    objection = answers.take_down_objection(
        sheet=sheet, by=place.clerk, words="名次不对", name="钱路人", phone="13900000000"
    )
    late = publication.ends_on + timedelta(days=1)
    assert publications.settle_due(late) == 0
    answers.dismiss(objection=objection, by=place.reviewer, answer="核对无误")
    assert publications.settle_due(late) == 1
    sheet.refresh_from_db()
    assert sheet.rank == 2


def test_uphold__while_published__takes_the_whole_list_back(place):
    sheet, other = confirmed(place), confirmed(place, place.third)
    publication = published(place, sheet, other)
    objection = answers.object_to(sheet=sheet, by=sheet.case.person.account, words="少算")
    answers.uphold(objection=objection, by=place.reviewer, answer="确实")
    publication.refresh_from_db()
    other.refresh_from_db()
    other.case.refresh_from_db()
    sheet.case.refresh_from_db()
    assert publication.state == PublicationState.WITHDRAWN
    assert (other.state, other.case.state) == (SheetState.CONFIRMED, CaseState.SCORED)
    assert sheet.case.state == CaseState.FILE_CHECK
    assert sheet.case.sheets.current().get().version == 2


def test_withdraw__with_another_objection_open__leaves_it_to_be_answered(place):
    sheet, other = confirmed(place), confirmed(place, place.third)
    publication = published(place, sheet, other)
    theirs = answers.object_to(sheet=other, by=other.case.person.account, words="不对")
    publications.withdraw(publication=publication, by=place.reviewer, reason="名单有误")
    other.case.refresh_from_db()
    assert other.case.state == CaseState.OBJECTION
    answers.dismiss(objection=theirs, by=place.reviewer, answer="无误")
    other.case.refresh_from_db()
    other.refresh_from_db()
    assert (other.case.state, other.state) == (CaseState.SCORED, SheetState.CONFIRMED)
    theirs.refresh_from_db()
    assert theirs.state == ObjectionState.DISMISSED


def test_waive__while_published__wants_the_list_back_first(place):
    sheet = confirmed(place)
    published(place, sheet)
    with pytest.raises(DomainError, match="先撤回公示"):
        waive(case=sheet.case, by=place.head, reason="本人放弃")


def test_prepare__silent_after_the_term__is_published_too(place):
    sheet = counted(place, checked_in(place))
    with pytest.raises(DomainError, match="还没有可以公示"):
        publications.prepare(station=place.station, year=sheet.case.year, by=place.clerk)
    type(sheet).objects.filter(pk=sheet.pk).update(
        confirm_by=timezone.localdate() - timedelta(days=1)
    )
    publication = published(place, sheet)
    assert publication.entries.count() == 1


def test_scheme__written_and_approved_by_two__is_kept(place):
    scheme = schemes.write(
        scheme=ScoringSchemeFactory.build(station=place.station, written_by=None, name="新办法"),
        by=place.head,
    )
    with pytest.raises(DomainError, match="还没有计分项目"):
        schemes.submit(scheme=scheme, by=place.head)
    rule = ScoringRuleFactory.build(scheme=scheme)
    schemes.put_rule(rule=rule, by=place.head)
    schemes.set_tie_chain(scheme=scheme, by=place.head, groups=["SERVICE", "SERVICE", "OTHER"])
    assert list(scheme.tie_steps.values_list("group", flat=True)) == ["SERVICE", "OTHER"]
    schemes.submit(scheme=scheme, by=place.head)
    with pytest.raises(DomainError, match="不能再改"):
        schemes.put_rule(rule=ScoringRuleFactory.build(scheme=scheme), by=place.head)
    with pytest.raises(DomainError, match="不能是同一个人"):
        schemes.approve(scheme=scheme, by=place.head)
    schemes.approve(scheme=scheme, by=place.reviewer)
    fresh = schemes.copy(scheme=scheme, by=place.clerk)
    assert (fresh.version, fresh.state, fresh.rules.count()) == (2, SchemeState.DRAFT, 1)
    assert fresh.tie_steps.count() == 2
    schemes.retire(scheme=scheme, by=place.reviewer)
    chosen = ScoringScheme.objects.for_discharge(date(2026, 1, 1), place.station)
    assert chosen == place.scheme
    assert AuditEntry.objects.filter(act="placement.scheme_approved").exists()

"""The placement file: opened, reported, checked, ended; its clocks."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Message
from placement.actions import cases
from placement.actions.cases import warnings
from placement.actions.cases.opening import months_later
from placement.enums import CaseAct, CaseState, EvidenceKind
from placement.models import PlacementTerms
from services.enums import PlacementWay, Role
from tests.factories.network import PostingFactory
from tests.factories.placement_cases import PlacementCaseFactory, PlacementTermsFactory
from tests.placement.placing_scene import centre, checked_in, soldier
from veterans_portal.errors import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return centre()


def opened(place, person=None, **kwargs):
    kwargs = {"way": PlacementWay.ARRANGED_JOB, "grounds": ["LONG_SERVICE"]} | kwargs
    kwargs.setdefault("discharged_on", timezone.localdate() - timedelta(days=10))
    return cases.open_case(
        person=person or soldier(place), station=place.station, by=place.clerk, **kwargs
    )


def test_open__new_person__starts_the_clock_and_tells_them(place):
    case = opened(place)
    assert case.state == CaseState.TRANSFERRED_IN
    assert case.report_by == case.discharged_on + timedelta(days=30)
    case.person.refresh_from_db()
    assert case.person.placement_way == PlacementWay.ARRANGED_JOB
    assert case.person.discharged_on == case.discharged_on
    assert Message.objects.filter(user=case.person.account, kind="placement.case").exists()
    assert AuditEntry.objects.filter(act="placement.case_opened", actor=place.clerk).exists()


def test_open__way_in_the_file__is_not_contradicted(place):
    person = soldier(place, placement_way=PlacementWay.SELF_EMPLOYMENT)
    with pytest.raises(DomainError, match="自主就业") as refused:
        opened(place, person)
    assert refused.value.field == "way"


def test_open__second_open_file__is_refused(place):
    case = opened(place)
    with pytest.raises(DomainError, match="已有在办"):
        opened(place, case.person, discharged_on=case.discharged_on - timedelta(days=1))


def test_open__clerk_of_elsewhere__is_refused(place):
    stranger = PostingFactory(role=Role.CLERK).user
    with pytest.raises(DomainError, match="不能"):
        cases.open_case(person=soldier(place), station=place.station, by=stranger,
                        discharged_on=date(2026, 9, 1), way=PlacementWay.ARRANGED_JOB)  # fmt: skip


def test_open__no_terms_for_that_day__says_what_is_missing(place):
    with pytest.raises(DomainError, match="安置期限"):
        opened(place, discharged_on=date(2020, 12, 1))


def test_report__in_time__starts_the_clock_of_the_placement(place):
    case = opened(place)
    today = timezone.localdate()
    case = cases.report(case=case, by=place.clerk, on=today)
    assert case.state == CaseState.REPORTED
    assert case.place_by == months_later(today, 6)
    assert case.clock == ("安置", case.place_by)


def test_report__more_than_the_term_late__wants_a_cause(place):
    case = opened(place, discharged_on=timezone.localdate() - timedelta(days=45))
    with pytest.raises(DomainError, match="正当理由") as refused:
        cases.report(case=case, by=place.clerk, on=timezone.localdate())
    assert refused.value.field == "late_cause"
    case = cases.report(case=case, by=place.clerk, on=timezone.localdate(), late_cause="住院")
    assert case.late_cause == "住院"


def test_report__twice__finds_it_done(place):
    case = cases.report(case=opened(place), by=place.clerk, on=timezone.localdate())
    with pytest.raises(DomainError, match="已报到"):
        cases.report(case=case, by=place.clerk, on=timezone.localdate())


def test_months_later__last_of_a_month__stays_in_the_month():
    assert months_later(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_later(date(2026, 1, 15), 12) == date(2027, 1, 15)


def test_begin_check__other_ways__end_with_the_report(place):
    case = opened(place, way=PlacementWay.SELF_EMPLOYMENT, grounds=[])
    case = cases.report(case=case, by=place.clerk, on=timezone.localdate())
    with pytest.raises(DomainError, match="不用计分"):
        cases.begin_check(case=case, by=place.clerk)


def test_evidence__in_use_or_not__is_removed_once(place):
    case = checked_in(place)
    paper = cases.remove_evidence(evidence=case.paper, by=place.clerk)
    assert paper.removed_by == place.clerk
    assert cases.remove_evidence(evidence=paper, by=place.clerk).removed_at == paper.removed_at


def test_evidence__without_its_place_in_the_file__is_refused(place):
    case = checked_in(place)
    with pytest.raises(DomainError, match="位置"):
        cases.add_evidence(
            case=case, by=place.clerk, kind=EvidenceKind.AWARD, title="立功", place=" "
        )


def test_convert__decided__changes_the_persons_file(place):
    case = cases.report(case=opened(place), by=place.clerk, on=timezone.localdate())
    with pytest.raises(DomainError, match="审核人"):
        cases.convert(case=case, by=place.clerk, reason="本人申请")
    case = cases.convert(case=case, by=place.reviewer, reason="本人申请")
    case.person.refresh_from_db()
    assert case.state == CaseState.CONVERTED
    assert case.person.placement_way == PlacementWay.SELF_EMPLOYMENT
    assert case.events.filter(act=CaseAct.CONVERTED).exists()


@pytest.mark.parametrize("act", [cases.waive, cases.cancel])
def test_end__without_a_reason__is_refused(place, act):
    case = opened(place)
    with pytest.raises(DomainError, match="原因"):
        act(case=case, by=place.head, reason="  ")


def test_wish__by_the_person__is_noted_and_others_are_refused(place):
    case = checked_in(place)
    account = case.person.account
    case = cases.take_down_wish(case=case, by=account, natures=["INSTITUTION"], words="离家近")
    assert case.wish_natures == ["INSTITUTION"]
    other = soldier(place)
    with pytest.raises(DomainError, match="自己"):
        cases.take_down_wish(case=case, by=other.account, natures=[], words="x")


@pytest.mark.parametrize(
    ("state", "may"),
    [(CaseState.OBJECTION, True), (CaseState.READY, True), (CaseState.CHOSEN, False)],
)
def test_wish__until_a_post_is_chosen__and_not_after(place, state, may):
    case = PlacementCaseFactory(station=place.station, claimed=True, state=state)
    deed = {"case": case, "by": case.person.account, "natures": ["INSTITUTION"], "words": ""}
    if may:
        assert cases.take_down_wish(**deed).wished_at
    else:
        with pytest.raises(DomainError, match="现在不能"):
            cases.take_down_wish(**deed)


def test_warn__term_to_report_near__tells_once(place):
    case = opened(place, discharged_on=timezone.localdate() - timedelta(days=25))
    before = Message.objects.filter(user=case.person.account, channel="INBOX").count()
    assert warnings.warn_of_reports() == 1
    assert warnings.warn_of_reports() == 1
    after = Message.objects.filter(user=case.person.account, channel="INBOX").count()
    assert after == before + 1


def test_terms__entered_by_the_citys_head__hold_from_their_day(place):
    head = PostingFactory(station=place.station.parent, role=Role.HEAD).user
    fresh = PlacementTermsFactory.build(effective_from=date(2026, 1, 1), report_days=20)
    with pytest.raises(DomainError, match="市级负责人"):
        cases.enter_terms(terms=fresh, by=place.head)
    cases.enter_terms(terms=fresh, by=head)
    assert PlacementTerms.objects.on(date(2025, 12, 31)).report_days == 30
    assert PlacementTerms.objects.on(date(2026, 1, 1)).report_days == 20
    with pytest.raises(DomainError, match="已经有了"):
        cases.enter_terms(
            terms=PlacementTermsFactory.build(effective_from=date(2026, 1, 1)), by=head
        )


def test_visible__other_districts_and_other_people__see_nothing(place):
    case = PlacementCaseFactory(station=place.station, claimed=True)
    outsider = PostingFactory(role=Role.CLERK).user
    rows = type(case).objects
    assert rows.visible_to(place.clerk).get() == case
    assert rows.visible_to(case.person.account).get() == case
    assert not rows.visible_to(outsider).exists()
    assert not rows.visible_to(soldier(place).account).exists()

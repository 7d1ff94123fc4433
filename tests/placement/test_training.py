"""Training: places by the engine, one free course, codes, results and certificates, who should attend."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Message
from placement import training_figures as figures
from placement.actions import training
from placement.actions.training import TrainingError
from placement.enums.training import CourseState, DutyState, RunState, TrainingResult
from placement.models import CourseRun, Enrolment, TrainingDuty
from placement.training_indicators import INDICATORS
from services.actions import documents
from services.actions.documents import Standing
from services.booking_rules import BookingConflictError
from services.enums import BookingState, PlacementWay, Role
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.partners import PartnerFactory
from tests.factories.persons import PersonFactory
from tests.factories.placement_training import (
    CourseFactory,
    CourseRunFactory,
    EnrolmentFactory,
    TrainingDutyFactory,
)
from tests.placement.training_scene import a_run, back_from_the_army, finished
from veterans_portal.indicators import Span

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    return StationFactory()


@pytest.fixture
def clerk(station):
    return PostingFactory(station=station, role=Role.CLERK).user


@pytest.fixture
def head(station):
    return PostingFactory(station=station, role=Role.HEAD).user


@pytest.fixture
def veteran(station):
    return back_from_the_army(station)


def enrol(run, person, key="key-0001", **more):
    return training.enrol(run=run, person=person, by=person.account, client_key=key, **more)


# --- courses and runs


def test_course__drafted_by_one__is_opened_by_another(station, clerk, head):
    course = training.save_course(course=CourseFactory.build(draft=True, station=station), by=head)
    with pytest.raises(TrainingError, match="另一位同事"):
        training.open_course(course=course, by=head)
    with pytest.raises(TrainingError, match="审核人或负责人"):
        training.open_course(course=course, by=clerk)
    other = PostingFactory(station=station, role=Role.REVIEWER).user
    assert training.open_course(course=course, by=other).state == CourseState.OPEN


def lessons(count, *, hours=4, after=7):
    start = timezone.now() + timedelta(days=after)
    day = timedelta(days=1)
    return [(start + n * day, start + n * day + timedelta(hours=4), hours) for n in range(count)]


def plan(station, clerk, times, **more):
    course = CourseFactory(station=station)
    facts = {"title": "第1期", "place": "三楼", "teacher": "", "places": 20} | more
    return training.plan_run(course=course, lessons=times, by=clerk, **facts)


def test_run__planned__has_its_places_in_the_engine_and_a_code_each_lesson(station, clerk):
    run = plan(station, clerk, lessons(2))
    assert run.slot.capacity == 20
    assert run.lessons.count() == 2
    assert all(len(each.code) == 6 for each in run.lessons.all())


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (lessons(1), "要8学时，排了4学时"),
        (lessons(2, after=-3), "已经过去"),
        (lessons(2, after=200), "最多提前"),
        ([*lessons(1), *lessons(1)], "不能重叠"),
        ([], "至少排一次课"),
    ],
)
def test_run__planned_wrongly__says_what_is_wrong(station, clerk, times, words):
    with pytest.raises(TrainingError, match=words):
        plan(station, clerk, times)


def test_run__called_off__frees_and_tells_those_enrolled(station, clerk, veteran):
    enrolment = enrol(a_run(station), veteran)
    training.cancel_run(run=enrolment.run, reason="老师生病", by=clerk)
    enrolment.refresh_from_db()
    assert enrolment.booking.state == BookingState.CANCELLED
    told = Message.objects.filter(user=veteran.account)
    assert any("老师生病" in each.body for each in told)
    assert not training.free_course_used(veteran)


# --- enrolling


def test_enrol__takes_a_place__and_the_one_free_course(station, veteran):
    run = a_run(station)
    enrolment = enrol(run, veteran)
    run.slot.refresh_from_db()
    assert run.slot.taken == 1
    assert enrolment.is_free
    assert AuditEntry.objects.filter(act="placement.enrolled").exists()


def test_enrol__twice_with_one_key__is_one_enrolment(station, veteran):
    run = a_run(station)
    assert enrol(run, veteran) == enrol(run, veteran)
    assert Enrolment.objects.count() == 1


def test_enrol__a_second_skill_course__is_for_the_station_to_enter(station, clerk, veteran):
    enrol(a_run(station), veteran)
    second = a_run(station)
    with pytest.raises(TrainingError, match="免费参加一次"):
        enrol(second, veteran, key="key-0002")
    second.slot.refresh_from_db()
    assert second.slot.taken == 0
    paid = training.enrol(run=second, person=veteran, by=clerk, client_key="key-0003")
    assert not paid.is_free


def test_free_course__cancelled_before_it_began__may_be_taken_again(station, veteran):
    first = enrol(a_run(station), veteran)
    training.withdraw(enrolment=first, by=veteran.account)
    assert enrol(a_run(station), veteran, key="key-0002").is_free


def test_enrol__in_a_full_run__is_refused_by_the_engine(station, veteran):
    run = a_run(station)
    for n in range(2):
        enrol(run, back_from_the_army(station), key=f"key-100{n}")
    with pytest.raises(BookingConflictError):
        enrol(run, veteran)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"discharged_on": None}, "还没有退役时间"),
        ({"placement_way": PlacementWay.ARRANGED_JOB}, "面向自主就业"),
    ],
)
def test_enrol__in_what_is_not_for_them__says_why(station, facts, words):
    person = back_from_the_army(station, **facts)
    run = CourseRunFactory(course=CourseFactory(adaptive=True, station=station))
    with pytest.raises(TrainingError, match=words):
        enrol(run, person)


def test_enrol__for_somebody_else__is_refused(station, veteran):
    stranger = back_from_the_army(station)
    with pytest.raises(TrainingError, match="家人"):
        training.enrol(
            run=a_run(station), person=veteran, by=stranger.account, client_key="key-0001"
        )


# --- attending


def running(station, person):
    """An enrolment in a run whose first lesson goes on now."""
    return EnrolmentFactory(
        run=a_run(station, begins=-1), person=person, booking__by=person.account
    )


def test_attend__by_the_code_of_the_room__checks_in_once(station, veteran):
    enrolment = running(station, veteran)
    for _ in range(2):
        training.attend(enrolment=enrolment, code=" acde 23", by=veteran.account)
    enrolment.booking.refresh_from_db()
    assert enrolment.booking.state == BookingState.CHECKED_IN
    assert enrolment.attendances.count() == 1


def test_attend__with_a_wrong_code_or_when_there_is_no_lesson__is_refused(station, veteran):
    with pytest.raises(TrainingError, match="课堂码不对"):
        training.attend(enrolment=running(station, veteran), code="XXXXXX", by=veteran.account)
    later = EnrolmentFactory(run=a_run(station), person=back_from_the_army(station))
    with pytest.raises(TrainingError, match="现在没有课"):
        training.attend(enrolment=later, code="ACDE23", by=later.person.account)


def test_sign_in__of_a_lesson_of_another_run__is_refused(station, clerk, veteran):
    enrolment = running(station, veteran)
    other = a_run(station, begins=-1).lessons.first()
    with pytest.raises(TrainingError, match="不是这个班的"):
        training.sign_in(enrolment=enrolment, lesson=other, by=clerk)


# --- results


def close(enrolment, clerk, score):
    training.close_run(run=enrolment.run, scores={enrolment.pk: score}, by=clerk)
    enrolment.refresh_from_db()
    return enrolment


@pytest.mark.parametrize(
    ("attended", "score", "result"),
    [
        (2, Decimal(60), TrainingResult.PASSED),
        (2, Decimal("59.99"), TrainingResult.FAILED),
        (1, None, TrainingResult.ABSENT),
        (0, None, TrainingResult.ABSENT),
    ],
)
def test_close__gives_everybody_the_result_of_the_rules(station, clerk, attended, score, result):
    enrolment = close(finished(station, attended=attended), clerk, score)
    assert enrolment.result == result
    assert (enrolment.certificate is not None) is (result == TrainingResult.PASSED)


def test_close__with_a_score_missing__names_whose_and_changes_nothing(station, clerk):
    enrolment = finished(station)
    with pytest.raises(TrainingError, match=enrolment.person.name):
        close(enrolment, clerk, None)
    assert CourseRun.objects.get().state == RunState.OPEN


def test_close__twice_or_too_early__is_refused(station, clerk):
    enrolment = close(finished(station), clerk, Decimal(80))
    with pytest.raises(TrainingError, match="已经结业"):
        training.close_run(run=enrolment.run, scores={}, by=clerk)
    with pytest.raises(TrainingError, match="还没有结束"):
        training.close_run(run=a_run(station), scores={}, by=clerk)


def test_certificate__of_who_passed__verifies_and_is_told(station, clerk, client):
    enrolment = close(finished(station), clerk, Decimal(88))
    assert documents.standing(enrolment.certificate) == Standing.VALID
    assert "证书" in Message.objects.filter(user=enrolment.person.account).first().title
    client.force_login(enrolment.person.account)
    paper = client.get(reverse("services:document_pdf", args=[enrolment.certificate.code]))
    assert paper["Content-Type"] == "application/pdf"


def test_evaluation__given_once_by_the_person__shows_no_average_under_five(station, clerk):
    provider = PartnerFactory(trainer=True, station=station)
    enrolment = close(finished(station, provider=provider), clerk, Decimal(80))
    with pytest.raises(TrainingError, match="本人"):
        training.evaluate(enrolment=enrolment, grade=5, words="", by=clerk)
    training.evaluate(enrolment=enrolment, grade=4, words="讲得好", by=enrolment.person.account)
    with pytest.raises(TrainingError, match="已经评价过"):
        training.evaluate(enrolment=enrolment, grade=1, words="", by=enrolment.person.account)
    assert figures.provider_average(provider) == (None, 1)


# --- who should attend


def test_duties__found_by_night__once_for_each_who_came_back(station, veteran):
    back_from_the_army(station, discharged_on=timezone.localdate() - timedelta(days=900),
                       enlisted_on=date(2018, 9, 1))  # fmt: skip
    back_from_the_army(station, placement_way=PlacementWay.RETIRED)
    PersonFactory(station=station)
    assert training.find_duties() == 1
    assert training.find_duties() == 0
    assert TrainingDuty.objects.get().person == veteran


def test_duty__follows_the_file__to_its_new_station(station):
    duty = TrainingDutyFactory(person__station=station)
    elsewhere = StationFactory(division__code="320281102209")
    duty.person.station = elsewhere
    duty.person.save()
    training.follow_files()
    duty.refresh_from_db()
    assert duty.station == elsewhere


def test_duty__fulfilled_by_an_adaptive_course__counts(station, clerk, veteran):
    duty = TrainingDutyFactory(person=veteran)
    close(
        finished(station, person=veteran, kind="ADAPTIVE", ways=[PlacementWay.SELF_EMPLOYMENT]),
        clerk,
        Decimal(90),
    )
    duty.refresh_from_db()
    assert duty.state == DutyState.TRAINED
    assert figures.coverage(clerk)["percent"] == 100


def test_exemption__asked_by_one__is_decided_by_another(station, head, veteran):
    duty = TrainingDutyFactory(person=veteran)
    training.ask_exemption(duty=duty, reason="STUDY", words="九月起在读", by=head)
    with pytest.raises(TrainingError, match="另一位同事"):
        training.exempt(duty=duty, by=head)
    other = PostingFactory(station=station, role=Role.REVIEWER).user
    refused = training.refuse_exemption(duty=duty, by=other, reason="没有在读证明")
    assert (refused.state, refused.reason) == (DutyState.DUE, None)
    training.ask_exemption(duty=duty, reason="STUDY", words="已补证明", by=veteran.account)
    assert training.exempt(duty=duty, by=other).state == DutyState.EXEMPT


def test_coverage__leaves_out_the_exempt__and_other_stations(station, clerk):
    TrainingDutyFactory(person__station=station)
    TrainingDutyFactory(person__station=StationFactory(division__code="320281102209"))
    assert figures.coverage(clerk)["due"] == 1


# --- figures


def counted(code, span, station):
    indicator = next(each for each in INDICATORS if each.code == code)
    return indicator.counted.records().filter(station__path__startswith=station.path).aggregate(
        **indicator.counted.aggregates(span)
    )  # fmt: skip


def test_indicators__of_a_month__count_what_happened_in_it(station, clerk, veteran):
    today = timezone.localdate()
    TrainingDutyFactory(person=veteran, arose_on=today)
    TrainingDutyFactory(person__station=station, arose_on=today)
    close(
        finished(station, person=veteran, kind="ADAPTIVE", ways=[PlacementWay.SELF_EMPLOYMENT]),
        clerk,
        Decimal(90),
    )
    month = Span.month(today)
    assert counted("EMP-06", month, station)["rows"] == 1
    rate = counted("EMP-07", month, station)
    assert (rate["hits"], rate["rows"]) == (1, 2)
    before = Span.month(month.first - timedelta(days=1))
    assert counted("EMP-06", before, station)["rows"] == 0

"""Pages of training, and what the database refuses."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from placement.models import Course, Enrolment
from services.enums import PartnerRole, Role
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.partners import PartnerFactory, PartnerMemberFactory
from tests.factories.placement_training import (
    CourseFactory,
    CourseRunFactory,
    EnrolmentFactory,
    TrainingDutyFactory,
)
from tests.placement.training_scene import a_run, back_from_the_army, finished

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    return StationFactory()


@pytest.fixture
def clerk(station):
    return PostingFactory(station=station, role=Role.CLERK).user


@pytest.fixture
def veteran(station):
    return back_from_the_army(station)


def test_database__second_free_course_finished__is_refused(station):
    first = finished(station)
    again = finished(station, person=first.person)
    done = {"result": "PASSED", "hours": 8, "completed_on": timezone.localdate(),
            "entered_by": first.run.created_by, "is_free": True}  # fmt: skip
    Enrolment.objects.filter(pk=first.pk).update(**done)
    with (
        pytest.raises(IntegrityError, match="enrolment_free_course_once_per_person"),
        transaction.atomic(),
    ):
        Enrolment.objects.filter(pk=again.pk).update(**done)


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (lambda: CourseFactory(hours=0), "course_is_measured"),
        (lambda: CourseFactory(adaptive=True, ways=[]), "course_adaptive_names_its_ways"),
        (lambda: CourseFactory(opened_by=None), "course_opened_by_another"),
        (lambda: CourseRunFactory(state="CLOSED"), "course_run_closed_has_who_and_when"),
        (lambda: EnrolmentFactory(score=101), "enrolment_score_of_a_hundred"),
        (lambda: EnrolmentFactory(result="PASSED"), "enrolment_result_is_whole"),
        (lambda: EnrolmentFactory(grade=3), "enrolment_grade_of_five_after_the_result"),
        (lambda: TrainingDutyFactory(state="TRAINED"), "training_duty_trained_says_when_and_where"),
        (lambda: TrainingDutyFactory(state="ASKED"), "training_duty_asked_says_why"),
    ],
)
def test_database__against_a_rule__refuses(make, rule):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        make()


def test_course_page__for_everybody__shows_places_left(client, station):
    run = a_run(station)
    page = client.get(run.course.get_absolute_url()).content.decode()
    assert "还剩2个名额" in page
    assert "ACDE23" not in page


def test_enrol_page__one_tap__enrols_and_another_gives_the_place_back(client, station, veteran):
    run = a_run(station)
    client.force_login(veteran.account)
    url = reverse("placement:enrol", args=[run.pk])
    key = client.get(url).context["form"].initial["client_key"]
    assert client.post(url, {"client_key": key}).status_code == 302
    page = client.get(reverse("placement:my_training")).content.decode()
    assert run.course.title in page
    mine = reverse("placement:enrolment", args=[Enrolment.objects.get().pk])
    client.post(mine, {"do": "withdraw"})
    run.slot.refresh_from_db()
    assert run.slot.taken == 0


def test_new_course__with_wrong_input__keeps_what_was_typed(client, station, clerk):
    client.force_login(clerk)
    typed = {
        "kind": "ADAPTIVE", "title": "=cmd适应性培训", "field": "其他", "summary": "<b>好</b>",
        "hours": "9" * 28, "pass_mark": "60", "attendance_percent": "80",
    }  # fmt: skip
    page = client.post(reverse("placement:desk_course_new"), typed).content.decode()
    assert "请选适用的安置方式" in page
    assert "学时最多2000" in page
    assert "=cmd适应性培训" in page
    assert "<b>好</b>" not in page
    assert not Course.objects.exists()


def test_new_run__planned_on_the_page__skips_weekends(client, station, clerk):
    course = CourseFactory(station=station, hours=16)
    client.force_login(clerk)
    first = timezone.localdate() + timedelta(days=14 - timezone.localdate().weekday() + 4)
    typed = {
        "title": "第1期", "place": "三楼", "places": "20", "starts_on": f"{first}", "days": "2",
        "from_": "09:00", "to": "16:30", "hours": "8",
    }  # fmt: skip
    assert (
        client.post(reverse("placement:desk_run_new", args=[course.pk]), typed).status_code == 302
    )
    days = [timezone.localdate(each.starts_at) for each in course.runs.get().lessons.all()]
    assert (days[0].weekday(), (days[1] - days[0]).days) == (4, 3)


def test_desk_run__with_many_people__asks_no_more(
    client, station, clerk, django_assert_max_num_queries
):
    run = a_run(station)
    for _ in range(8):
        EnrolmentFactory(run=run)
    client.force_login(clerk)
    with django_assert_max_num_queries(16):
        assert client.get(reverse("placement:desk_run", args=[run.pk])).status_code == 200


def test_desk_run__somebody_at_the_counter__is_enrolled_by_id_number(
    client, station, clerk, veteran
):
    run = a_run(station)
    client.force_login(clerk)
    url = reverse("placement:desk_run_enrol", args=[run.pk])
    wrong = client.post(url, {"id_number": "110101194001010018", "client_key": "key-00000001"})
    assert wrong.status_code == 200
    client.post(url, {"id_number": veteran.id_number, "client_key": "key-00000001"})
    assert Enrolment.objects.get().person == veteran


def test_desk_close__entered_by_the_clerk__gives_certificates(client, station, clerk):
    enrolment = finished(station)
    client.force_login(clerk)
    url = reverse("placement:desk_run_close", args=[enrolment.run.pk])
    wrong = client.post(url, {f"score_{enrolment.pk}": "101"})
    assert "0到100之间" in wrong.content.decode()
    assert client.post(url, {f"score_{enrolment.pk}": "77.5"}).status_code == 302
    enrolment.refresh_from_db()
    assert enrolment.score == Decimal("77.5")


def test_provider_room__lists_its_runs_only(client, station):
    member = PartnerMemberFactory(partner=PartnerFactory(trainer=True, station=station))
    assert PartnerRole.TRAINER in member.partner.roles
    mine = a_run(station, course__provider=member.partner)
    other = a_run(station)
    client.force_login(member.user)
    page = client.get(reverse("placement:partner_courses", args=[member.partner.pk]))
    assert mine.course.title in page.content.decode()
    assert other.course.title not in page.content.decode()


def test_duty_list__with_many__asks_no_more(client, station, clerk, django_assert_max_num_queries):
    for _ in range(20):
        TrainingDutyFactory(person__station=station)
    client.force_login(clerk)
    with django_assert_max_num_queries(14):
        assert client.get(reverse("placement:desk_duties")).status_code == 200

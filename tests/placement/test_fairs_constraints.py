"""Each rule about fairs, vacancies, intentions and notices, against the database itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from placement.enums.fairs import FairEmployerState, FairState, IntentStage, PostKind, VacancyState
from placement.enums.recruitment import ApplicantState, RecruitmentState, RecruitStep
from placement.models import (
    Applicant,
    DirectedRecruitment,
    EmploymentIntent,
    FairEmployer,
    JobFair,
    Vacancy,
)
from tests.factories.placement_fairs import (
    ApplicantFactory,
    ApplicantResultFactory,
    CvFactory,
    DirectedRecruitmentFactory,
    EmploymentIntentFactory,
    FairEmployerFactory,
    FairVacancyFactory,
    JobFairFactory,
    RecruitmentStepFactory,
    VacancyFactory,
    today,
)

pytestmark = pytest.mark.django_db


def refused(row, constraint, **changes):
    """The database refuses the changes, by this constraint."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**changes)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("fair_applied_for_before_it_is_held", {"apply_by": today(11)}),
        ("fair_opened_has_who_and_when", {"opened_at": None}),
        ("fair_held_has_who_and_when", {"held_at": timezone.now()}),
        ("fair_cancelled_says_who_when_why", {"state": FairState.CANCELLED}),
    ],
)
def test_fair__against_its_rules__is_refused(constraint, changes):
    refused(JobFairFactory(), constraint, **changes)


def test_fair__opened_by_who_drafted_it__is_refused():
    fair = JobFairFactory()
    refused(fair, "fair_opened_by_another", opened_by=fair.created_by)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("fair_employer_holds_a_stand", {"booking": None}),
        ("fair_employer_accepted_has_its_stand", {"stand_number": None}),
    ],
)
def test_fair_employer__against_its_rules__is_refused(constraint, changes):
    refused(FairEmployerFactory(), constraint, **changes)


def test_fair_employer__refused_without_a_reason__is_refused():
    employer = FairEmployerFactory(applied=True)
    refused(employer, "fair_employer_refused_says_who_and_why", state=FairEmployerState.REFUSED)


def test_fair_employer__twice_or_on_a_stand_that_is_given__is_refused():
    first = FairEmployerFactory()
    with pytest.raises(IntegrityError, match="fair_employer_once"), transaction.atomic():
        FairEmployerFactory(fair=first.fair, partner=first.partner)
    with pytest.raises(IntegrityError, match="fair_stand_given_once"), transaction.atomic():
        FairEmployerFactory(fair=first.fair, stand_number=first.stand_number)


def test_fair_vacancy__twice_or_of_no_posts__is_refused():
    post = FairVacancyFactory()
    with pytest.raises(IntegrityError, match="fair_vacancy_once"), transaction.atomic():
        FairVacancyFactory(employer=post.employer, vacancy=post.vacancy)
    refused(post, "fair_vacancy_offers_posts", headcount=0)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("vacancy_is_a_partners_or_a_recruitments", {"kind": PostKind.SOLDIER_TEACHER}),
        ("vacancy_headcount_from_one_up", {"headcount": 0}),
        ("vacancy_pay_in_order", {"pay_from": 9000, "pay_to": 8000}),
        ("vacancy_pay_in_order", {"pay_from": 0, "pay_to": None}),
        ("vacancy_age_is_of_working_people", {"age_to": 90}),
        ("vacancy_decided_has_who_and_when", {"decided_by": None}),
        ("vacancy_closed_has_its_time", {"closed_at": timezone.now()}),
    ],
)
def test_vacancy__against_its_rules__is_refused(constraint, changes):
    refused(VacancyFactory(), constraint, **changes)


def test_vacancy__refused_without_a_reason__is_refused():
    vacancy = VacancyFactory(submitted=True)
    refused(
        vacancy, "vacancy_refused_says_why", state=VacancyState.REFUSED,
        decided_by=vacancy.created_by, decided_at=timezone.now(),
    )  # fmt: skip


def test_cv__with_pay_of_nothing__is_refused():
    refused(CvFactory(), "cv_pay_is_positive", pay_from=0)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("intent_has_a_name", {"name": ""}),
        ("intent_past_a_wish_was_reached", {"reached_on": None}),
        ("intent_stage_has_its_day", {"stage": IntentStage.INTERVIEW}),
        ("intent_seated_after_hired", {"hired_on": today(), "seated_on": today(-1)}),
        ("intent_ended_says_when_and_why", {"stage": IntentStage.ENDED}),
    ],
)
def test_intent__against_its_rules__is_refused(constraint, changes):
    refused(EmploymentIntentFactory(), constraint, **changes)


def test_intent__open_twice_for_one_vacancy__is_refused():
    first = EmploymentIntentFactory()
    with pytest.raises(IntegrityError, match="vacancy_and_person"), transaction.atomic():
        EmploymentIntentFactory(vacancy=first.vacancy, person=first.person)
    nobody = {"person": None, "name": "李来宾", "phone": "13900001111", "by": first.by}
    EmploymentIntentFactory(vacancy=first.vacancy, **nobody)
    with pytest.raises(IntegrityError, match="vacancy_and_phone"), transaction.atomic():
        EmploymentIntentFactory(vacancy=first.vacancy, **nobody)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("recruitment_applied_for_in_order", {"apply_until": today(-3)}),
        ("recruitment_published_has_who_and_when", {"published_at": None}),
        ("recruitment_ended_has_its_time", {"ended_at": timezone.now()}),
        ("recruitment_list_has_days_and_who", {"listed_from": today()}),
    ],
)
def test_recruitment__against_its_rules__is_refused(constraint, changes):
    refused(DirectedRecruitmentFactory(), constraint, **changes)


def test_recruitment__published_by_who_drafted_it__is_refused():
    notice = DirectedRecruitmentFactory()
    refused(notice, "recruitment_published_by_another", published_by=notice.created_by)


def test_recruitment__cancelled_without_a_reason__is_refused():
    refused(
        DirectedRecruitmentFactory(), "recruitment_cancelled_says_why",
        state=RecruitmentState.CANCELLED, ended_at=timezone.now(),
    )  # fmt: skip


def test_step__twice_unknown_or_backwards__is_refused():
    step = RecruitmentStepFactory()
    with pytest.raises(IntegrityError, match="recruitment_step_once"), transaction.atomic():
        RecruitmentStepFactory(recruitment=step.recruitment)
    refused(step, "recruitment_step_known", step=77)
    refused(step, "recruitment_step_days_in_order", until=step.on - timedelta(days=1))


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("applicant_ended_has_its_time", {"ended_at": timezone.now()}),
        ("applicant_out_says_why", {"state": ApplicantState.OUT, "ended_at": timezone.now()}),
        ("applicant_hired_went_all_the_way", {"step": RecruitStep.HIRED}),
    ],
)
def test_applicant__against_its_rules__is_refused(constraint, changes):
    refused(ApplicantFactory(), constraint, **changes)


def test_applicant__twice_in_one_recruitment__is_refused():
    first = ApplicantFactory()
    with pytest.raises(IntegrityError, match="applicant_once"), transaction.atomic():
        ApplicantFactory(post=first.post, recruitment=first.recruitment, person=first.person)


def test_result__twice_or_out_of_range__is_refused():
    result = ApplicantResultFactory()
    with pytest.raises(IntegrityError, match="applicant_result_once"), transaction.atomic():
        ApplicantResultFactory(applicant=result.applicant)
    refused(result, "applicant_score_in_range", score=201)


@pytest.mark.parametrize(
    ("make", "changes"),
    [
        (lambda: JobFairFactory(held=True), {"state": FairState.DRAFT, "held_at": None}),
        (
            lambda: FairEmployerFactory(),
            {"state": FairEmployerState.APPLIED, "stand_number": None},
        ),
        (lambda: VacancyFactory(), {"state": VacancyState.REFUSED, "reason": "不清楚"}),
        (lambda: EmploymentIntentFactory(), {"stage": IntentStage.WISHED}),
        (
            lambda: DirectedRecruitmentFactory(),
            {"state": RecruitmentState.DRAFT},
        ),
    ],
    ids=[
        each.__name__
        for each in (JobFair, FairEmployer, Vacancy, EmploymentIntent, DirectedRecruitment)
    ],
)
def test_state__against_its_road__is_refused_by_the_database(make, changes):
    row = make()
    with pytest.raises(InternalError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**changes)


def test_applicant__back_from_the_end__is_refused_by_the_database():
    gone = ApplicantFactory(state=ApplicantState.WITHDRAWN, ended_at=timezone.now())
    with pytest.raises(InternalError), transaction.atomic():
        Applicant.objects.filter(pk=gone.pk).update(state=ApplicantState.IN, ended_at=None)

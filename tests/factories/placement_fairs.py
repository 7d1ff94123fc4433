"""Fairs, vacancies, intentions, directed recruitment. Fairs are open; `draft`, `held` for others."""

from datetime import timedelta

import factory
from django.utils import timezone

from placement.enums.fairs import (
    FairEmployerState,
    FairState,
    IntentStage,
    JobField,
    PostKind,
    VacancyState,
)
from placement.enums.recruitment import RecruitmentState, RecruitStep
from placement.models import (
    Applicant,
    ApplicantResult,
    Cv,
    DirectedRecruitment,
    EmploymentIntent,
    FairEmployer,
    FairVacancy,
    JobFair,
    RecruitmentStep,
    Vacancy,
)
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory, OfferingFactory, SlotFactory
from tests.factories.network import StationFactory
from tests.factories.partners import PartnerFactory
from tests.factories.persons import PersonFactory


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


class JobFairFactory(factory.django.DjangoModelFactory):
    """An open fair ten days ahead."""

    class Meta:
        model = JobFair

    class Params:
        draft = factory.Trait(state=FairState.DRAFT, opened_by=None, opened_at=None)
        held = factory.Trait(
            state=FairState.HELD,
            held_on=factory.LazyFunction(lambda: today(-3)),
            apply_by=factory.LazyFunction(lambda: today(-10)),
            held_by=factory.SubFactory(UserFactory, staff=True),
            held_at=factory.LazyFunction(timezone.now),
        )

    title = factory.Sequence(lambda n: f"退役军人专场招聘会{n}")
    station = factory.SubFactory(StationFactory)
    venue = "体育馆一楼"
    held_on = factory.LazyFunction(lambda: today(10))
    apply_by = factory.LazyFunction(lambda: today(7))
    visits = factory.SubFactory(
        OfferingFactory,
        station=factory.SelfAttribute("..station"),
        title=factory.SelfAttribute("..title"),
        is_event=True,
        horizon_days=180,
        once_per="SEASON",
        season="本场",
    )
    stands = factory.SubFactory(
        OfferingFactory,
        station=factory.SelfAttribute("..station"),
        title=factory.LazyAttribute(lambda o: f"{o.factory_parent.title}展位"),
        is_event=True,
        is_listed=False,
        horizon_days=180,
        needs_review=True,
        waiting_list=False,
        party_max=1,
    )
    state = FairState.OPEN
    created_by = factory.SubFactory(UserFactory, staff=True)
    opened_by = factory.SubFactory(UserFactory, staff=True)
    opened_at = factory.LazyFunction(timezone.now)


class VacancyFactory(factory.django.DjangoModelFactory):
    """An open vacancy of an employer; `submitted`, `closed`."""

    class Meta:
        model = Vacancy

    class Params:
        submitted = factory.Trait(state=VacancyState.SUBMITTED, decided_by=None, decided_at=None)
        closed = factory.Trait(
            state=VacancyState.CLOSED, closed_at=factory.LazyFunction(timezone.now)
        )
        directed = factory.Trait(
            partner=None,
            recruitment=factory.SubFactory(
                "tests.factories.placement_fairs.DirectedRecruitmentFactory"
            ),
            station=factory.SelfAttribute("recruitment.station"),
            kind=PostKind.SOLDIER_TEACHER,
            veterans_only=True,
        )

    partner = factory.SubFactory(PartnerFactory)
    station = factory.SelfAttribute("partner.station")
    employer_name = factory.LazyAttribute(lambda o: o.partner.name if o.partner else "澄江教育局")
    title = factory.Sequence(lambda n: f"装配技工{n}")
    field = JobField.MANUFACTURE
    headcount = 5
    division = factory.SelfAttribute("station.division")
    pay_from = 6000
    pay_to = 8000
    open_until = factory.LazyFunction(lambda: today(60))
    state = VacancyState.OPEN
    created_by = factory.SubFactory(UserFactory)
    decided_by = factory.SubFactory(UserFactory, staff=True)
    decided_at = factory.LazyFunction(timezone.now)


class FairEmployerFactory(factory.django.DjangoModelFactory):
    """An accepted employer with its stand; the slot's count is not touched. `applied` waits."""

    class Meta:
        model = FairEmployer

    class Params:
        applied = factory.Trait(
            state=FairEmployerState.APPLIED, stand_number=None, decided_by=None, decided_at=None
        )

    fair = factory.SubFactory(JobFairFactory)
    partner = factory.SubFactory(PartnerFactory, station=factory.SelfAttribute("..fair.station"))
    booking = factory.SubFactory(
        BookingFactory,
        slot=factory.SubFactory(
            SlotFactory,
            offering=factory.SelfAttribute("...fair.stands"),
            starts_at=factory.Sequence(lambda n: timezone.now() + timedelta(days=10, minutes=n)),
        ),
    )
    stand_number = factory.Sequence(lambda n: n % 30000 + 1)
    state = FairEmployerState.ACCEPTED
    applied_by = factory.SelfAttribute("booking.by")
    decided_by = factory.SubFactory(UserFactory, staff=True)
    decided_at = factory.LazyFunction(timezone.now)


class FairVacancyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FairVacancy

    employer = factory.SubFactory(FairEmployerFactory)
    vacancy = factory.SubFactory(
        VacancyFactory, partner=factory.SelfAttribute("..employer.partner")
    )
    headcount = factory.SelfAttribute("vacancy.headcount")


class CvFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cv

    person = factory.SubFactory(PersonFactory, claimed=True)
    wanted_fields = factory.LazyFunction(lambda: [JobField.MANUFACTURE])
    updated_by = factory.SelfAttribute("person.account")


class EmploymentIntentFactory(factory.django.DjangoModelFactory):
    """A first intention; `wished` is the person's word alone."""

    class Meta:
        model = EmploymentIntent

    class Params:
        wished = factory.Trait(stage=IntentStage.WISHED, reached_on=None)

    vacancy = factory.SubFactory(VacancyFactory)
    station = factory.SelfAttribute("vacancy.station")
    person = factory.SubFactory(PersonFactory, claimed=True)
    name = factory.SelfAttribute("person.name")
    phone = factory.SelfAttribute("person.phone")
    stage = IntentStage.FIRST
    by = factory.SelfAttribute("person.account")
    reached_on = factory.LazyFunction(today)


class DirectedRecruitmentFactory(factory.django.DjangoModelFactory):
    """A published notice that takes applicants; `draft`."""

    class Meta:
        model = DirectedRecruitment

    class Params:
        draft = factory.Trait(state=RecruitmentState.DRAFT, published_by=None, published_at=None)

    kind = PostKind.SOLDIER_TEACHER
    title = factory.Sequence(lambda n: f"定向招聘“兵教师”公告{n}")
    station = factory.SubFactory(StationFactory)
    division = factory.SelfAttribute("station.division")
    host = "澄江教育局"
    notice = "面向退役军人招聘体育教师。"
    requirements = "退役军人，具有教师资格证。"
    apply_from = factory.LazyFunction(lambda: today(-2))
    apply_until = factory.LazyFunction(lambda: today(12))
    state = RecruitmentState.PUBLISHED
    created_by = factory.SubFactory(UserFactory, staff=True)
    published_by = factory.SubFactory(UserFactory, staff=True)
    published_at = factory.LazyFunction(timezone.now)


class RecruitmentStepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RecruitmentStep

    recruitment = factory.SubFactory(DirectedRecruitmentFactory)
    step = RecruitStep.CHECK
    on = factory.LazyFunction(lambda: today(15))


class ApplicantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Applicant

    post = factory.SubFactory(VacancyFactory, directed=True)
    recruitment = factory.SelfAttribute("post.recruitment")
    person = factory.SubFactory(PersonFactory, claimed=True)
    number = factory.Sequence(lambda n: f"DX2026-{n:04d}")
    statement = "有教师资格证。"
    by = factory.SelfAttribute("person.account")


class ApplicantResultFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ApplicantResult

    applicant = factory.SubFactory(ApplicantFactory)
    step = RecruitStep.CHECK
    passed = True
    by = factory.SubFactory(UserFactory, staff=True)

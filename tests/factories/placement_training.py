"""Courses (open), runs a week ahead, enrolments (booked), duties (due). `adaptive`, `over` for others."""

from datetime import timedelta

import factory
from django.utils import timezone

from placement.enums.training import AttendedBy, CourseKind, CourseState, DutyState
from placement.models import Attendance, Course, CourseRun, Enrolment, Lesson, TrainingDuty
from services.enums import PlacementWay
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory, OfferingFactory, SlotFactory
from tests.factories.network import StationFactory
from tests.factories.persons import PersonFactory


class CourseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Course

    class Params:
        draft = factory.Trait(state=CourseState.DRAFT, opened_by=None, opened_at=None)
        adaptive = factory.Trait(
            kind=CourseKind.ADAPTIVE, ways=[PlacementWay.SELF_EMPLOYMENT], field="其他"
        )

    title = factory.Sequence(lambda n: f"无人机操控{n}")
    kind = CourseKind.SKILL
    station = factory.SubFactory(StationFactory)
    field = "无人机"
    summary = "从认识到会飞"
    hours = 8
    state = CourseState.OPEN
    created_by = factory.SubFactory(UserFactory, staff=True)
    opened_by = factory.SubFactory(UserFactory, staff=True)
    opened_at = factory.LazyFunction(timezone.now)


class CourseRunFactory(factory.django.DjangoModelFactory):
    """Two lessons of four hours; `begins` in hours from now (`over`: it is over)."""

    class Meta:
        model = CourseRun
        skip_postgeneration_save = True

    class Params:
        begins = 24 * 7
        over = factory.Trait(begins=-48)

    course = factory.SubFactory(CourseFactory)
    station = factory.SelfAttribute("course.station")
    title = factory.Sequence(lambda n: f"第{n}期")
    place = "服务中心三楼"
    offering = factory.SubFactory(
        OfferingFactory,
        station=factory.SelfAttribute("..station"),
        title=factory.Sequence(lambda n: f"班次{n}"),
        is_event=True,
        is_listed=False,
        waiting_list=False,
        horizon_days=180,
        capacity=2,
        lead_minutes=0,
    )
    slot = factory.SubFactory(
        SlotFactory,
        offering=factory.SelfAttribute("..offering"),
        capacity=2,
        starts_at=factory.LazyAttribute(
            lambda o: timezone.now() + timedelta(hours=o.factory_parent.begins)
        ),
        ends_at=factory.LazyAttribute(lambda o: o.starts_at + timedelta(hours=28)),
    )
    created_by = factory.SubFactory(UserFactory, staff=True)

    @factory.post_generation
    def lessons(self, create, extracted, **kwargs):
        if create:
            for hours in (0, 24):
                start = self.slot.starts_at + timedelta(hours=hours)
                LessonFactory(run=self, starts_at=start, ends_at=start + timedelta(hours=4))


class LessonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Lesson

    run = factory.SubFactory(CourseRunFactory)
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=20))
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + timedelta(hours=4))
    hours = 4
    code = "ACDE23"


class EnrolmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Enrolment

    run = factory.SubFactory(CourseRunFactory)
    person = factory.SubFactory(PersonFactory)
    booking = factory.SubFactory(
        BookingFactory,
        slot=factory.SelfAttribute("..run.slot"),
        person=factory.SelfAttribute("..person"),
    )


class AttendanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Attendance

    enrolment = factory.SubFactory(EnrolmentFactory)
    lesson = factory.LazyAttribute(lambda o: o.enrolment.run.lessons.first())
    way = AttendedBy.STAFF
    by = factory.SubFactory(UserFactory, staff=True)


class TrainingDutyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TrainingDuty

    class Params:
        asked = factory.Trait(
            state=DutyState.ASKED,
            reason="STUDY",
            words="九月起在读",
            asked_by=factory.SubFactory(UserFactory, staff=True),
            asked_at=factory.LazyFunction(timezone.now),
        )

    person = factory.SubFactory(PersonFactory)
    station = factory.SelfAttribute("person.station")
    way = PlacementWay.SELF_EMPLOYMENT
    arose_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))
    due_on = factory.LazyAttribute(lambda o: o.arose_on + timedelta(days=180))

"""Veterans who came back lately, runs of a station, and runs that are over."""

from datetime import timedelta

from django.utils import timezone

from services.enums import BookingState, PlacementWay
from tests.factories.persons import PersonFactory
from tests.factories.placement_training import (
    AttendanceFactory,
    CourseFactory,
    CourseRunFactory,
    EnrolmentFactory,
)


def back_from_the_army(station, **facts):
    day = timezone.localdate() - timedelta(days=60)
    facts = {
        "enlisted_on": day - timedelta(days=730),
        "discharged_on": day,
        "placement_way": PlacementWay.SELF_EMPLOYMENT,
    } | facts
    return PersonFactory(station=station, claimed=True, **facts)


def a_run(station, **more):
    return CourseRunFactory(course__station=station, **more)


def finished(station, *, attended=2, person=None, **course):
    """An enrolment in a run that is over; `attended` of two lessons."""
    run = CourseRunFactory(over=True, course=CourseFactory(station=station, **course))
    person = person or back_from_the_army(station)
    state = BookingState.CHECKED_IN if attended else BookingState.NO_SHOW
    enrolment = EnrolmentFactory(
        run=run, person=person, booking__state=state, is_free=course.get("kind") is None,
        booking__checked_in_at=run.slot.starts_at if attended else None,
        booking__no_show_at=None if attended else run.slot.ends_at,
    )  # fmt: skip
    for lesson in run.lessons.all()[:attended]:
        AttendanceFactory(enrolment=enrolment, lesson=lesson)
    return enrolment

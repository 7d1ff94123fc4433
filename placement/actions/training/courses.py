"""A course is drafted by one, opened by another, closed; its runs are planned and called off."""

import itertools
import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone

from placement import perms
from placement.actions.training.common import (
    TrainingError,
    locked_run,
    record,
    require_keeper,
)
from placement.enums.training import CourseKind, CourseState, RunState
from placement.models import Course, CourseRun, Lesson
from services.actions import bookings
from services.actions.bookings.taking import CODE_ALPHABET
from services.enums import OncePer
from services.models import Offering
from veterans_portal import locking

AHEAD = 180  # days that a run can be announced before it begins
CODE_LENGTH = 6


@transaction.atomic
def save_course(*, course, by):
    """Write a course down, or change one that is not open; returns it. Raises TrainingError."""
    require_keeper(by, course.station)
    if course.state == CourseState.OPEN and course.runs.filter(state=RunState.OPEN).exists():
        raise TrainingError("这门课有正在报名或上课的班次，结业后才能修改。", code="running")
    is_new = course.pk is None
    if is_new:
        course.created_by = by
    if course.kind != CourseKind.ADAPTIVE:
        course.ways = []
    try:
        with transaction.atomic():
            course.save()
    except IntegrityError as taken:
        raise TrainingError("本站点已有同名的课程。", field="title") from taken
    record("course_created" if is_new else "course_changed", course, by, station=course.station)
    return course


@transaction.atomic
def open_course(*, course, by):
    """Let everybody read about it and enrol. Never by the one who drafted it."""
    course = _to_check(course, by, CourseState.DRAFT, CourseState.CLOSED)
    if course.created_by_id == by.pk:
        raise TrainingError("您起草的课程请由另一位同事开设。", code="own_draft")
    course.state, course.opened_by, course.opened_at = CourseState.OPEN, by, timezone.now()
    course.save()
    record("course_opened", course, by, station=course.station)
    return course


@transaction.atomic
def close_course(*, course, by):
    """Offer it no more; runs that people are in go on."""
    course = _to_check(course, by, CourseState.OPEN)
    course.state = CourseState.CLOSED
    course.save(update_fields=["state"])
    record("course_closed", course, by, station=course.station)
    return course


def _to_check(course, by, *states):
    course = locking.locked(Course.objects.select_related("station"), course.pk)
    if not perms.may_check_training(by, course.station):
        raise TrainingError("请由主办站点的审核人或负责人办理。", code="not_yours")
    if course.state not in states:
        raise TrainingError(
            f"这门课现在是“{course.get_state_display()}”，请刷新页面再看。", code="decided"
        )
    return course


@transaction.atomic
def plan_run(*, course, title, place, teacher, places, lessons, by, now=None):
    """Plan a run of an open course; returns the CourseRun.

    `lessons` are `(starts_at, ends_at, hours)` in order, aware; `places` how many people fit.
    Raises TrainingError: past, overlapping, or fewer class hours than the course has.
    """
    now = now or timezone.now()
    require_keeper(by, course.station)
    if course.state != CourseState.OPEN:
        raise TrainingError("课程开设以后才能排班次。", code="not_open")
    _check_lessons(course, lessons, now)
    offering = Offering(
        station=course.station, title=f"{course.title} {title}", description=course.summary,
        bring="身份证", is_event=True, is_listed=False, waiting_list=False, workdays_only=False,
        capacity=places, party_max=1, horizon_days=AHEAD, lead_minutes=0,
        once_per=OncePer.SEASON, season="本班",
    )  # fmt: skip
    try:
        with transaction.atomic():
            offering.save()
    except IntegrityError as taken:
        raise TrainingError("这门课已有同名的班次。", field="title") from taken
    whole = (lessons[0][0], lessons[-1][1], places)
    slot = bookings.set_slots(offering=offering, times=[whole], by=by, now=now)[0]
    run = CourseRun.objects.create(
        course=course, station=course.station, title=title, place=place, teacher=teacher,
        offering=offering, slot=slot, created_by=by,
    )  # fmt: skip
    Lesson.objects.bulk_create(
        Lesson(run=run, starts_at=start, ends_at=end, hours=hours, code=_lesson_code())
        for start, end, hours in lessons
    )
    record("run_planned", run, by, station=run.station, lessons=len(lessons), places=places)
    return run


def _check_lessons(course, lessons, now):
    if not lessons:
        raise TrainingError("请至少排一次课。", field="lessons")
    if lessons[0][0] <= now:
        raise TrainingError("第一次课的时间已经过去，请核对。", field="lessons")
    if (lessons[0][0] - now).days > AHEAD:
        raise TrainingError(f"最多提前{AHEAD}天排班次，请核对日期。", field="lessons")
    for (_, ends, _), (starts, _, _) in itertools.pairwise(lessons):
        if starts < ends:
            raise TrainingError("课的时间不能重叠，请按先后填写。", field="lessons")
    planned = sum(hours for _, _, hours in lessons)
    if planned < course.hours:
        raise TrainingError(
            f"这门课要{course.hours}学时，排了{planned}学时，请补上。", field="lessons"
        )


def _lesson_code():
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


@transaction.atomic
def cancel_run(*, run, reason, by, now=None):
    """Call a run off before it begins: everybody enrolled is told why and free again."""
    now = now or timezone.now()
    run = locked_run(run)
    require_keeper(by, run.station)
    if run.state != RunState.OPEN or run.slot.starts_at <= now:
        raise TrainingError("已经开课或结束的班次不能取消。", code="begun")
    if not reason.strip():
        raise TrainingError("请写明取消原因，报名的人会看到。", field="reason")
    bookings.close_slots(slots=[run.slot], by=by, reason=reason.strip()[:100], now=now)
    run.state, run.closed_by, run.closed_on = RunState.CANCELLED, by, timezone.localdate(now)
    run.reason = reason.strip()[:100]
    run.save()
    record("run_cancelled", run, by, station=run.station, reason=run.reason)
    return run

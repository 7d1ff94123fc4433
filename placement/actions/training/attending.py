"""Who was in a lesson: by the code shown in the room, or entered by who receives them."""

import hmac
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from placement import perms
from placement.actions.training.common import TrainingError, locked_enrolment, record
from placement.enums.training import AttendedBy, RunState
from placement.models import Attendance, Lesson
from services.actions import bookings
from services.enums import BookingState

BEFORE = timedelta(minutes=30)  # the code counts from half an hour before a lesson to its end


def lesson_now(run, now=None):
    """The lesson that one can sign in for now, or None."""
    now = now or timezone.now()
    going_on = Lesson.objects.filter(run=run, starts_at__lte=now + BEFORE, ends_at__gte=now)
    return going_on.first()


def attend(*, enrolment, code, by, now=None):
    """Sign oneself in for the lesson of now by the code in the room; returns the Attendance.

    A second time is the first one again. Raises TrainingError: no lesson now, wrong code.
    """
    now = now or timezone.now()
    lesson = lesson_now(enrolment.run, now)
    if lesson is None:
        raise TrainingError("现在没有课。开课前半小时起可以签到。", code="no_lesson")
    typed = bookings.normal_code(code)
    if not hmac.compare_digest(typed.encode(), lesson.code.encode()):
        raise TrainingError("课堂码不对，请看教室屏幕或问老师。", field="code", code="wrong_code")
    if enrolment.person.account_id != by.pk:
        raise TrainingError("请本人签到。", code="not_yours")
    return _note(enrolment, lesson, AttendedBy.CODE, by, now)


def sign_in(*, enrolment, lesson, by, now=None):
    """Note that somebody is, or was, in a lesson: by staff of the run's station, until it closes."""
    now = now or timezone.now()
    if not perms.may_receive_at_training(by, enrolment.run.station):
        raise TrainingError("请由主办站点的工作人员登记。", code="not_yours")
    if lesson.starts_at > now + BEFORE:
        raise TrainingError("这节课还没有开始，开课前半小时起可以签到。", code="ahead")
    return _note(enrolment, lesson, AttendedBy.STAFF, by, now)


@transaction.atomic
def take_back(*, enrolment, lesson, by):
    """Take back a sign-in that was a mistake, before the run closes."""
    enrolment = locked_enrolment(enrolment)
    if not perms.may_keep_training(by, enrolment.run.station):
        raise TrainingError("请由主办站点的经办人或负责人更正。", code="not_yours")
    _must_go_on(enrolment)
    if Attendance.objects.filter(enrolment=enrolment, lesson=lesson).delete()[0]:
        record("attendance_taken_back", enrolment, by, station=enrolment.run.station,
               on_behalf_of=enrolment.person.name, lesson=lesson.pk)  # fmt: skip


@transaction.atomic
def _note(enrolment, lesson, way, by, now):
    enrolment = locked_enrolment(enrolment)
    _must_go_on(enrolment)
    if not Lesson.objects.filter(pk=lesson.pk, run=enrolment.run_id).exists():
        raise TrainingError("这节课不是这个班的。", code="other_run")
    if not enrolment.is_live and enrolment.booking.state != BookingState.NO_SHOW:
        raise TrainingError("这个报名已经取消，请重新报名。", code="cancelled")
    attendance, is_new = Attendance.objects.get_or_create(
        enrolment=enrolment, lesson=lesson, defaults={"way": way, "by": by, "at": now}
    )
    if is_new:
        if enrolment.booking.state in (BookingState.CONFIRMED, BookingState.NO_SHOW):
            bookings.check_in(booking=enrolment.booking, by=by, now=now)
        record("attended", enrolment, by, station=enrolment.run.station,
               on_behalf_of=enrolment.person.name, lesson=lesson.pk, way=str(way))  # fmt: skip
    return attendance


def _must_go_on(enrolment):
    if enrolment.run.state != RunState.OPEN:
        raise TrainingError("这个班已经结业，不能再改签到。", code="closed")

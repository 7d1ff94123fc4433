"""What came of it: results when a run closes, certificates, the duty that is fulfilled, evaluation."""

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from placement.actions.training import duties
from placement.actions.training.common import (
    TrainingError,
    locked_enrolment,
    locked_run,
    record,
    require_keeper,
)
from placement.enums.training import CourseKind, RunState, TrainingResult
from placement.models import Enrolment
from placement.notices import training as notices
from services.actions import bookings, documents
from services.enums import BookingState, DocumentKind


@transaction.atomic
def close_run(*, run, scores, by, now=None):
    """Close a run after its last lesson: everybody gets a result, who passed a certificate.

    `scores` is `{enrolment id: Decimal of 100 or None}`; who attended too little needs none.
    Raises TrainingError naming whose score is missing. Returns how many passed.
    """
    now = now or timezone.now()
    run = locked_run(run)
    require_keeper(by, run.station)
    if run.state != RunState.OPEN:
        raise TrainingError("这个班已经结业或取消。", code="closed")
    if run.slot.ends_at > now:
        raise TrainingError("最后一节课还没有结束，结束后才能结业。", code="ahead")
    taking_part = attended_hours(run)
    passed = 0
    for enrolment in taking_part:
        enrolment = _grade(run, enrolment, scores.get(enrolment.pk), by, now)
        passed += enrolment.result == TrainingResult.PASSED
    run.state, run.closed_by, run.closed_on = RunState.CLOSED, by, timezone.localdate(now)
    run.save()
    record("run_closed", run, by, station=run.station, people=len(taking_part), passed=passed)
    return passed


def attended_hours(run):
    """The people of a run who did not cancel, by name, each with `came`: class hours attended."""
    rows = Enrolment.objects.with_all().filter(run=run).exclude(
        booking__state=BookingState.CANCELLED
    )  # fmt: skip
    rows = rows.annotate(came=Sum("attendances__lesson__hours", default=0))
    return list(rows.order_by("person__name_pinyin", "pk"))


def result_of(course, *, came, score):
    """The TrainingResult by the course's own rules (hours attended, marks)."""
    if came * 100 < course.hours * course.attendance_percent:
        return TrainingResult.ABSENT
    return TrainingResult.PASSED if score >= course.pass_mark else TrainingResult.FAILED


def _grade(run, shown, score, by, now):
    enrolment = locked_enrolment(shown)
    course, came = run.course, shown.came
    enough = came * 100 >= course.hours * course.attendance_percent
    if enough and score is None:
        raise TrainingError(
            f"请填写{enrolment.person.name}的成绩。", field=f"score_{enrolment.pk}", code="no_score"
        )
    enrolment.hours, enrolment.score = came, score if enough else None
    enrolment.result = result_of(course, came=came, score=score)
    enrolment.completed_on, enrolment.entered_by = timezone.localdate(now), by
    if enrolment.result == TrainingResult.PASSED:
        enrolment.certificate = _certificate(enrolment, by)
    enrolment.save()
    _settle_booking(enrolment, by, now)
    if enrolment.result == TrainingResult.PASSED and course.kind == CourseKind.ADAPTIVE:
        duties.note_trained(enrolment=enrolment)
    record(
        "training_result", enrolment, by, station=run.station, on_behalf_of=enrolment.person.name,
        result=str(enrolment.result),
    )  # fmt: skip
    notices.tell_result(enrolment)
    return enrolment


def _settle_booking(enrolment, by, now):
    booking = enrolment.booking
    if booking.state == BookingState.CHECKED_IN:
        bookings.serve(booking=booking, by=by, now=now)
    elif booking.state == BookingState.CONFIRMED:
        bookings.mark_no_show(booking=booking, by=by, now=now)


def _certificate(enrolment, by):
    run, person, course = enrolment.run, enrolment.person, enrolment.run.course
    day = enrolment.completed_on
    taught = course.provider.name if course.provider else run.station.name
    return documents.issue(
        kind=DocumentKind.TRAINING_CERTIFICATE,
        by=by,
        person=person,
        station=run.station,
        number=f"锡退训{day.year}{enrolment.pk:06d}",
        content={
            "name": person.name,
            "paragraphs": [
                f"{person.name}参加{run.station.name}主办的“{course.title}”"
                f"{course.get_kind_display()}，学时和成绩合格，特发此证。"
            ],
            "rows": [
                ("课程", course.title),
                ("班次", run.title),
                ("学时", f"{enrolment.hours}学时"),
                ("培训机构", taught),
                ("结业日期", f"{day.year}年{day.month}月{day.day}日"),
            ],
        },
    )


@transaction.atomic
def evaluate(*, enrolment, grade, words, by):
    """Grade a course one finished, once: 1 to 5. The provider reads the average, never by whom."""
    enrolment = locked_enrolment(enrolment)
    if enrolment.person.account_id != by.pk:
        raise TrainingError("请本人评价。", code="not_yours")
    if enrolment.result is None:
        raise TrainingError("结业以后才能评价。", code="not_yet")
    if enrolment.grade is not None:
        raise TrainingError("您已经评价过，谢谢。", code="evaluated")
    enrolment.grade, enrolment.words = grade, words.strip()[:300]
    enrolment.evaluated_at = timezone.now()
    enrolment.save(update_fields=["grade", "words", "evaluated_at"])
    record("training_evaluated", enrolment.run, by, station=enrolment.run.station)
    return enrolment

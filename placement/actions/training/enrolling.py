"""Enrolling in a run: a place of the booking engine, and the free course that everybody has once."""

from django.db import transaction
from django.utils import timezone

from placement import perms
from placement.actions.training.common import TrainingError, locked_enrolment, record
from placement.enums.training import CourseKind, CourseState, RunState, TrainingResult
from placement.models import CourseRun, Enrolment
from services.actions import bookings, proxies
from services.enums import CancelledAs
from services.models import Person, Slot

FREE_USED = "退役后免费参加一次职业技能培训，您已经用过或正在用。其他课程请向主办站点询问费用后，由站点登记。"


@transaction.atomic
def enrol(*, run, person, by, client_key, proxy=None, now=None):
    """Take a place in a run for a person's file; returns the Enrolment.

    By themselves, by whoever may act for them (`proxy`), or by staff of the run's station. A skill
    course is free once after discharge (L1 §36, L2 §64): a second one is entered by staff only, who
    settle the fee. Raises TrainingError or the engine's refusals (full, closed, booked already).
    """
    now = now or timezone.now()
    run = CourseRun.objects.select_related("course", "slot", "station").get(pk=run.pk)
    on_behalf = _may_enrol(run, person, by, proxy)
    if run.state != RunState.OPEN or run.course.state != CourseState.OPEN:
        raise TrainingError("这个班次已经不能报名，请看看别的班次。", code="run_closed")
    if refusal := refusal_to_enrol(run, person):
        raise TrainingError(refusal, code="not_for_them")
    lock_file(person)
    booking = bookings.book(
        slot=Slot.objects.with_rules().get(pk=run.slot_id), heads=1, by=by, client_key=client_key,
        person=person, on_behalf=on_behalf, proxy=proxy, now=now,
    )  # fmt: skip
    if booking.replayed:
        return Enrolment.objects.get(booking=booking)
    is_free = run.course.kind == CourseKind.ADAPTIVE or not free_course_used(person)
    if not is_free and not on_behalf:
        raise TrainingError(FREE_USED, code="free_course_used")
    enrolment = Enrolment.objects.create(
        run=run, booking=booking, person=person,
        is_free=is_free and run.course.kind == CourseKind.SKILL,
    )  # fmt: skip
    record(
        "enrolled", enrolment, by, station=run.station, on_behalf_of=person.name,
        run=run.pk, free=enrolment.is_free,
    )  # fmt: skip
    return enrolment


@transaction.atomic
def withdraw(*, enrolment, by, now=None):
    """Give the place back before the first lesson; the free course may be taken again."""
    now = now or timezone.now()
    enrolment = locked_enrolment(enrolment)
    if enrolment.person.account_id != by.pk:
        raise TrainingError("请本人退出，或联系主办站点。", code="not_yours")
    if enrolment.run.slot.starts_at <= now:
        raise TrainingError("已经开课，不能再退出。确实不能来的，请告诉主办站点。", code="begun")
    # in words of its own, not the engine's: the page says that it is done
    bookings.cancel(
        booking=enrolment.booking, by=by, reason="本人退出报名", as_=CancelledAs.STATION,
        quietly=True, now=now,
    )  # fmt: skip
    record("enrolment_withdrawn", enrolment, by, station=enrolment.run.station,
           on_behalf_of=enrolment.person.name)  # fmt: skip
    return enrolment


def free_course_used(person):
    """Whether the one free skill course was taken: attended, or a place in one is held now."""
    mine = Enrolment.objects.filter(person=person, is_free=True)
    done = [TrainingResult.PASSED, TrainingResult.FAILED]
    return mine.filter(result__in=done).exists() or mine.live().filter(result=None).exists()


def lock_file(person):
    """Hold the person's file until the transaction ends, against a second free course meanwhile."""
    list(Person.objects.select_for_update().filter(pk=person.pk).values_list("pk"))


def refusal_to_enrol(run, person):
    """Why a course is not for a file at all, as a sentence; "" when it is."""
    course = run.course
    if person.discharged_on is None:
        return "培训面向退役军人。档案里还没有退役时间，请先到“我的档案”或服务站补上。"
    if course.kind == CourseKind.ADAPTIVE and person.placement_way not in course.ways:
        return f"这个班面向{course.way_words}的退役军人，请选与您安置方式相同的班。"
    return ""


def _may_enrol(run, person, by, proxy):
    """Whether it is on behalf (True: by staff); raises TrainingError when it may not be at all."""
    if by.is_staff_member:
        if not perms.may_keep_training(by, run.station):
            raise TrainingError("请由主办站点的经办人或负责人登记。", code="not_yours")
        return True
    if person.account_id != by.pk and (proxy is None or proxies.proxy_for(by, person) != proxy):
        raise TrainingError("您现在不能为这位家人报名，请到“家人代办”查看。", code="no_proxy")
    if not person.is_filed:
        raise TrainingError("建档以后才能报名。请先在“我的档案”里登记。", code="no_file")
    return False

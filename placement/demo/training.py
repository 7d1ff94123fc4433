"""Demonstration training: the first half of 2025 as the bureau reported it (A111-A113), and now.

The five feature courses each with a run that is over and one that comes; eleven adaptive runs with
274 people, who are all that should have attended; and who should attend today, found as every night.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from placement.actions import training
from placement.actions.training.grading import result_of
from placement.enums.training import (
    AttendedBy,
    CourseKind,
    CourseState,
    DutyState,
    RunState,
    TrainingResult,
)
from placement.models import Attendance, Course, CourseRun, Enrolment, Lesson, TrainingDuty
from services.actions.bookings.taking import CODE_ALPHABET, CODE_LENGTH
from services.demo.partners import BINHU, XINWU, YIXING
from services.demo.staff import CITY, JIANGYIN, LIANGXI
from services.enums import BookingState, FileState, OncePer, PlacementWay
from services.models import Booking, Offering, Partner, Person, Slot, Station


@dataclass(frozen=True)
class Plan:
    """A course: whose, called what, in which field, taught by whom (a part of the name), hours."""

    division: str
    title: str
    field: str
    summary: str
    provider: str
    hours: int = 40


SKILLS = (
    Plan(YIXING, "紫砂陶艺", "陶艺", "从拍泥片到烧成一把壶，结业可进工作室实习", "紫砂工艺"),
    Plan(BINHU, "创客新媒体", "新媒体", "短视频拍摄、直播和小店经营", "锡科"),
    Plan(XINWU, "无人机操控", "无人机", "航拍、巡检和植保，备考执照", "智飞"),
    Plan(BINHU, "电气检测", "电工电气", "低压电工和仪表检测", "锡科"),
    Plan(CITY, "AI应用", "人工智能", "用人工智能工具做文案、表格和客服", "锡科"),
)
WAYS = (PlacementWay.SELF_EMPLOYMENT, PlacementWay.ARRANGED_JOB, PlacementWay.MONTHLY_PAY)
# Adaptive runs of the first half of 2025: whose, for which way, first day, people (A112: 270余名).
ADAPTIVE = (
    (CITY, WAYS[0], date(2025, 1, 6), 26),
    (JIANGYIN, WAYS[0], date(2025, 2, 17), 28),
    (YIXING, WAYS[0], date(2025, 2, 24), 24),
    (LIANGXI, WAYS[0], date(2025, 3, 3), 25),
    (BINHU, WAYS[0], date(2025, 3, 17), 24),
    (CITY, WAYS[1], date(2025, 3, 24), 27),
    (JIANGYIN, WAYS[0], date(2025, 4, 14), 26),
    (XINWU, WAYS[0], date(2025, 4, 21), 22),
    (CITY, WAYS[2], date(2025, 5, 12), 25),
    (YIXING, WAYS[0], date(2025, 5, 19), 23),
    (JIANGYIN, WAYS[1], date(2025, 6, 9), 24),
)
OPENED = date(2024, 11, 4)
SKILL_FROM = date(2025, 3, 10)


@transaction.atomic
def load(*, seed=2025, today=None):
    """Make them once; needs network, staff, persons and partners."""
    today = today or timezone.localdate()
    scene = _Scene(Random(f"training {seed}"))
    if Course.objects.exists() or not scene.is_ready:
        return
    for number, plan in enumerate(SKILLS):
        scene.skill(plan, SKILL_FROM + timedelta(days=14 * number), today, number)
    for division, way, first, count in ADAPTIVE:
        scene.adaptive(division, way, first, count)
    training.find_duties(today=today)


def _moment(day, at):
    return timezone.make_aware(datetime.combine(day, at))


class _Scene:
    """Who acts and who learns; makes courses of them."""

    def __init__(self, random):
        self.random = random
        found = User.objects.filter(staff_number__in=["CS001", "CS002"]).order_by("staff_number")
        self.staff = list(found)
        self.stations = {each.division_id: each for each in Station.objects.filter(tier__lte=2)}
        people = Person.objects.filter(
            state=FileState.FILED, discharged_on__isnull=False, discharged_on__lt="2025-01-01"
        )
        self.people = list(people.order_by("-discharged_on", "pk")[:900])
        self.courses = {}

    @property
    def is_ready(self):
        needed = sum(count for *_, count in ADAPTIVE)
        return len(self.staff) == 2 and len(self.people) > needed and CITY in self.stations

    def skill(self, plan, first, today, number):
        """A skill course: a run that is over with twenty people, and one that comes."""
        provider = Partner.objects.filter(name__contains=plan.provider).first()
        course = self._course(
            plan.division, CourseKind.SKILL, plan.title, plan.field, plan.summary, plan.hours,
            provider=provider,
        )  # fmt: skip
        people = [self.people.pop() for _ in range(20)]
        self._over(course, "2025年第1期", first, people, evaluated=True)
        ahead = today + timedelta(days=14 + 3 * number)
        run = self._run(course, f"{ahead.year}年第{number + 2}期", ahead, 24)
        self._enrol(run, [self.people.pop() for _ in range(6)], BookingState.CONFIRMED, today)

    def adaptive(self, division, way, first, count):
        """An adaptive run that is over: each in it should have attended and passed."""
        key = (division, way)
        if key not in self.courses:
            label = PlacementWay(way).label
            self.courses[key] = self._course(
                division, CourseKind.ADAPTIVE, f"适应性培训（{label}）", "其他",
                "政策、法律、心理和职业规划", 24, ways=[way],
            )  # fmt: skip
        people = [self.people.pop() for _ in range(count)]
        title = f"{first.year}年{first.month}月班"
        done = self._over(self.courses[key], title, first, people, pass_all=True)
        begun = date(first.year, 1, 2)
        TrainingDuty.objects.bulk_create(
            TrainingDuty(
                person=each.person, station=each.person.station, way=way,
                arose_on=max(begun, first - timedelta(days=30)),
                due_on=first + timedelta(days=150), state=DutyState.TRAINED, enrolment=each,
                trained_on=each.completed_on,
            )
            for each in done
        )  # fmt: skip

    def _course(self, division, kind, title, field, summary, hours, **facts):
        return Course.objects.create(
            station=self.stations[division], kind=kind, title=title, field=field, summary=summary,
            hours=hours, state=CourseState.OPEN, created_by=self.staff[0],
            created_at=_moment(OPENED, time(9)), opened_by=self.staff[1],
            opened_at=_moment(OPENED, time(15)), **facts,
        )  # fmt: skip

    def _run(self, course, title, first, places, **facts):
        """Lessons of eight hours on the working days from `first` on."""
        days, day = [], first
        while len(days) * 8 < course.hours:
            if day.weekday() < 5:
                days.append(day)
            day += timedelta(days=1)
        offering = Offering.objects.create(
            station=course.station, title=f"{course.title} {title}", description=course.summary,
            is_event=True, is_listed=False, waiting_list=False, workdays_only=False,
            capacity=places, party_max=1, horizon_days=180, lead_minutes=0,
            once_per=OncePer.SEASON, season="本班",
        )  # fmt: skip
        slot = Slot.objects.create(
            offering=offering, capacity=places, starts_at=_moment(days[0], time(9)),
            ends_at=_moment(days[-1], time(16, 30)),
        )  # fmt: skip
        run = CourseRun.objects.create(
            course=course, station=course.station, title=title,
            place=f"{course.station.name}三楼教室", offering=offering, slot=slot,
            created_by=self.staff[0], **facts,
        )  # fmt: skip
        Lesson.objects.bulk_create(
            Lesson(
                run=run, starts_at=_moment(day, time(9)), ends_at=_moment(day, time(16, 30)),
                hours=8, code=self._code(6),
            )
            for day in days
        )  # fmt: skip
        return run

    def _enrol(self, run, people, state, on, *, is_free=None, **facts):
        at = _moment(on, time(10)) - timedelta(days=1)
        bookings = Booking.objects.bulk_create(
            Booking(
                code=self._code(CODE_LENGTH), slot=run.slot, station=run.station, person=person,
                contact_name=person.name, contact_phone=person.phone, state=state,
                by=self.staff[0], on_behalf=True, once_key=f"{run.offering_id}:demo:{person.pk}",
                client_key=f"demo-training-{run.pk}-{person.pk}", created_at=at, **facts,
            )
            for person in people
        )  # fmt: skip
        Slot.objects.filter(pk=run.slot_id).update(taken=len(people))
        free = run.course.kind == CourseKind.SKILL if is_free is None else is_free
        return Enrolment.objects.bulk_create(
            Enrolment(run=run, booking=booking, person=booking.person, is_free=free)
            for booking in bookings
        )

    def _over(self, course, title, first, people, *, evaluated=False, pass_all=False):
        """A closed run; returns its enrolments with their results."""
        run = self._run(course, title, first, len(people) + 4)
        lessons = list(run.lessons.all())
        first_day, last = lessons[0].starts_at, lessons[-1].ends_at
        enrolments = self._enrol(
            run, people, BookingState.SERVED, first - timedelta(days=10),
            checked_in_at=first_day, served_at=last,
        )  # fmt: skip
        been = []
        for each in enrolments:
            missed = 0 if pass_all else self.random.choice([0, 0, 0, 0, 1, 1, 2])
            been += [(each, lesson) for lesson in lessons[missed:]]
            each.hours = 8 * (len(lessons) - missed)
            score = Decimal(self.random.randrange(62 if pass_all else 52, 99))
            each.result = result_of(course, came=each.hours, score=score)
            each.score = None if each.result == TrainingResult.ABSENT else score
            each.completed_on, each.entered_by = timezone.localdate(last), self.staff[0]
            if evaluated and each.result != TrainingResult.ABSENT and self.random.random() < 0.7:
                each.grade = self.random.choice([5, 5, 5, 4, 4, 3])
                each.evaluated_at = last + timedelta(days=1)
        Attendance.objects.bulk_create(
            Attendance(
                enrolment=each, lesson=lesson, at=lesson.starts_at, way=AttendedBy.STAFF,
                by=self.staff[0],
            )
            for each, lesson in been
        )  # fmt: skip
        fields = ["hours", "result", "score", "completed_on", "entered_by", "grade", "evaluated_at"]
        Enrolment.objects.bulk_update(enrolments, fields)
        CourseRun.objects.filter(pk=run.pk).update(
            state=RunState.CLOSED, closed_by=self.staff[0], closed_on=timezone.localdate(last)
        )
        return enrolments

    def _code(self, length):
        return "".join(self.random.choice(CODE_ALPHABET) for _ in range(length))

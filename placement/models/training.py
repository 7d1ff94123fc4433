"""Training: a course, its runs and lessons, who came, what came of it."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from placement.enums.training import (
    COURSE_TONES,
    COURSE_TRANSITIONS,
    RESULT_TONES,
    RUN_TONES,
    RUN_TRANSITIONS,
    AttendedBy,
    CourseKind,
    CourseState,
    RunState,
    TrainingResult,
)
from services.enums import COUNTED_STATES, PlacementWay
from services.models import (
    Booking,
    Document,
    Offering,
    Partner,
    PartnerMember,
    Person,
    Slot,
    Station,
)
from services.models.person import follow_merged
from services.perms import scope_of
from veterans_portal.fields import EncryptedTextField


class CourseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Courses of the stations in the staff member's scope."""
        return scope_of(user).filter(self, "station__path")

    def open(self):
        """Those everybody may read about."""
        return self.filter(state=CourseState.OPEN)


class Course(models.Model):
    """What can be learned. An adaptive one is for certain placement ways (L2 §62).

    `hours` are class hours; a certificate needs `attendance_percent` of them and `pass_mark`
    of 100 points. `provider` is who teaches; none: the station itself.
    """

    title = models.CharField("课程名称", max_length=40)
    kind = models.CharField("类别", max_length=10, choices=CourseKind)
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="courses", verbose_name="主办站点"
    )
    provider = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        related_name="courses",
        verbose_name="培训机构",
        null=True,
        blank=True,
    )
    field = models.CharField("领域", max_length=20)
    summary = models.CharField("一句话介绍", max_length=120)
    description = models.TextField("学什么", max_length=1500, blank=True)
    ways = ArrayField(
        models.CharField(max_length=20, choices=PlacementWay),
        verbose_name="适用的安置方式",
        default=list,
        blank=True,
    )
    hours = models.PositiveSmallIntegerField(
        "学时", validators=[MinValueValidator(1), MaxValueValidator(2000)]
    )
    pass_mark = models.PositiveSmallIntegerField(
        "合格分（满分100）", default=60, validators=[MaxValueValidator(100)]
    )
    attendance_percent = models.PositiveSmallIntegerField(
        "最低出勤（%）", default=80, validators=[MaxValueValidator(100)]
    )
    state = models.CharField("状态", max_length=10, choices=CourseState, default=CourseState.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    opened_at = models.DateTimeField("开设时间", null=True, blank=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "培训课程"
        ordering = ["kind", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "title"],
                name="course_title_once_per_station",
                violation_error_message="本站点已有同名的课程。",
            ),
            models.CheckConstraint(
                name="course_is_measured",
                condition=Q(
                    hours__range=(1, 2000),
                    pass_mark__lte=100,
                    attendance_percent__lte=100,
                ),
            ),
            models.CheckConstraint(
                name="course_adaptive_names_its_ways",
                condition=~Q(kind=CourseKind.ADAPTIVE) | Q(ways__len__gte=1),
                violation_error_message="适应性培训请选适用的安置方式。",
            ),
            models.CheckConstraint(
                name="course_opened_by_another",
                condition=Q(state=CourseState.DRAFT)
                | (
                    Q(opened_by__isnull=False, opened_at__isnull=False)
                    & ~Q(opened_by=F("created_by"))
                ),
                violation_error_message="起草和开设不能是同一个人。",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="course_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in COURSE_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("placement:course", args=[self.pk])

    @property
    def tone(self):
        """The badge's tone for its state."""
        return COURSE_TONES[self.state]

    @property
    def way_words(self):
        """The placement ways it is for, in words."""
        return "、".join(PlacementWay(way).label for way in self.ways)


class CourseRunQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see the runs of their stations; a citizen those of the providers they act for."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            mine = PartnerMember.objects.in_force().filter(user=user).values("partner")
            return self.filter(course__provider__in=mine)
        return scope_of(user).filter(self, "station__path")

    def to_come(self, now=None):
        """Runs that still take people, soonest first."""
        now = now or timezone.now()
        return self.filter(
            state=RunState.OPEN, course__state=CourseState.OPEN, slot__starts_at__gt=now
        ).order_by("slot__starts_at", "pk")


class CourseRun(models.Model):
    """A run of a course (班次). Its places are one slot of the booking engine, from its first lesson
    to its last."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="runs")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="course_runs")
    title = models.CharField("班次", max_length=20, help_text="例如：2026年第3期")
    place = models.CharField("上课地点", max_length=120)
    teacher = models.CharField("授课老师", max_length=50, blank=True)
    offering = models.OneToOneField(Offering, on_delete=models.PROTECT, related_name="course_run")
    slot = models.OneToOneField(Slot, on_delete=models.PROTECT, related_name="course_run")
    state = models.CharField("状态", max_length=10, choices=RunState, default=RunState.OPEN)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    closed_on = models.DateField("结业日期", null=True, blank=True)
    reason = models.CharField("取消原因", max_length=100, blank=True)

    objects = CourseRunQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "培训班次"
        ordering = ["-slot__starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "title"],
                name="course_run_titled_once",
                violation_error_message="这门课已有同名的班次。",
            ),
            models.CheckConstraint(
                name="course_run_closed_has_who_and_when",
                condition=Q(state=RunState.OPEN, closed_on__isnull=True)
                | (~Q(state=RunState.OPEN) & Q(closed_by__isnull=False, closed_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="course_run_cancelled_says_why",
                condition=~Q(state=RunState.CANCELLED) | ~Q(reason=""),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="course_run_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in RUN_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"{self.course}（{self.title}）"

    @property
    def tone(self):
        """The badge's tone for its state."""
        return RUN_TONES[self.state]


class Lesson(models.Model):
    """One meeting of a run. `code` is shown in the room; whoever types it then was there."""

    run = models.ForeignKey(CourseRun, on_delete=models.CASCADE, related_name="lessons")
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    hours = models.PositiveSmallIntegerField("学时")
    code = models.CharField("课堂码", max_length=6)

    class Meta:
        verbose_name = verbose_name_plural = "课时"
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["run", "starts_at"], name="lesson_starts_once"),
            models.CheckConstraint(
                name="lesson_takes_time",
                condition=Q(ends_at__gt=F("starts_at"), hours__range=(1, 12)),
            ),
        ]


class EnrolmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see those of their stations' runs; a citizen their own."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            return self.filter(person__account=user)
        return scope_of(user).filter(self, "run__station__path")

    def live(self):
        """Those whose booking was not cancelled."""
        return self.filter(booking__state__in=COUNTED_STATES)

    def with_all(self):
        """With run, course, booking and person, as pages and acts read them."""
        return self.select_related(
            "run__course__station", "run__course__provider", "run__slot", "run__station",
            "booking", "person__account", "person__station", "certificate",
        )  # fmt: skip


class Enrolment(models.Model):
    """A person in a run. `is_free` takes the one free skill course after discharge (L1 §36, L2 §64).

    `hours` and `score` stand once the result is entered. `completed_on` is the day of the result.
    """

    run = models.ForeignKey(CourseRun, on_delete=models.PROTECT, related_name="enrolments")
    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="enrolment")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrolments")
    is_free = models.BooleanField("享受免费", default=False)
    score = models.DecimalField("成绩", max_digits=5, decimal_places=2, null=True, blank=True)
    hours = models.PositiveSmallIntegerField("出勤学时", null=True, blank=True)
    result = models.CharField("结果", max_length=10, choices=TrainingResult, null=True, blank=True)
    completed_on = models.DateField("结业日期", null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    certificate = models.OneToOneField(
        Document, on_delete=models.PROTECT, related_name="enrolment", null=True, blank=True
    )
    grade = models.PositiveSmallIntegerField("评价", null=True, blank=True)
    words = EncryptedTextField("评价内容", blank=True, default="")
    evaluated_at = models.DateTimeField("评价时间", null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "参训记录"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="enrolment_result_is_whole",
                condition=Q(result__isnull=True, completed_on__isnull=True, entered_by__isnull=True)
                | Q(
                    result__isnull=False,
                    completed_on__isnull=False,
                    entered_by__isnull=False,
                    hours__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="enrolment_score_of_a_hundred",
                condition=Q(score__isnull=True) | Q(score__range=(0, 100)),
            ),
            models.CheckConstraint(
                name="enrolment_certificate_only_when_passed",
                condition=Q(certificate__isnull=True) | Q(result=TrainingResult.PASSED),
            ),
            models.CheckConstraint(
                name="enrolment_grade_of_five_after_the_result",
                condition=Q(grade__isnull=True, evaluated_at__isnull=True)
                | Q(grade__range=(1, 5), evaluated_at__isnull=False, result__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(
                    is_free=True, result__in=[TrainingResult.PASSED, TrainingResult.FAILED]
                ),
                name="enrolment_free_course_once_per_person",
            ),
        ]
        indexes = [models.Index(fields=["completed_on"], name="enrolment_by_completion")]
        triggers = [follow_merged("enrolment_follows_a_merged_file")]

    def __str__(self):
        return f"{self.person} {self.run}"

    @property
    def tone(self):
        """The badge's tone for its result."""
        return RESULT_TONES.get(self.result, "note")

    @property
    def is_live(self):
        return self.booking.state in COUNTED_STATES


class Attendance(models.Model):
    """That somebody was in a lesson."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="attendances")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="attendances")
    at = models.DateTimeField("签到时间", default=timezone.now)
    way = models.CharField("方式", max_length=10, choices=AttendedBy)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "签到"
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson"], name="attended_once"),
        ]

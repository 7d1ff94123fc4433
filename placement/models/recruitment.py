"""Directed recruitment (定向招录): notices, their steps, who applied and how far they came."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from placement.enums.fairs import DIRECTED
from placement.enums.recruitment import (
    APPLICANT_TONES,
    APPLICANT_TRANSITIONS,
    RECRUITMENT_TONES,
    RECRUITMENT_TRANSITIONS,
    ApplicantState,
    RecruitmentState,
    RecruitStep,
)
from placement.models.vacancy import Vacancy
from services.models import Division, Person, Station
from services.models.person import follow_merged
from services.perms import scope_of


class DirectedRecruitmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Recruitments of the stations in the staff member's scope."""
        return scope_of(user).filter(self, "station__path")

    def public(self):
        """Those everybody may read about."""
        return self.exclude(published_at=None)


class DirectedRecruitment(models.Model):
    """A notice of posts reserved for veterans; the posts are its `posts` (A117, A304)."""

    kind = models.CharField(
        "类别", max_length=20, choices=[(each.value, each.label) for each in DIRECTED]
    )
    title = models.CharField("公告标题", max_length=80)
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="recruitments", verbose_name="组织站点"
    )
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="+", verbose_name="面向地区"
    )
    host = models.CharField("招聘单位", max_length=80)
    notice = models.TextField("公告内容", max_length=3000)
    requirements = models.TextField("报名条件", max_length=1000)
    apply_from = models.DateField("报名开始")
    apply_until = models.DateField("报名截止")
    state = models.CharField(
        "状态", max_length=10, choices=RecruitmentState, default=RecruitmentState.DRAFT
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    reason = models.CharField("取消原因", max_length=100, blank=True)
    # while the proposed list stands on the public page (it goes by itself)
    listed_from = models.DateField("公示开始", null=True, blank=True)
    listed_until = models.DateField("公示结束", null=True, blank=True)
    listed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = DirectedRecruitmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "定向招录"
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="recruitment_applied_for_in_order",
                condition=Q(apply_until__gte=F("apply_from")),
                violation_error_message="报名截止不应早于报名开始。",
            ),
            models.CheckConstraint(
                name="recruitment_published_has_who_and_when",
                condition=~Q(state__in=[RecruitmentState.PUBLISHED, RecruitmentState.ENDED])
                | Q(published_by__isnull=False, published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="recruitment_published_by_another",
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("created_by")),
                violation_error_message="起草和发布不能是同一个人。",
            ),
            models.CheckConstraint(
                name="recruitment_ended_has_its_time",
                condition=Q(
                    state__in=[RecruitmentState.ENDED, RecruitmentState.CANCELLED],
                    ended_at__isnull=False,
                )
                | Q(
                    state__in=[RecruitmentState.DRAFT, RecruitmentState.PUBLISHED],
                    ended_at__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="recruitment_cancelled_says_why",
                condition=~Q(state=RecruitmentState.CANCELLED) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="recruitment_list_has_days_and_who",
                condition=Q(
                    listed_from__isnull=True, listed_until__isnull=True, listed_by__isnull=True
                )
                | Q(
                    listed_from__isnull=False,
                    listed_until__gte=F("listed_from"),
                    listed_by__isnull=False,
                ),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="recruitment_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in RECRUITMENT_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("placement:recruitment", args=[self.pk])

    @property
    def tone(self):
        """The badge's tone for its state."""
        return RECRUITMENT_TONES[self.state]

    def takes_applicants(self, on=None):
        """Whether people may apply on a day (default today)."""
        on = on or timezone.localdate()
        is_on = self.apply_from <= on <= self.apply_until
        return self.state == RecruitmentState.PUBLISHED and is_on

    def is_listed(self, on=None):
        """Whether the proposed list stands on the public page on a day (default today)."""
        on = on or timezone.localdate()
        return self.listed_from is not None and self.listed_from <= on <= self.listed_until


class RecruitmentStep(models.Model):
    """When and where a step of a recruitment happens."""

    recruitment = models.ForeignKey(
        DirectedRecruitment, on_delete=models.CASCADE, related_name="steps"
    )
    step = models.PositiveSmallIntegerField("步骤", choices=RecruitStep)
    on = models.DateField("开始")
    until = models.DateField("结束", null=True, blank=True)
    note = models.CharField("地点和说明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "招录步骤"
        ordering = ["step"]
        constraints = [
            models.UniqueConstraint(fields=["recruitment", "step"], name="recruitment_step_once"),
            models.CheckConstraint(
                name="recruitment_step_known", condition=Q(step__in=RecruitStep.values)
            ),
            models.CheckConstraint(
                name="recruitment_step_days_in_order",
                condition=Q(until__isnull=True) | Q(until__gte=F("on")),
                violation_error_message="步骤的结束不应早于开始。",
            ),
        ]


class ApplicantQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see those of their stations' recruitments; a citizen their own."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            return self.filter(person__account=user)
        return scope_of(user).filter(self, "recruitment__station__path")

    def with_all(self):
        """With what pages say of them."""
        return self.select_related("recruitment__station", "post", "person__account")


class Applicant(models.Model):
    """A person who applied for a post of a recruitment; `step` is the last one passed."""

    recruitment = models.ForeignKey(
        DirectedRecruitment, on_delete=models.PROTECT, related_name="applicants"
    )
    post = models.ForeignKey(Vacancy, on_delete=models.PROTECT, related_name="applicants")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="applications")
    number = models.CharField("报名号", max_length=20, unique=True)
    statement = models.TextField("符合条件的说明", max_length=500)
    step = models.PositiveSmallIntegerField(
        "已到步骤", choices=RecruitStep, default=RecruitStep.SIGN_UP
    )
    state = models.CharField(
        "状态", max_length=10, choices=ApplicantState, default=ApplicantState.IN
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField("报名时间", default=timezone.now)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    reason = models.CharField("原因", max_length=100, blank=True)

    objects = ApplicantQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "定向招录报名"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["recruitment", "person"],
                condition=~Q(state=ApplicantState.WITHDRAWN),
                name="applicant_once_per_recruitment",
                violation_error_message="已经报过名，每人只能报一个岗位。",
            ),
            models.CheckConstraint(
                name="applicant_ended_has_its_time",
                condition=Q(state=ApplicantState.IN, ended_at__isnull=True)
                | (~Q(state=ApplicantState.IN) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="applicant_out_says_why",
                condition=~Q(state=ApplicantState.OUT) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="applicant_hired_went_all_the_way",
                condition=Q(state=ApplicantState.HIRED, step=RecruitStep.HIRED)
                | (~Q(state=ApplicantState.HIRED) & ~Q(step=RecruitStep.HIRED)),
            ),
        ]
        triggers = [
            follow_merged("applicant_follows_a_merged_file"),
            pgtrigger.FSM(
                name="applicant_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in APPLICANT_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def tone(self):
        """The badge's tone for its state."""
        return APPLICANT_TONES[self.state]


class ApplicantResult(models.Model):
    """How an applicant did at one step; written once."""

    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="results")
    step = models.PositiveSmallIntegerField("步骤", choices=RecruitStep)
    passed = models.BooleanField("通过")
    score = models.DecimalField("成绩", max_digits=6, decimal_places=2, null=True, blank=True)
    note = models.CharField("说明", max_length=100, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("记录时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "步骤结果"
        ordering = ["step"]
        constraints = [
            models.UniqueConstraint(fields=["applicant", "step"], name="applicant_result_once"),
            models.CheckConstraint(
                name="applicant_score_in_range",
                condition=Q(score__isnull=True) | Q(score__range=(0, 200)),
                violation_error_message="成绩为0至200分。",
            ),
        ]

"""The year's plan: what employers ask for, versions of the plan, and its posts (A105-A110)."""

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from placement.enums import (
    DEMAND_TONES,
    DEMAND_TRANSITIONS,
    PLAN_TONES,
    PLAN_TRANSITIONS,
    DemandState,
    EstablishmentKind,
    PlanState,
)
from placement.models.cases import FIRST_YEAR, LAST_YEAR, PlacementCase
from placement.models.schemes import kept_unless
from services.models import Partner, Station
from services.perms import scope_of

BEING_MADE = [PlanState.DRAFT, PlanState.SUBMITTED, PlanState.APPROVED]
WISHES_MOST = 5


class DemandCallQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see those of their stations; an employer those of the centre that keeps it."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            return self.filter(station__in=Partner.objects.of_member(user).values("station"))
        return scope_of(user).filter(self, "station__path")

    def running(self, today=None):
        """Calls that may be answered today."""
        today = today or timezone.localdate()
        return self.filter(opens_on__lte=today, closes_on__gte=today)


class DemandCall(models.Model):
    """A centre asks its employers what posts they have for a year, until a day (需求征集)."""

    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="demand_calls", verbose_name="征集单位"
    )
    year = models.PositiveSmallIntegerField(
        "安置年度", validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    opens_on = models.DateField("开始日期", default=timezone.localdate)
    closes_on = models.DateField("截止日期")
    words = models.TextField("填报要求", max_length=500, blank=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    called_at = models.DateTimeField("发出时间", default=timezone.now)

    objects = DemandCallQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "需求征集"
        ordering = ["-year", "-called_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "year"],
                name="demand_call_once_a_year",
                violation_error_message="这个年度已经发过征集。要延长请改截止日期。",
            ),
            models.CheckConstraint(
                name="demand_call_closes_after_it_opens",
                condition=Q(closes_on__gte=F("opens_on")),
                violation_error_message="截止日期不应早于开始日期。",
            ),
        ]

    def __str__(self):
        return f"{self.year}年度安置岗位需求征集"


class PostDemandQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see what was handed in at their stations; an employer's members their own."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            return self.filter(partner__in=Partner.objects.of_member(user).values("pk"))
        seen = self.exclude(state=DemandState.DRAFT)
        return scope_of(user).filter(seen, "station__path")


class PostDemand(models.Model):
    """What one employer offers for one year: its establishment, vacancies, and posts.

    `new_hires` is what an enterprise means to hire in all: its share for veterans is set by
    the government each year (L2 §30).
    """

    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="post_demands", verbose_name="用人单位"
    )
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="post_demands", verbose_name="征集单位"
    )
    year = models.PositiveSmallIntegerField("安置年度")
    state = models.CharField("状态", max_length=10, choices=DemandState, default=DemandState.DRAFT)
    establishment = models.PositiveIntegerField("编制（定员）核定数")
    vacancies = models.PositiveIntegerField("缺编（缺员）数")
    new_hires = models.PositiveIntegerField("本年计划新招人数", null=True, blank=True)
    reform_words = models.CharField("机构改革等情况", max_length=300, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="填报人"
    )
    written_at = models.DateTimeField("填写时间", default=timezone.now)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审核人",
    )
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    reason = models.CharField("退回原因", max_length=200, blank=True)

    objects = PostDemandQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "岗位需求"
        ordering = ["-year", "partner__name_pinyin"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "year"],
                name="post_demand_once_a_year",
                violation_error_message="贵单位这个年度已经填过，请在原来那份上改。",
            ),
            models.CheckConstraint(
                name="post_demand_vacancies_within_the_establishment",
                condition=Q(vacancies__lte=F("establishment")),
                violation_error_message="缺编数不应多于编制核定数。",
            ),
            models.CheckConstraint(
                name="post_demand_submitted_has_its_time",
                condition=Q(state=DemandState.DRAFT) | Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="post_demand_decided_says_by_whom",
                condition=~Q(state__in=[DemandState.RETURNED, DemandState.ACCEPTED])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="post_demand_returned_says_why",
                condition=~Q(state=DemandState.RETURNED) | ~Q(reason=""),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="post_demand_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in DEMAND_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"{self.partner}{self.year}年度岗位需求"

    def get_absolute_url(self):
        return reverse("placement:room_demand", args=[self.partner_id, self.year])

    @property
    def tone(self):
        """The badge's tone for its state."""
        return DEMAND_TONES[self.state]


class Post(models.Model):
    """What a post is, the same in an employer's demand and in the plan."""

    position = models.PositiveSmallIntegerField("次序", default=0)
    title = models.CharField("岗位名称", max_length=60)
    kind = models.CharField("编制类型", max_length=20, choices=EstablishmentKind)
    headcount = models.PositiveSmallIntegerField(
        "人数", validators=[MinValueValidator(1), MaxValueValidator(999)]
    )
    requirements = models.CharField("岗位要求", max_length=300, blank=True)
    place = models.CharField("工作地点", max_length=120)
    pay = models.CharField("待遇", max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.title


class DemandPost(Post):
    """A post an employer offers for a year."""

    demand = models.ForeignKey(PostDemand, on_delete=models.CASCADE, related_name="posts")

    class Meta:
        verbose_name = verbose_name_plural = "需求岗位"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="demand_post_is_for_somebody",
                condition=Q(headcount__range=(1, 999)),
                violation_error_message="人数为1至999。",
            ),
        ]
        triggers = [
            kept_unless(
                "demand_post_is_kept_with_its_demand",
                path=("placement_postdemand", "demand_id"),
                states=[DemandState.DRAFT, DemandState.RETURNED],
            ),
        ]


class PlacementPlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see the plans of their stations."""
        return scope_of(user).filter(self, "station__path")

    def published(self):
        """The plan of each centre and year that is in force and public."""
        return self.filter(state=PlanState.PUBLISHED)


class PlacementPlan(models.Model):
    """A version of a centre's plan for a year; made by one person and approved by another.

    `people` and `headcount` are frozen when it is published: the ratio of posts to people (A110).
    """

    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="placement_plans", verbose_name="编制单位"
    )
    year = models.PositiveSmallIntegerField("安置年度")
    version = models.PositiveSmallIntegerField("版本", default=1)
    state = models.CharField("状态", max_length=12, choices=PlanState, default=PlanState.DRAFT)
    words = models.TextField("编制说明", max_length=1000, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="编制人"
    )
    made_at = models.DateTimeField("编制时间", default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="批准人",
    )
    approved_at = models.DateTimeField("批准时间", null=True, blank=True)
    returned_reason = models.CharField("退回原因", max_length=200, blank=True)
    published_at = models.DateTimeField("公布时间", null=True, blank=True)
    people = models.PositiveIntegerField("应安置人数", null=True, blank=True)
    headcount = models.PositiveIntegerField("岗位数", null=True, blank=True)

    objects = PlacementPlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "安置计划"
        ordering = ["-year", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "year", "version"], name="placement_plan_version_once"
            ),
            models.UniqueConstraint(
                fields=["station", "year"],
                condition=Q(state__in=BEING_MADE),
                name="placement_plan_one_version_in_the_making",
                violation_error_message="这个年度已有一版计划在编制。",
            ),
            models.UniqueConstraint(
                fields=["station", "year"],
                condition=Q(state=PlanState.PUBLISHED),
                name="placement_plan_one_published",
            ),
            models.CheckConstraint(
                name="placement_plan_is_approved_by_another",
                condition=Q(
                    state__in=[PlanState.DRAFT, PlanState.SUBMITTED], approved_by__isnull=True
                )
                | (
                    Q(
                        state__in=[PlanState.APPROVED, PlanState.PUBLISHED, PlanState.SUPERSEDED],
                        approved_by__isnull=False,
                        approved_at__isnull=False,
                    )
                    & ~Q(approved_by=F("made_by"))
                ),
                violation_error_message="编制人和批准人不能是同一个人。",
            ),
            models.CheckConstraint(
                name="placement_plan_published_has_its_figures",
                condition=~Q(state=PlanState.PUBLISHED)
                | Q(
                    published_at__isnull=False,
                    people__isnull=False,
                    headcount__isnull=False,
                    headcount__gte=1,
                ),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="placement_plan_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in PLAN_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"{self.station.name}{self.year}年度安置计划（第{self.version}版）"

    def get_absolute_url(self):
        return reverse("placement:plan", args=[self.pk])

    @property
    def tone(self):
        """The badge's tone for its state."""
        return PLAN_TONES[self.state]


class PlacementPostQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see the posts of their stations' plans; everybody those of published ones."""
        public = Q(plan__state=PlanState.PUBLISHED)
        mine = scope_of(user).filter(PlacementPlan.objects.all(), "station__path")
        return self.filter(public | Q(plan__in=mine.values("pk")))


class PlacementPost(Post):
    """A post of the plan, of one employer, for `headcount` people.

    `first_published_on` is when an earlier version published it (empty: with this one), so that a
    post counts once (EMP-03).
    """

    plan = models.ForeignKey(PlacementPlan, on_delete=models.CASCADE, related_name="posts")
    employer = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="placement_posts", verbose_name="用人单位"
    )
    demand_post = models.ForeignKey(
        DemandPost, on_delete=models.PROTECT, null=True, blank=True, related_name="planned"
    )
    first_published_on = models.DateField("首次公布日期", null=True, blank=True)

    objects = PlacementPostQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "安置岗位"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "demand_post"], name="placement_post_once_per_demand"
            ),
            models.CheckConstraint(
                name="placement_post_is_for_somebody",
                condition=Q(headcount__range=(1, 999)),
                violation_error_message="人数为1至999。",
            ),
        ]
        triggers = [
            kept_unless(
                "placement_post_is_kept_with_its_plan",
                path=("placement_placementplan", "plan_id"),
                states=[PlanState.DRAFT],
            ),
        ]


class PostWish(models.Model):
    """A post somebody would like, in the order of their liking; binds nobody (志愿, B.5)."""

    case = models.ForeignKey(PlacementCase, on_delete=models.CASCADE, related_name="wishes")
    post = models.ForeignKey(PlacementPost, on_delete=models.CASCADE, related_name="wishes")
    position = models.PositiveSmallIntegerField("志愿次序")

    class Meta:
        verbose_name = verbose_name_plural = "岗位志愿"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="post_wish_position_once"),
            models.UniqueConstraint(fields=["case", "post"], name="post_wish_once_per_post"),
            models.CheckConstraint(
                name="post_wish_is_one_of_a_few", condition=Q(position__range=(1, WISHES_MOST))
            ),
        ]

    def __str__(self):
        return f"{self.position}. {self.post}"

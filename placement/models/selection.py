"""Choosing posts, live: the session with its clock, and the posts as they were offered."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from placement.enums.selection import (
    SESSION_LIVE,
    SESSION_OVER,
    SESSION_TONES,
    SESSION_TRANSITIONS,
    SessionState,
)
from placement.models.cases import FIRST_YEAR, LAST_YEAR
from placement.models.plans import PlacementPlan, PlacementPost
from services.models import Station
from services.perms import scope_of

LONGEST_TURN = 60  # minutes
NEVER_OPENED = [SessionState.PREPARED, SessionState.CANCELLED]


class SelectionSessionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see those of their stations; everybody else reads the public page."""
        return scope_of(user).filter(self, "station__path")

    def public(self):
        """Those anybody may follow or recompute: all that were not called off."""
        return self.exclude(state=SessionState.CANCELLED)

    def live(self):
        """Those that are on, with the clock running or stopped."""
        return self.filter(state__in=SESSION_LIVE)


class SelectionSession(models.Model):
    """People choose their posts one after the other in the order of their points.

    All its state is here, none in a process: whose turn (`current`), until when (`deadline`, or
    `remaining` seconds while the clock stands still), when the portal last looked at the clock
    (`seen_at`), and the head of the record (`entries`, `head`). `rules` is the snapshot of the
    rules in force when it was prepared, the tie chain among them.
    """

    code = models.CharField("编号", max_length=12, unique=True)
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="selections", verbose_name="组织单位"
    )
    plan = models.ForeignKey(
        PlacementPlan, on_delete=models.PROTECT, related_name="selections", verbose_name="安置计划"
    )
    year = models.PositiveSmallIntegerField("安置年度")
    title = models.CharField("名称", max_length=60)
    venue = models.CharField("地点", max_length=120)
    starts_at = models.DateTimeField("开始时间")
    rules = models.JSONField("规则")
    state = models.CharField(
        "状态", max_length=10, choices=SessionState, default=SessionState.PREPARED
    )
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="准备人"
    )
    prepared_at = models.DateTimeField("准备时间", default=timezone.now)
    current = models.ForeignKey(
        "placement.SelectionTurn", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    deadline = models.DateTimeField("本轮截止", null=True, blank=True)
    remaining = models.PositiveIntegerField("剩余秒数", null=True, blank=True)
    seen_at = models.DateTimeField("最近计时", null=True, blank=True)
    entries = models.PositiveIntegerField("记录条数", default=0)
    head = models.CharField("记录校验值", max_length=64, blank=True)
    opened_at = models.DateTimeField("实际开始", null=True, blank=True)
    closed_at = models.DateTimeField("实际结束", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    publicity_from = models.DateField("公示开始", null=True, blank=True)
    publicity_until = models.DateField("公示结束", null=True, blank=True)
    settled_at = models.DateTimeField("确定时间", null=True, blank=True)
    reason = models.CharField("取消原因", max_length=200, blank=True)

    objects = SelectionSessionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "选岗会"
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "year"],
                condition=Q(state__in=[SessionState.PREPARED, *SESSION_LIVE]),
                name="selection_one_at_a_time",
                violation_error_message="这个年度已有一场选岗会没有结束。",
            ),
            models.CheckConstraint(
                name="selection_year_is_plausible",
                condition=Q(year__range=(FIRST_YEAR, LAST_YEAR)),
            ),
            models.CheckConstraint(
                name="selection_clock_runs_only_while_somebody_chooses",
                condition=Q(current__isnull=True, deadline__isnull=True, remaining__isnull=True)
                | Q(
                    state=SessionState.RUNNING,
                    current__isnull=False,
                    deadline__isnull=False,
                    remaining__isnull=True,
                )
                | Q(
                    state=SessionState.PAUSED,
                    current__isnull=False,
                    deadline__isnull=True,
                    remaining__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="selection_record_begins_when_it_opens",
                condition=Q(state__in=NEVER_OPENED, entries=0, head="", opened_at__isnull=True)
                | (
                    ~Q(state__in=NEVER_OPENED)
                    & Q(entries__gte=1, opened_at__isnull=False)
                    & ~Q(head="")
                ),
            ),
            models.CheckConstraint(
                name="selection_over_says_when_and_by_whom",
                condition=Q(
                    state__in=SESSION_OVER, closed_at__isnull=False, closed_by__isnull=False
                )
                | (~Q(state__in=SESSION_OVER) & Q(closed_at__isnull=True, closed_by__isnull=True)),
            ),
            models.CheckConstraint(
                name="selection_result_is_published_by_another",
                condition=Q(
                    published_by__isnull=True,
                    publicity_from__isnull=True,
                    publicity_until__isnull=True,
                )
                & ~Q(state__in=[SessionState.PUBLISHED, SessionState.SETTLED])
                | (
                    Q(state__in=[SessionState.PUBLISHED, SessionState.SETTLED])
                    & Q(publicity_until__gt=F("publicity_from"))
                    & ~Q(published_by=F("closed_by"))
                ),
                violation_error_message="结束选岗的人和批准公示的人不能是同一个人。",
            ),
            models.CheckConstraint(
                name="selection_settled_has_its_time",
                condition=Q(state=SessionState.SETTLED, settled_at__isnull=False)
                | (~Q(state=SessionState.SETTLED) & Q(settled_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="selection_cancelled_says_why",
                condition=~Q(state=SessionState.CANCELLED) | ~Q(reason=""),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="selection_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in SESSION_TRANSITIONS],
            ),
            pgtrigger.ReadOnly(
                name="selection_rules_are_frozen",
                fields=["code", "station", "plan", "year", "rules", "prepared_by"],
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("placement:selection", args=[self.code])

    @property
    def tone(self):
        """The badge's tone for its state."""
        return SESSION_TONES[self.state]

    @property
    def is_live(self):
        return self.state in SESSION_LIVE

    @property
    def is_over(self):
        return self.state in SESSION_OVER

    def seconds_left(self, now=None):
        """Whole seconds the one whose turn it is has left; None when it is nobody's."""
        if self.current_id is None:
            return None
        if self.deadline is None:
            return self.remaining
        return max(0, round((self.deadline - (now or timezone.now())).total_seconds()))

    def result_is_public(self, today=None):
        """Whether anybody may read the names of the result today."""
        today = today or timezone.localdate()
        return self.is_live or (
            self.state in (SessionState.PUBLISHED, SessionState.SETTLED)
            and self.publicity_from <= today <= self.publicity_until
        )


class SelectionPost(models.Model):
    """A post as it was offered: `places` frozen, `taken` moved by one conditional statement only."""

    session = models.ForeignKey(SelectionSession, on_delete=models.CASCADE, related_name="posts")
    post = models.ForeignKey(PlacementPost, on_delete=models.PROTECT, related_name="selections")
    position = models.PositiveSmallIntegerField("序号")
    title = models.CharField("岗位", max_length=60)
    employer_name = models.CharField("单位", max_length=100)
    place = models.CharField("工作地点", max_length=120)
    requirements = models.CharField("岗位要求", max_length=300, blank=True)
    places = models.PositiveSmallIntegerField("名额")
    taken = models.PositiveSmallIntegerField("已选", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "选岗岗位"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "position"], name="selection_post_position_once"
            ),
            models.UniqueConstraint(fields=["session", "post"], name="selection_post_once"),
            models.CheckConstraint(
                name="selection_post_is_not_chosen_more_often_than_it_has_places",
                condition=Q(places__gte=1, taken__gte=0, taken__lte=F("places")),
                violation_error_message="这个岗位的名额已经选完。",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="selection_post_is_frozen",
                fields=[
                    "session", "post", "position", "title", "employer_name", "place",
                    "requirements", "places",
                ],
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.employer_name} {self.title}"

    @property
    def left(self):
        """How many places can still be chosen."""
        return self.places - self.taken

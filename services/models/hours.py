"""When a station is open: hours of working days and days of rest, closures, absences of staff."""

from datetime import datetime, time

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from services.enums import ClosureKind, DayKind
from services.models.network import Station, Window
from services.perms import scope_of


class OpeningHours(models.Model):
    """A stretch of hours on days of a kind; a station without any is bound by none."""

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="hours")
    on = models.CharField("日子", max_length=10, choices=DayKind)
    start = models.TimeField("开始")
    end = models.TimeField("结束")

    class Meta:
        verbose_name = verbose_name_plural = "开放时间"
        ordering = ["station", "-on", "start"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "on", "start"], name="opening_hours_start_once"
            ),
            models.CheckConstraint(
                name="opening_hours_end_after_start",
                condition=Q(end__gt=F("start")),
                violation_error_message="结束时间应晚于开始时间。",
            ),
        ]


class ClosureQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Closures of the stations in the staff member's scope."""
        return scope_of(user).filter(self, "station__path")

    def standing(self):
        return self.filter(lifted_at__isnull=True)

    def on_day(self, day):
        return self.standing().filter(first_day__lte=day, last_day__gte=day)


class Closure(models.Model):
    """A station, or one window of it, does not serve from one day to another.

    With `start` and `end` only those hours of each day. An absence names who is away, and
    `stand_in` who serves the window instead: then it stays open and no slot is closed.
    """

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="closures")
    window = models.ForeignKey(
        Window, on_delete=models.PROTECT, null=True, blank=True, related_name="closures"
    )
    kind = models.CharField("类别", max_length=10, choices=ClosureKind)
    first_day = models.DateField("第一天")
    last_day = models.DateField("最后一天")
    start = models.TimeField("开始", null=True, blank=True)
    end = models.TimeField("结束", null=True, blank=True)
    reason = models.CharField("原因", max_length=100)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="absences",
        verbose_name="不在岗人员",
    )
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stand_ins",
        verbose_name="顶岗人员",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("登记时间", default=timezone.now)
    lifted_at = models.DateTimeField("解除时间", null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    slots_closed = models.PositiveIntegerField("停约时段", default=0)
    bookings_told = models.PositiveIntegerField("告知预约", default=0)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "停止服务安排"
        ordering = ["first_day", "pk"]
        constraints = [
            models.CheckConstraint(
                name="closure_days_in_order",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message="最后一天不应早于第一天。",
            ),
            models.CheckConstraint(
                name="closure_hours_whole_and_in_order",
                condition=Q(start__isnull=True, end__isnull=True)
                | Q(start__isnull=False, end__isnull=False, end__gt=F("start")),
                violation_error_message="开始和结束时间须一起填写，结束应晚于开始。",
            ),
            models.CheckConstraint(
                name="closure_absence_names_who_and_where",
                condition=Q(kind=ClosureKind.CLOSED, staff__isnull=True, stand_in__isnull=True)
                | Q(kind=ClosureKind.ABSENCE, staff__isnull=False, window__isnull=False),
            ),
            models.CheckConstraint(
                name="closure_nobody_stands_in_for_oneself",
                condition=Q(stand_in__isnull=True) | ~Q(stand_in=F("staff")),
                violation_error_message="顶岗人员不能是不在岗的人本人。",
            ),
            models.CheckConstraint(
                name="closure_says_why",
                condition=~Q(reason=""),
            ),
            models.CheckConstraint(
                name="closure_lifted_says_by_whom",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["station", "first_day", "last_day"],
                condition=Q(lifted_at__isnull=True),
                name="closure_standing",
            ),
        ]

    def __str__(self):
        return f"{self.station} {self.reason}"

    def covers(self, day):
        """Whether it holds on a local day, for all of it or some hours."""
        return self.first_day <= day <= self.last_day

    def holds_at(self, local):
        """Whether it holds at a local moment."""
        hours = self.start is None or self.start <= local.time() < self.end
        return hours and self.covers(local.date())

    def began(self, day):
        """From when on it holds on a local day: not before it was entered."""
        begins = timezone.make_aware(datetime.combine(day, self.start or time.min))
        return max(begins, self.created_at)

    @property
    def public_reason(self):
        """What people outside read: why somebody is away is nobody's business."""
        return "窗口人员不在岗" if self.kind == ClosureKind.ABSENCE else self.reason

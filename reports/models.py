"""The month: a period, one return per station, its figures, and every version kept."""

import pghistory
import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from reports.enums import EDITABLE, REPORTED, RETURN_TRANSITIONS, ReturnAct, ReturnState
from services.enums import Tier
from services.models import Station
from services.perms import scope_of

FROZEN = """
    IF EXISTS (SELECT 1 FROM reports_return WHERE id = OLD.of_id AND state = 'LOCKED') THEN
        RAISE EXCEPTION 'figures of a locked return are frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""
DECIMAL = {"max_digits": 16, "decimal_places": 2, "null": True, "blank": True}

# Ratios that may exceed one: more posts than people (`beyond_whole` of their indicator).
BEYOND_WHOLE = ["EMP-04"]


class ReportingPeriod(models.Model):
    """A calendar month and its deadlines by tier (n-th working day after it, `domain.md` C.1)."""

    month = models.DateField("月份", unique=True)
    opened_at = models.DateTimeField("开始填报", default=timezone.now)
    due_village = models.DateField("村（社区）截止")
    due_town = models.DateField("镇（街道）截止")
    due_district = models.DateField("市（县）区截止")
    due_city = models.DateField("市级截止")
    locked_at = models.DateTimeField("锁定时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "报告期"
        ordering = ["-month"]
        constraints = [
            models.CheckConstraint(
                name="period_is_the_first_of_a_month", condition=Q(month__day=1)
            ),
            models.CheckConstraint(
                name="period_deadlines_rise_with_the_tier",
                condition=Q(
                    due_town__gte=F("due_village"),
                    due_district__gte=F("due_town"),
                    due_city__gte=F("due_district"),
                ),
            ),
        ]

    def __str__(self):
        return f"{self.month.year}年{self.month.month}月"

    def due(self, tier):
        """The last day for returns of a tier; special stations file with the villages."""
        return {
            Tier.CITY: self.due_city,
            Tier.DISTRICT: self.due_district,
            Tier.TOWN: self.due_town,
        }.get(tier, self.due_village)


class ReturnQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Returns of the stations in the staff member's scope."""
        return scope_of(user).filter(self, "station__path")

    def overdue(self, today=None):
        """Returns whose deadline passed without any filing (one sent back was filed)."""
        return self.filter(
            due_on__lt=today or timezone.localdate(),
            state__in=EDITABLE,
            first_filed_at__isnull=True,
        )

    def reported(self):
        """Returns whose figures count upwards: filed, accepted, or locked after a filing."""
        return self.filter(state__in=REPORTED, filed_at__isnull=False)


class Return(models.Model):
    """One station's figures of one month: its own, never those of the stations under it."""

    period = models.ForeignKey(
        ReportingPeriod, on_delete=models.PROTECT, related_name="returns", db_index=False
    )
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="returns")
    state = models.CharField(
        "状态", max_length=12, choices=ReturnState, default=ReturnState.NOT_STARTED
    )
    due_on = models.DateField("截止日期")
    version = models.PositiveSmallIntegerField("版本", default=1)
    filler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="填表人",
    )
    filed_at = models.DateTimeField("上报时间", null=True, blank=True)
    first_filed_at = models.DateTimeField("首次上报时间", null=True, blank=True)
    head_name = models.CharField("负责人", max_length=50, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审核人",
    )
    reviewed_at = models.DateTimeField("审核时间", null=True, blank=True)
    times_returned = models.PositiveSmallIntegerField("退回次数", default=0)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "月报"
        constraints = [
            models.UniqueConstraint(
                fields=["period", "station"], name="return_one_per_station_and_month"
            ),
            models.CheckConstraint(
                name="return_filed_has_filler_and_time",
                condition=~Q(
                    state__in=[ReturnState.FILED, ReturnState.ACCEPTED, ReturnState.RETURNED]
                )
                | Q(filler__isnull=False, filed_at__isnull=False, first_filed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="return_first_filing_not_after_the_last",
                condition=Q(filed_at__isnull=True, first_filed_at__isnull=True)
                | Q(first_filed_at__isnull=False, first_filed_at__lte=F("filed_at")),
            ),
            models.CheckConstraint(
                name="return_returned_has_reviewer_and_is_counted",
                condition=~Q(state=ReturnState.RETURNED)
                | Q(reviewer__isnull=False, reviewed_at__isnull=False, times_returned__gte=1),
            ),
            models.CheckConstraint(
                name="return_accepted_has_reviewer_and_time",
                condition=~Q(state=ReturnState.ACCEPTED)
                | Q(reviewer__isnull=False, reviewed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="return_filler_and_reviewer_differ",
                condition=Q(filler__isnull=True)
                | Q(reviewer__isnull=True)
                | ~Q(filler=F("reviewer")),
                violation_error_message="填表人和审核人不能是同一个人。",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="return_by_due")]
        triggers = [
            pgtrigger.FSM(
                name="return_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in RETURN_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"{self.station} {self.period}"

    def get_absolute_url(self):
        return reverse("reports:return", args=[self.pk])

    @property
    def is_editable(self):
        return self.state in EDITABLE

    def is_overdue(self, today=None):
        """Whether the deadline has passed without any filing."""
        late = self.due_on < (today or timezone.localdate())
        return late and self.is_editable and self.first_filed_at is None


class FigureQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Figures of the returns in the staff member's scope."""
        return scope_of(user).filter(self, "of__station__path")


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    obj_field=pghistory.ObjForeignKey(related_name="history"),
    model_name="FigureHistory",
)
class Figure(models.Model):
    """One indicator in one return: what the system counted, and what a person put instead.

    Ratios keep numerator and denominator, so that they can be recomputed at every level
    (`domain.md` C.3 rule 6). `returned_reason` marks an indicator sent back.
    """

    # The unique index on (of, code) finds them; a second one would only slow the writing of a month.
    of = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="figures", db_index=False)
    code = models.CharField("指标代码", max_length=10)
    system_value = models.DecimalField("系统数", **DECIMAL)
    system_numerator = models.DecimalField(**DECIMAL)
    system_denominator = models.DecimalField(**DECIMAL)
    typed_value = models.DecimalField("填报数", **DECIMAL)
    typed_numerator = models.DecimalField(**DECIMAL)
    typed_denominator = models.DecimalField(**DECIMAL)
    reason = models.CharField("说明", max_length=200, blank=True)
    returned_reason = models.CharField("退回原因", max_length=200, blank=True)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "指标数"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["of", "code"], name="figure_once_per_return"),
            models.CheckConstraint(
                name="figure_is_not_negative",
                condition=(Q(system_value__isnull=True) | Q(system_value__gte=0))
                & (Q(typed_value__isnull=True) | Q(typed_value__gte=0))
                & (Q(typed_numerator__isnull=True) | Q(typed_numerator__gte=0))
                & (Q(typed_denominator__isnull=True) | Q(typed_denominator__gte=0)),
                violation_error_message="指标数不能小于零。",
            ),
            models.CheckConstraint(
                name="figure_override_says_why",
                condition=Q(system_value__isnull=True)
                | Q(typed_value__isnull=True)
                | Q(typed_value=F("system_value"))
                | ~Q(reason=""),
                violation_error_message="填报数与系统数不同，请写明原因。",
            ),
            models.CheckConstraint(
                name="figure_ratio_part_within_whole",
                condition=Q(typed_numerator__isnull=True)
                | Q(typed_denominator__isnull=True)
                | Q(typed_numerator__lte=F("typed_denominator"))
                | Q(code__in=BEYOND_WHOLE),
                violation_error_message="分子不应大于分母。",
            ),
            models.CheckConstraint(
                name="figure_ratio_has_both_parts",
                condition=Q(typed_numerator__isnull=True, typed_denominator__isnull=True)
                | Q(typed_numerator__isnull=False, typed_denominator__isnull=False),
                violation_error_message="比率的分子和分母须同时填写。",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="figure_of_a_locked_return_is_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=FROZEN,
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def value(self):
        """What counts: the typed figure if there is one, else the system's."""
        return self.system_value if self.typed_value is None else self.typed_value

    @property
    def parts(self):
        """Numerator and denominator of a ratio, from where the value comes."""
        if self.typed_denominator is None:
            return self.system_numerator, self.system_denominator
        return self.typed_numerator, self.typed_denominator

    @property
    def is_override(self):
        """Whether a person put another figure in place of the system's."""
        return self.system_value is not None and self.typed_value is not None


class ReturnVersion(models.Model):
    """A return as it stood after an act, and who did it.

    `figures` is {code: {system, typed, numerator, denominator, reason, returned}}, without nulls.
    """

    of = models.ForeignKey(
        Return, on_delete=models.CASCADE, related_name="versions", db_index=False
    )
    number = models.PositiveSmallIntegerField("版本")
    act = models.CharField("操作", max_length=10, choices=ReturnAct)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField("时间", default=timezone.now)
    figures = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "月报版本"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="return_version_once"),
        ]

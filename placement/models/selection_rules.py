"""The rules of choosing and waiting, dated, and the record of a session."""

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from placement.enums.selection import MissedRule, RecordAct
from placement.models.selection import LONGEST_TURN, SelectionSession
from veterans_portal.errors import DomainError


class SelectionRulesQuerySet(models.QuerySet):
    def on(self, day):
        """The rules in force on a day; raises DomainError when none were entered for it."""
        found = self.filter(effective_from__lte=day).order_by("-effective_from").first()
        if found is None:
            raise DomainError(
                f"{day.year}年{day.month}月{day.day}日还没有可用的选岗规则，请市级负责人先填写。",
                code="no_rules",
            )
        return found


class SelectionRules(models.Model):
    """How people choose, and what they get while they wait: dictionary data, never changed later.

    `turn_minutes` to choose; who missed it and comes within `late_minutes` is called next;
    `missed` says what becomes of the others. An employer that seats nobody in time pays
    `wage_percent` of its average wage; the government pays `living_allowance` yuan a month while
    somebody waits (L2 §75). `visit_days` after the first day at work they are visited.
    """

    effective_from = models.DateField("施行日期", unique=True)
    turn_minutes = models.PositiveSmallIntegerField(
        "每人选岗时间（分钟）", validators=[MinValueValidator(1), MaxValueValidator(LONGEST_TURN)]
    )
    late_minutes = models.PositiveSmallIntegerField(
        "迟到多久以内可以补选（分钟）", validators=[MaxValueValidator(600)]
    )
    missed = models.CharField("到时没有选的", max_length=6, choices=MissedRule)
    wage_percent = models.PositiveSmallIntegerField(
        "逾期上岗期间工资（本单位平均工资的百分比）",
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    living_allowance = models.DecimalField(
        "待安排期间生活费（元/月）", max_digits=14, decimal_places=2
    )
    visit_days = models.PositiveSmallIntegerField(
        "上岗后多少天回访", validators=[MinValueValidator(1), MaxValueValidator(730)]
    )
    basis = models.CharField("依据", max_length=200)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField("填写时间", default=timezone.now)

    objects = SelectionRulesQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "选岗规则"
        ordering = ["-effective_from"]
        constraints = [
            models.CheckConstraint(
                name="selection_rules_give_time_to_choose",
                condition=Q(turn_minutes__range=(1, LONGEST_TURN)),
                violation_error_message=f"每人选岗时间为1至{LONGEST_TURN}分钟。",
            ),
            models.CheckConstraint(
                name="selection_rules_amounts_are_plausible",
                condition=Q(
                    wage_percent__range=(1, 100), living_allowance__gte=0, visit_days__gte=1
                ),
                violation_error_message="工资比例为1至100，生活费不能是负数，回访至少1天后。",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="selection_rules_are_kept", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self):
        return f"{self.effective_from:%Y-%m-%d}起的选岗规则"


class SelectionRecord(models.Model):
    """A line of a session's record: written once, chained to the one before it, public as it is.

    `content` is canonical JSON, `hash` the SM3 of the hash before it and the content. Who did it is
    inside as a pseudonym of the session; `by` names them for the audit only.
    """

    session = models.ForeignKey(SelectionSession, on_delete=models.PROTECT, related_name="records")
    number = models.PositiveIntegerField("序号")
    at = models.DateTimeField("时间")
    act = models.CharField("事项", max_length=14, choices=RecordAct)
    content = models.TextField("内容")
    hash = models.CharField("校验值", max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "选岗记录"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "number"], name="selection_record_number_once"
            ),
            models.CheckConstraint(
                name="selection_record_counts_from_one", condition=Q(number__gte=1)
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="selection_record_is_kept", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.get_act_display()}"

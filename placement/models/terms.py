"""How long each step of a placement may take: dictionary data, dated (`domain.md` B.5, G.6)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from veterans_portal.errors import DomainError


class PlacementTermsQuerySet(models.QuerySet):
    def on(self, day):
        """The terms in force on a day; raises DomainError when none were entered for it."""
        found = self.filter(effective_from__lte=day).order_by("-effective_from").first()
        if found is None:
            raise DomainError(
                f"{day.year}年{day.month}月{day.day}日还没有可用的安置期限，请市级负责人先在“安置期限”里填写。",
                code="no_terms",
            )
        return found


class PlacementTerms(models.Model):
    """How long each step may take, from a day on: dictionary data, never changed afterwards.

    Days are calendar days where the regulations say days, working days where they say so
    (L2 §31, §51, §75; `domain.md` B.5).
    """

    effective_from = models.DateField("施行日期", unique=True)
    report_days = models.PositiveSmallIntegerField("报到期限（天）")
    placement_months = models.PositiveSmallIntegerField("安置期限（月）")
    seat_days = models.PositiveSmallIntegerField("上岗期限（天）")
    confirm_workdays = models.PositiveSmallIntegerField("本人确认分数（工作日）")
    publicity_workdays = models.PositiveSmallIntegerField("公示（工作日）")
    answer_workdays = models.PositiveSmallIntegerField("异议复核（工作日）")
    warn_days = models.PositiveSmallIntegerField("提前提醒（天）")
    basis = models.CharField("依据", max_length=200)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField("填写时间", default=timezone.now)

    objects = PlacementTermsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "安置期限"
        ordering = ["-effective_from"]
        constraints = [
            models.CheckConstraint(
                name="placement_terms_are_longer_than_nothing",
                condition=Q(
                    report_days__gte=1,
                    placement_months__gte=1,
                    seat_days__gte=1,
                    confirm_workdays__gte=1,
                    answer_workdays__gte=1,
                ),
                violation_error_message="期限至少为1。",
            ),
            models.CheckConstraint(
                name="placement_terms_publish_five_workdays_or_more",
                condition=Q(publicity_workdays__gte=5),
                violation_error_message="公示至少5个工作日。",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="placement_terms_are_kept", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self):
        return f"{self.effective_from:%Y-%m-%d}起的安置期限"

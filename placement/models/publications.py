"""Publications of scores (分数公示): name, total and rank only, on working days, ending by itself."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from placement.enums import PUBLICATION_TONES, PUBLICATION_TRANSITIONS, PublicationState
from placement.models.sheets import ScoreSheet
from services.models import Station
from services.perms import scope_of


class ScorePublicationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see those of their stations; everybody else reads the public page."""
        return scope_of(user).filter(self, "station__path")

    def public(self, today=None):
        """Those anybody may read today: begun, and their term not over."""
        today = today or timezone.localdate()
        return self.filter(state=PublicationState.RUNNING, starts_on__lte=today, ends_on__gte=today)


class ScorePublication(models.Model):
    """The scores of a centre's year shown to everybody for objections.

    Prepared by one person and approved by another. It is public from `starts_on` to `ends_on`
    (both included) and then no more, whatever else happens; it is settled when the term is over
    and no objection is open, and with that the scores and ranks are final.
    """

    station = models.ForeignKey(
        Station,
        on_delete=models.PROTECT,
        related_name="score_publications",
        verbose_name="公示单位",
    )
    year = models.PositiveSmallIntegerField("安置年度")
    full_names = models.BooleanField("显示全名", default=True)
    state = models.CharField(
        "状态", max_length=10, choices=PublicationState, default=PublicationState.DRAFT
    )
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="拟稿人"
    )
    prepared_at = models.DateTimeField("拟稿时间", default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="批准人",
    )
    approved_at = models.DateTimeField("批准时间", null=True, blank=True)
    starts_on = models.DateField("公示开始", null=True, blank=True)
    ends_on = models.DateField("公示结束", null=True, blank=True)
    settled_at = models.DateTimeField("确定时间", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField("撤回原因", max_length=200, blank=True)

    objects = ScorePublicationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "分数公示"
        ordering = ["-prepared_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "year"],
                condition=Q(state__in=[PublicationState.DRAFT, PublicationState.RUNNING]),
                name="score_publication_one_at_a_time",
                violation_error_message="这个年度已有一份公示在进行。",
            ),
            models.CheckConstraint(
                name="score_publication_runs_by_dates_and_another_approval",
                condition=Q(state=PublicationState.DRAFT, approved_by__isnull=True)
                | Q(state=PublicationState.WITHDRAWN)
                | (
                    Q(
                        approved_by__isnull=False,
                        approved_at__isnull=False,
                        starts_on__isnull=False,
                        ends_on__isnull=False,
                        ends_on__gt=F("starts_on"),
                    )
                    & ~Q(approved_by=F("prepared_by"))
                    & ~Q(state=PublicationState.DRAFT)
                ),
                violation_error_message="拟稿人和批准人不能是同一个人。",
            ),
            models.CheckConstraint(
                name="score_publication_settled_has_its_time",
                condition=Q(state=PublicationState.SETTLED, settled_at__isnull=False)
                | (~Q(state=PublicationState.SETTLED) & Q(settled_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="score_publication_withdrawn_says_why",
                condition=(
                    Q(
                        state=PublicationState.WITHDRAWN,
                        withdrawn_at__isnull=False,
                        withdrawn_by__isnull=False,
                    )
                    & ~Q(reason="")
                )
                | (~Q(state=PublicationState.WITHDRAWN) & Q(withdrawn_at__isnull=True, reason="")),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="score_publication_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in PUBLICATION_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"{self.station.name}{self.year}年度安排工作退役军人分数公示"

    def get_absolute_url(self):
        return reverse("placement:publication", args=[self.pk])

    @property
    def tone(self):
        """The badge's tone for its state."""
        return PUBLICATION_TONES[self.state]

    def is_public(self, today=None):
        """Whether anybody may read it today."""
        today = today or timezone.localdate()
        return self.state == PublicationState.RUNNING and self.starts_on <= today <= self.ends_on


class PublishedScore(models.Model):
    """A line of a publication as it was shown: name, total, rank, and nothing else."""

    publication = models.ForeignKey(
        ScorePublication, on_delete=models.CASCADE, related_name="entries"
    )
    sheet = models.ForeignKey(ScoreSheet, on_delete=models.PROTECT, related_name="published")
    name = models.CharField("姓名", max_length=50)
    total = models.DecimalField("总分", max_digits=7, decimal_places=2)
    rank = models.PositiveIntegerField("名次")

    class Meta:
        verbose_name = verbose_name_plural = "公示分数"
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "sheet"], name="published_score_once_per_sheet"
            ),
            models.CheckConstraint(name="published_score_ranks_from_one", condition=Q(rank__gte=1)),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_score_is_kept", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self):
        return f"{self.rank} {self.name}"

"""What belongs to a placement file: its timeline, and the evidence in the original file."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from placement.enums import CaseAct, EvidenceKind
from placement.models.cases import PlacementCase
from veterans_portal.fields import EncryptedTextField, PrivateFileField


class CaseEvent(models.Model):
    """A line of a placement file's timeline, with words for each audience; kept for good.

    `public_words` is what the person reads; empty: the line is for staff only.
    """

    case = models.ForeignKey(PlacementCase, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField("时间", default=timezone.now)
    act = models.CharField("事项", max_length=20, choices=CaseAct)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_name = models.CharField("经手人", max_length=50, blank=True)
    public_words = EncryptedTextField("告知本人", blank=True, default="")
    staff_words = EncryptedTextField("内部说明", blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "安置进展"
        ordering = ["at", "pk"]
        triggers = [
            pgtrigger.Protect(
                name="case_event_is_kept", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]


class CaseEvidenceQuerySet(models.QuerySet):
    def kept(self):
        """Evidence that still counts."""
        return self.filter(removed_at__isnull=True)


class CaseEvidence(models.Model):
    """A sheet of the original file that points stand on (档案依据): where it is, and a scan if any.

    Evidence comes from the original file only (`domain.md` B.5), so `place` says where in it.
    """

    case = models.ForeignKey(PlacementCase, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField("类别", max_length=12, choices=EvidenceKind)
    title = models.CharField("名称", max_length=60)
    place = models.CharField("档案里的位置", max_length=60)
    content_type = models.CharField("类型", max_length=40, blank=True)
    size = models.PositiveIntegerField("大小", null=True, blank=True)
    digest = models.CharField("摘要", max_length=64, blank=True)
    stored_as = PrivateFileField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("登记时间", default=timezone.now)
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CaseEvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "档案依据"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "digest"],
                condition=Q(removed_at__isnull=True) & ~Q(digest=""),
                name="case_evidence_once",
                violation_error_message="这份扫描件已经传过了。",
            ),
            models.CheckConstraint(
                name="case_evidence_says_where_it_is", condition=~Q(title="") & ~Q(place="")
            ),
            models.CheckConstraint(
                name="case_evidence_removed_says_by_whom",
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.title}（{self.place}）"

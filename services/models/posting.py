"""Who works where, in which role, for how long."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.enums import UserKind
from services.enums import Role
from services.models.network import Station


class PostingQuerySet(models.QuerySet):
    def in_force(self, on=None):
        """Postings that count on a day (default today)."""
        on = on or timezone.localdate()
        return self.filter(since__lte=on, user__kind=UserKind.STAFF, user__is_active=True).filter(
            Q(until__isnull=True) | Q(until__gt=on)
        )


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    pghistory.DeleteEvent(),
    obj_field=pghistory.ObjForeignKey(related_name="history"),
    model_name="PostingHistory",
)
class Posting(models.Model):
    """A role at a station. Rights reach the station and everything under it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="postings"
    )
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="postings")
    role = models.CharField("岗位", max_length=10, choices=Role)
    since = models.DateField("起始日期", default=timezone.localdate)
    until = models.DateField("终止日期", null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="授权人",
    )

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "station", "role"],
                condition=Q(until__isnull=True),
                name="posting_open_once_per_role",
                violation_error_message="此人在该站点已有同样的岗位。",
            ),
            models.CheckConstraint(
                name="posting_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                violation_error_message="终止日期不应早于起始日期。",
            ),
        ]

    def __str__(self):
        return f"{self.station} {self.get_role_display()}"

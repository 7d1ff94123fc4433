"""Ratings (好差评, `domain.md` D.8): one per matter or visit, and what a bad one sets in motion."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from services.enums import (
    RECTIFICATION_TRANSITIONS,
    Grade,
    RatingChannel,
    RatingReason,
    RectificationOutcome,
    RectificationState,
)
from services.models.arrival import Arrival
from services.models.matter import Matter
from services.models.network import Station
from services.perms import scope_of
from veterans_portal.fields import EncryptedTextField

ONE_SUBJECT = Q(matter__isnull=False, arrival__isnull=True) | Q(
    matter__isnull=True, arrival__isnull=False
)


class RatingInvitation(models.Model):
    """The right to rate one matter or one visit once: behind the SMS link and the desk's screen."""

    code = models.CharField(max_length=12, unique=True)
    matter = models.OneToOneField(
        Matter, on_delete=models.PROTECT, null=True, blank=True, related_name="rating_invitation"
    )
    arrival = models.OneToOneField(
        Arrival, on_delete=models.PROTECT, null=True, blank=True, related_name="rating_invitation"
    )
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField("有效至")

    class Meta:
        verbose_name = verbose_name_plural = "评价邀请"
        constraints = [
            models.CheckConstraint(name="invitation_for_one_subject", condition=ONE_SUBJECT),
        ]


class RatingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Ratings at the stations in the staff member's scope; who rated is told by `perms`."""
        return scope_of(user).filter(self, "station__path")

    def in_month(self, first, after):
        return self.filter(rated_at__gte=first, rated_at__lt=after)


class Rating(models.Model):
    """A grade of one to five, given once. `words` are encrypted: people write names into them."""

    invitation = models.OneToOneField(
        RatingInvitation, on_delete=models.PROTECT, related_name="rating"
    )
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="ratings", db_index=False
    )
    grade = models.PositiveSmallIntegerField("评价", choices=Grade)
    reasons = ArrayField(
        models.CharField(max_length=20, choices=RatingReason), default=list, blank=True
    )
    words = EncryptedTextField("想说的话", blank=True, default="")
    channel = models.CharField("渠道", max_length=10, choices=RatingChannel)
    rated_at = models.DateTimeField("评价时间", default=timezone.now)
    taken_down_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="电话记录人",
    )

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评价"
        ordering = ["-rated_at"]
        constraints = [
            models.CheckConstraint(name="rating_of_five_grades", condition=Q(grade__range=(1, 5))),
            models.CheckConstraint(
                name="rating_by_phone_says_who_took_it_down",
                condition=~Q(channel=RatingChannel.PHONE) | Q(taken_down_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["station", "rated_at"], name="rating_by_station")]

    @property
    def is_bad(self):
        return self.grade <= Grade.DISSATISFIED


class RectificationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rectifications at the stations in the staff member's scope."""
        return scope_of(user).filter(self, "station__path")

    def open(self):
        return self.exclude(state=RectificationState.CLOSED)


class Rectification(models.Model):
    """What a bad rating sets in motion: call back in time, mend the cause, say what came of it.

    Terms are working days (settings). `station` is the one that has to act now: it goes up a tier
    when the person is still unhappy after the call.
    """

    rating = models.OneToOneField(Rating, on_delete=models.PROTECT, related_name="rectification")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="rectifications")
    state = models.CharField(
        "状态", max_length=12, choices=RectificationState, default=RectificationState.OPEN
    )
    opened_at = models.DateTimeField("产生时间", default=timezone.now)
    call_by = models.DateField("回访期限")
    close_by = models.DateField("整改期限")
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="回访人",
    )
    called_at = models.DateTimeField("回访时间", null=True, blank=True)
    call_note = EncryptedTextField("回访记录", blank=True, default="")
    satisfied = models.BooleanField("本人是否满意", null=True, blank=True)
    times_sent_up = models.PositiveSmallIntegerField("转上级次数", default=0)
    outcome = models.CharField(
        "结果", max_length=12, choices=RectificationOutcome, null=True, blank=True
    )
    measure = models.CharField("整改措施", max_length=300, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)

    objects = RectificationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "差评整改"
        ordering = ["call_by", "pk"]
        constraints = [
            models.CheckConstraint(
                name="rectification_called_back_says_who_and_when",
                condition=~Q(state__in=[RectificationState.CALLED_BACK, RectificationState.CLOSED])
                | Q(called_by__isnull=False, called_at__isnull=False),
            ),
            models.CheckConstraint(
                name="rectification_closed_says_what_was_done",
                condition=(
                    Q(
                        state=RectificationState.CLOSED,
                        closed_at__isnull=False,
                        closed_by__isnull=False,
                        outcome__isnull=False,
                    )
                    & ~Q(measure="")
                )
                | (~Q(state=RectificationState.CLOSED) & Q(closed_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["station", "call_by"],
                condition=~Q(state=RectificationState.CLOSED),
                name="rectification_open",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="rectification_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in RECTIFICATION_TRANSITIONS],
            ),
        ]

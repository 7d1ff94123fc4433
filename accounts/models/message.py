"""What people are told: one row per person and channel, written with the act it tells of."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.enums import Channel, MessageState
from veterans_portal.fields import BlindIndexField, EncryptedTextField


class MessageQuerySet(models.QuerySet):
    def inbox_of(self, user):
        """The person's in-portal messages whose time has come, newest first."""
        inbox = self.filter(user=user, channel=Channel.INBOX, state=MessageState.SENT)
        return inbox.order_by("-created_at")

    def due(self, now=None):
        """Rows that wait to be sent, oldest first."""
        now = now or timezone.now()
        return self.filter(state=MessageState.PENDING, not_before__lte=now).order_by("not_before")


class Message(models.Model):
    """A message. `dedupe` makes a second row for the same occasion impossible; `not_after`
    is when it would be too late to be of use; `urgent` ones have a day's limit of their own; `claim` is the worker's hold on it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="messages",
        db_index=False,  # stands first in message_inbox
    )
    phone = EncryptedTextField("手机号", null=True, blank=True)
    phone_index = BlindIndexField(source="phone", kind="phone", null=True)
    email = EncryptedTextField("邮箱", null=True, blank=True)
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    kind = models.CharField("事由", max_length=60)
    title = models.CharField("标题", max_length=100)
    body = EncryptedTextField("内容")
    url = models.CharField("链接", max_length=200, blank=True)
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.CharField(max_length=60, blank=True)
    dedupe = models.CharField(max_length=150, null=True, blank=True)
    state = models.CharField(
        "状态", max_length=15, choices=MessageState, default=MessageState.PENDING
    )
    created_at = models.DateTimeField("时间", default=timezone.now)
    not_before = models.DateTimeField("最早发送", default=timezone.now)
    not_after = models.DateTimeField("最晚发送", null=True, blank=True)
    urgent = models.BooleanField("要紧", default=False)
    claim = models.UUIDField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    sent_at = models.DateTimeField("送达时间", null=True, blank=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    error = models.CharField("原因", max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        constraints = [
            models.UniqueConstraint(
                fields=["dedupe"],
                condition=Q(dedupe__isnull=False),
                name="message_once_per_occasion",
            ),
            models.CheckConstraint(
                name="message_has_an_addressee",
                condition=Q(user__isnull=False) | Q(phone__isnull=False) | Q(email__isnull=False),
            ),
            models.CheckConstraint(
                name="message_sent_has_its_time",
                condition=Q(state=MessageState.SENT, sent_at__isnull=False)
                | (~Q(state=MessageState.SENT) & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="message_sending_has_a_claim",
                condition=~Q(state=MessageState.SENDING)
                | Q(claim__isnull=False, claimed_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=Q(state=MessageState.PENDING),
                name="message_due",
            ),
            models.Index(
                fields=["claimed_at"],
                condition=Q(state=MessageState.SENDING),
                name="message_in_flight",
            ),
            models.Index(fields=["user", "channel", "-created_at"], name="message_inbox"),
            models.Index(fields=["about_type", "about_id"], name="message_about"),
            models.Index(
                fields=["phone_index"],
                condition=Q(phone_index__isnull=False),
                name="message_by_phone",
            ),
        ]

    def __str__(self):
        return self.title

"""What signing in leaves in the database: sessions, one-time codes, forms kept over a time-out."""

import uuid

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.enums import CodePurpose
from veterans_portal.fields import BlindIndexField, EncryptedTextField


class Session(AbstractBaseSession):
    """A session whose data are encrypted; `user` finds the sessions of an account."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="sessions",
    )

    class Meta:
        verbose_name = verbose_name_plural = "会话"

    @classmethod
    def get_session_store_class(cls):
        from accounts.sessions import SessionStore

        return SessionStore


class OneTimeCode(models.Model):
    """A code that went to a phone. The code itself stands only in the message.

    `digest` is a keyed hash over id and code. Tries and use are counted by conditional updates,
    so parallel guesses share the three tries and a code opens one door once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField("用途", max_length=10, choices=CodePurpose)
    phone = EncryptedTextField("手机号")
    phone_index = BlindIndexField(source="phone", kind="phone")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    address = models.GenericIPAddressField("来源地址")
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField("发送时间", default=timezone.now)
    expires_at = models.DateTimeField("失效时间")
    tries = models.PositiveSmallIntegerField("已试次数", default=0)
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "一次性验证码"
        constraints = [
            models.CheckConstraint(
                name="one_time_code_expires_after_it_is_made",
                condition=Q(expires_at__gt=F("created_at")),
            ),
            models.CheckConstraint(
                name="one_time_code_used_within_its_time",
                condition=Q(used_at__isnull=True) | Q(used_at__lte=F("expires_at")),
            ),
            models.CheckConstraint(
                name="one_time_code_for_a_new_phone_has_its_account",
                condition=Q(purpose=CodePurpose.SIGN_IN, user__isnull=True)
                | Q(purpose=CodePurpose.NEW_PHONE, user__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["phone_index", "-created_at"], name="one_time_code_by_phone"),
            models.Index(fields=["address", "-created_at"], name="one_time_code_by_address"),
        ]


class KeptForm(models.Model):
    """What was typed when a session ended, kept for its owner until the form is sent again.

    `content` holds page, address and fields as encrypted JSON; passwords and files never.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    content = EncryptedTextField("内容")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "暂存的表单"
        constraints = [
            models.CheckConstraint(
                name="kept_form_expires_after_it_is_made",
                condition=Q(expires_at__gt=F("created_at")),
            ),
        ]

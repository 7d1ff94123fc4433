"""Who did what to whom. The database refuses to change or remove a row."""

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts import acts
from accounts.enums import AuditOutcome

APPEND_ONLY = "RAISE EXCEPTION 'audit rows are append-only' USING ERRCODE = 'restrict_violation';"


def append_only_triggers():
    """Triggers that refuse UPDATE, DELETE and TRUNCATE on an append-only table."""
    return [
        pgtrigger.Trigger(
            name="no_update_or_delete",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            func=APPEND_ONLY,
        ),
        pgtrigger.Trigger(
            name="no_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func=APPEND_ONLY,
        ),
    ]


class AuditQuerySet(models.QuerySet):
    def about(self, target):
        """The entries about one object, newest first."""
        return self.filter(target_type=target._meta.label_lower, target_id=str(target.pk)).order_by(
            "-id"
        )


class AuditEntry(models.Model):
    """One act, written in the transaction of the act itself.

    `detail` holds masked values only. `actor_name` stays readable after an account is closed.
    """

    at = models.DateTimeField("时间", default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="操作人",
        db_index=False,  # stands first in audit_by_actor
    )
    actor_name = models.CharField("操作人", max_length=80, blank=True)
    act = models.CharField("操作", max_length=80)
    outcome = models.CharField(
        "结果", max_length=10, choices=AuditOutcome, default=AuditOutcome.DONE
    )
    target_type = models.CharField("对象类别", max_length=60, blank=True)
    target_id = models.CharField("对象编号", max_length=60, blank=True)
    target_name = models.CharField("对象", max_length=120, blank=True)
    on_behalf_of = models.CharField("代何人办理", max_length=80, blank=True)
    station_path = models.CharField("所属站点", max_length=120, blank=True)
    address = models.GenericIPAddressField("来源地址", null=True, blank=True)
    detail = models.JSONField("内容", default=dict, encoder=DjangoJSONEncoder)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审计记录"
        indexes = [
            models.Index(fields=["target_type", "target_id", "-id"], name="audit_by_target"),
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
            models.Index(fields=["act", "-id"], name="audit_by_act"),
        ]
        triggers = append_only_triggers()

    def __str__(self):
        return f"{self.actor_name} {self.act} {self.target_name}"

    def get_absolute_url(self):
        return reverse("accounts:audit_entry", args=[self.pk])

    @property
    def act_words(self):
        """The act as an auditor reads it."""
        return acts.label(self.act)

    def words(self):
        """The detail as (label, text) pairs."""
        return acts.detail_words(self.detail)


class AuditSeal(models.Model):
    """The SM3 chain over audit entries, added in the background so that writing never waits.

    `number` is the place in the chain. It follows the order of sealing, not of entry ids: a long
    transaction may bring a lower id to light after higher ones were sealed.
    """

    number = models.PositiveBigIntegerField(unique=True)
    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, primary_key=True)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "审计封签"
        triggers = append_only_triggers()

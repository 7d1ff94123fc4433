"""Partners: organisations that work with the bureau, and the people who act for them."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from services.enums import (
    PARTNER_TONES,
    PARTNER_TRANSITIONS,
    PartnerNature,
    PartnerRole,
    PartnerState,
)
from services.models.network import Division, Station
from services.perms import scope_of
from veterans_portal import pinyin
from veterans_portal.fields import BlindIndexField, EncryptedTextField, PrivateFileField


class PartnerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see the partners of their stations; a citizen those they act for, or applied for."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            mine = PartnerMember.objects.in_force().filter(user=user).values("partner")
            applied = Q(applied_by=user, state__in=[PartnerState.APPLIED, PartnerState.REFUSED])
            return self.filter(Q(pk__in=mine) | applied)
        return scope_of(user).filter(self, "station__path")

    def acting_as(self, *roles):
        """Partners that work with the bureau today in one of `roles` (any, if none is given)."""
        found = self.filter(state=PartnerState.APPROVED)
        return found.filter(roles__overlap=list(roles)) if roles else found

    def of_member(self, user):
        """The partners in whose room `user` works today."""
        mine = PartnerMember.objects.in_force().filter(user_id=user.pk).values("partner")
        return self.acting_as().filter(pk__in=mine)


class Partner(models.Model):
    """An organisation: an employer, a bank, a training provider. `station` is the one that keeps it.

    Its people sign in with their own accounts (`PartnerMember`); an application waits for a
    reviewer of the station.
    """

    name = models.CharField("单位名称", max_length=80)
    name_pinyin = models.CharField(max_length=200, editable=False, db_collation="C")
    name_initials = models.CharField(max_length=80, editable=False, db_collation="C")
    credit_code = models.CharField("统一社会信用代码", max_length=18, unique=True)
    nature = models.CharField("单位性质", max_length=20, choices=PartnerNature)
    roles = ArrayField(
        models.CharField(max_length=12, choices=PartnerRole), verbose_name="合作内容"
    )
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="partners", verbose_name="对接中心"
    )
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="+", verbose_name="所在地"
    )
    address = models.CharField("地址", max_length=120)
    introduction = models.TextField("单位简介", max_length=1000, blank=True)
    contact_name = models.CharField("联系人", max_length=50)
    contact_phone = EncryptedTextField("联系电话")
    contact_phone_index = BlindIndexField(source="contact_phone", kind="phone", db_index=True)
    licence_file = PrivateFileField(blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=PartnerState, default=PartnerState.APPLIED
    )
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="申请人"
    )
    applied_at = models.DateTimeField("申请时间", default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("核对时间", null=True, blank=True)
    reason = models.CharField("原因", max_length=200, blank=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "合作单位"
        ordering = ["name_pinyin", "pk"]
        constraints = [
            models.CheckConstraint(
                name="partner_credit_code_has_eighteen_signs",
                condition=Q(credit_code__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$"),
                violation_error_message="统一社会信用代码是18位数字和大写字母。",
            ),
            models.CheckConstraint(name="partner_does_something", condition=Q(roles__len__gte=1)),
            models.CheckConstraint(
                name="partner_decided_has_who_and_when",
                condition=Q(state=PartnerState.APPLIED)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="partner_refused_or_ended_says_why",
                condition=~Q(state__in=[PartnerState.REFUSED, PartnerState.ENDED]) | ~Q(reason=""),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="partner_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in PARTNER_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.name_pinyin = pinyin.full(self.name, person=False)
        self.name_initials = pinyin.initials(self.name, person=False)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("services:partner_room", args=[self.pk])

    @property
    def tone(self):
        """The badge's tone for its state."""
        return PARTNER_TONES[self.state]

    @property
    def role_words(self):
        """What it does with the bureau, in words."""
        return "、".join(PartnerRole(role).label for role in self.roles)


class PartnerMemberQuerySet(models.QuerySet):
    def in_force(self, on=None):
        """Members who may act on a day (default today)."""
        on = on or timezone.localdate()
        return self.filter(since__lte=on).filter(Q(until__isnull=True) | Q(until__gt=on))


class PartnerMember(models.Model):
    """A person who acts for a partner in its room. A keeper may add and end others."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="partner_memberships"
    )
    name = models.CharField("姓名", max_length=50)
    is_keeper = models.BooleanField("可管理成员", default=False)
    since = models.DateField("起始日期", default=timezone.localdate)
    until = models.DateField("终止日期", null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="添加人"
    )

    objects = PartnerMemberQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位成员"
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "user"],
                condition=Q(until__isnull=True),
                name="partner_member_once",
                violation_error_message="这位成员已经在名单里。",
            ),
            models.CheckConstraint(
                name="partner_member_ends_after_beginning",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
        ]

    def __str__(self):
        return f"{self.name}（{self.partner}）"


class PartnerKeyQuerySet(models.QuerySet):
    def in_force(self, now=None):
        """Keys that open the API now."""
        now = now or timezone.now()
        return self.filter(revoked_at__isnull=True, expires_at__gt=now)


class PartnerKey(models.Model):
    """A key by which a partner's own system calls the API, for its holder. Only its digest is kept."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="keys")
    member = models.ForeignKey(PartnerMember, on_delete=models.PROTECT, related_name="keys")
    label = models.CharField("用途", max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField("创建时间", default=timezone.now)
    expires_at = models.DateTimeField("有效至")
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)

    objects = PartnerKeyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "接口密钥"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="partner_key_expires", condition=Q(expires_at__gt=F("created_at"))
            ),
        ]

    def __str__(self):
        return self.label

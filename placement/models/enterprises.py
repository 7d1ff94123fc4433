"""Veterans' enterprises: the directory and its showcase (A125, EMP-16)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from placement.enums.fairs import JobField
from placement.enums.startups import (
    ENTERPRISE_LISTED,
    ENTERPRISE_TONES,
    ENTERPRISE_TRANSITIONS,
    EnterpriseState,
)
from services.models import Division, Person, Station
from services.models.person import follow_merged
from services.perms import scope_of
from veterans_portal import pinyin
from veterans_portal.fields import EncryptedTextField


class VeteranEnterpriseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see those of their stations; a citizen their own."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            return self.filter(person__account=user)
        return scope_of(user).filter(self, "station__path")

    def listed(self, on=None):
        """Those everybody may see on a day: published, and their time is not over."""
        on = on or timezone.localdate()
        return self.filter(state__in=ENTERPRISE_LISTED, valid_until__gte=on)

    def matching(self, text):
        """Those whose name, its pinyin or initials hold the words, or that offer it."""
        low = text.lower()
        return self.filter(
            Q(name__contains=text)
            | Q(products__contains=text)
            | Q(name_pinyin__contains=low)
            | Q(name_initials__startswith=low)
        )


class VeteranEnterprise(models.Model):
    """An enterprise founded by a veteran; it stands in the directory until `valid_until`."""

    name = models.CharField("企业名称", max_length=80)
    name_pinyin = models.CharField(max_length=200, editable=False, db_collation="C")
    name_initials = models.CharField(max_length=80, editable=False, db_collation="C")
    credit_code = models.CharField("统一社会信用代码", max_length=18, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enterprises")
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="enterprises", verbose_name="审核站点"
    )
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="+", verbose_name="所在地"
    )
    field = models.CharField("行业", max_length=20, choices=JobField)
    introduction = models.TextField("企业介绍", max_length=500)
    products = models.CharField("产品和服务", max_length=200)
    address = models.CharField("地址", max_length=120)
    phone = EncryptedTextField("对外电话")
    featured = models.BooleanField("风采展示", default=False)
    state = models.CharField(
        "状态", max_length=10, choices=EnterpriseState, default=EnterpriseState.SUBMITTED
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField("提交时间", default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    published_on = models.DateField("开始展示", null=True, blank=True)
    valid_until = models.DateField("展示至", null=True, blank=True)
    ended_on = models.DateField("撤下日期", null=True, blank=True)
    reason = models.CharField("原因", max_length=200, blank=True)

    objects = VeteranEnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "军创企业"
        ordering = ["-featured", "name_pinyin", "pk"]
        constraints = [
            models.CheckConstraint(
                name="enterprise_credit_code_has_eighteen_signs",
                condition=Q(credit_code__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$"),
                violation_error_message="统一社会信用代码是18位数字和大写字母。",
            ),
            models.CheckConstraint(
                name="enterprise_listed_was_checked_and_ends",
                condition=~Q(state__in=ENTERPRISE_LISTED)
                | Q(
                    published_on__isnull=False,
                    valid_until__isnull=False,
                    valid_until__gte=F("published_on"),
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    ended_on__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="enterprise_checked_by_another",
                condition=~Q(state=EnterpriseState.PUBLISHED) | ~Q(decided_by=F("submitted_by")),
            ),
            models.CheckConstraint(
                name="enterprise_refused_or_removed_says_why",
                condition=~Q(state__in=[EnterpriseState.REFUSED, EnterpriseState.REMOVED])
                | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="enterprise_shown_first_is_listed",
                condition=Q(featured=False) | Q(state__in=ENTERPRISE_LISTED),
            ),
        ]
        indexes = [models.Index(fields=["state", "valid_until"], name="enterprise_listed")]
        triggers = [
            follow_merged("enterprise_follows_a_merged_file"),
            pgtrigger.FSM(
                name="enterprise_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in ENTERPRISE_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.name_pinyin = pinyin.full(self.name, person=False)
        self.name_initials = pinyin.initials(self.name, person=False)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("placement:enterprise", args=[self.pk])

    @property
    def tone(self):
        """The badge's tone for its state."""
        return ENTERPRISE_TONES[self.state]

    @property
    def is_listed(self):
        """Whether everybody may see it today."""
        return self.state in ENTERPRISE_LISTED and self.valid_until >= timezone.localdate()

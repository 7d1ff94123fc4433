"""Starting up as one matter (A119, `domain.md` B.6): one form, one number, several departments."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from placement.enums.startups import (
    BUNDLE_TONES,
    BUNDLE_TRANSITIONS,
    ITEM_OPEN,
    ITEM_TONES,
    ITEM_TRANSITIONS,
    BundleState,
    ItemState,
)
from services.models import Person, Station
from services.models.person import follow_merged
from services.perms import scope_of


class BundleKind(models.Model):
    """An item that may be asked for with others: dictionary data of the bureau."""

    title = models.CharField("事项", max_length=40, unique=True)
    department = models.CharField("办理部门", max_length=40)
    workdays = models.PositiveSmallIntegerField("承诺工作日")
    needs = models.CharField("要准备的", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("次序", default=0)
    is_offered = models.BooleanField("可以申请", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "创业一件事的事项"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="bundle_kind_takes_one_to_120_workdays",
                condition=Q(workdays__gte=1, workdays__lte=120),
                violation_error_message="承诺为1至120个工作日。",
            ),
        ]

    def __str__(self):
        return self.title


class StartupBundleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see those of their stations; a citizen their own."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            return self.filter(person__account=user)
        return scope_of(user).filter(self, "station__path")


class StartupBundle(models.Model):
    """What a founder asks of several departments at once; done when every item is."""

    number = models.CharField("受理编号", max_length=20, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="bundles")
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="bundles", verbose_name="受理站点"
    )
    business_name = models.CharField("企业或店铺名称", max_length=80)
    business = models.CharField("经营项目", max_length=60)
    address = models.CharField("经营地址", max_length=120)
    state = models.CharField("状态", max_length=10, choices=BundleState, default=BundleState.OPEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client_key = models.CharField(max_length=64)
    submitted_at = models.DateTimeField("提交时间", default=timezone.now)
    ended_at = models.DateTimeField("办结时间", null=True, blank=True)

    objects = StartupBundleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "创业一件事"
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["by", "client_key"], name="bundle_once_per_key"),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state=BundleState.OPEN),
                name="bundle_one_open_per_person",
                violation_error_message="已经有一份在办。",
            ),
            models.CheckConstraint(
                name="bundle_ended_has_its_time",
                condition=Q(state=BundleState.OPEN, ended_at__isnull=True)
                | (~Q(state=BundleState.OPEN) & Q(ended_at__isnull=False)),
            ),
        ]
        triggers = [
            follow_merged("bundle_follows_a_merged_file"),
            pgtrigger.FSM(
                name="bundle_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in BUNDLE_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("placement:my_bundle", args=[self.pk])

    @property
    def tone(self):
        """The badge's tone for its state."""
        return BUNDLE_TONES[self.state]

    @property
    def is_open(self):
        return self.state == BundleState.OPEN


class BundleItem(models.Model):
    """One item of a bundle: its department, its state, its clock. Title and department are as they
    were when it was asked for."""

    bundle = models.ForeignKey(StartupBundle, on_delete=models.CASCADE, related_name="items")
    kind = models.ForeignKey(BundleKind, on_delete=models.PROTECT, related_name="+")
    title = models.CharField("事项", max_length=40)
    department = models.CharField("办理部门", max_length=40)
    state = models.CharField("状态", max_length=10, choices=ItemState, default=ItemState.WAITING)
    due_on = models.DateField("应在")
    result = models.CharField("结果", max_length=200, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    noted_at = models.DateTimeField("登记时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "一件事的事项"
        ordering = ["kind__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["bundle", "kind"], name="bundle_item_once"),
            models.CheckConstraint(
                name="bundle_item_ended_says_what_came_of_it",
                condition=~Q(state__in=[ItemState.DONE, ItemState.REFUSED])
                | (~Q(result="") & Q(noted_by__isnull=False, noted_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="bundle_item_due")]
        triggers = [
            pgtrigger.FSM(
                name="bundle_item_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in ITEM_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def tone(self):
        """The badge's tone for its state."""
        return ITEM_TONES[self.state]

    @property
    def is_open(self):
        return self.state in ITEM_OPEN

"""Rules over the registration file: dated versions, published by another than the author, then fixed."""

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from services.enums import RULE_TONES, RULE_TRANSITIONS, Answer, Occasion, RuleKind, RuleState
from services.models.network import Station
from services.perms import scope_of

EMPTY = {"all": []}
# What never changes once a version is published; what is left is that it is retired.
FIXED = [
    "rule_id",
    "number",
    "conditions",
    "valid_from",
    "valid_to",
    "offer_title",
    "offer_words",
    "offer_url",
    "visit",
    "visit_workdays",
    "occasion",
    "author_id",
    "created_at",
    "published_by_id",
    "published_at",
]


def _columns(row):
    return ", ".join(f"{row}.{column}" for column in FIXED)


def empty_conditions():
    """A draft begins with one group that is still empty."""
    return {"all": []}


class RuleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rules of stations in the reader's scope, and those from above that apply there."""
        mine = scope_of(user).paths
        above = {
            "".join(f"{part}/" for part in path.split("/")[:depth])
            for path in mine
            for depth in range(1, path.count("/"))
        }
        return scope_of(user).filter(self, "station__path") | self.filter(
            station__path__in=above if mine else []
        )

    def in_force(self, on=None):
        """Rules with a published version whose period holds on that day."""
        return self.filter(pk__in=RuleVersion.objects.in_force(on).values("rule"))


class Rule(models.Model):
    """A rule of a station; it applies to the files kept there and under it."""

    code = models.SlugField("代码", max_length=40, unique=True)
    kind = models.CharField("用途", max_length=10, choices=RuleKind)
    title = models.CharField("名称", max_length=60)
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="rules", verbose_name="适用范围"
    )
    created_at = models.DateTimeField("建立时间", default=timezone.now)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "规则"
        ordering = ["title", "pk"]

    def __str__(self):
        return self.title

    @cached_property
    def current(self):
        """The published version, or None."""
        return next((v for v in self.versions.all() if v.state == RuleState.PUBLISHED), None)

    @cached_property
    def draft(self):
        """The version being written, or None."""
        return next((v for v in self.versions.all() if v.state == RuleState.DRAFT), None)


class RuleVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Versions of the rules the reader sees."""
        return self.filter(rule__in=Rule.objects.visible_to(user))

    def waiting(self):
        """Drafts whose author asks a colleague to look and publish."""
        return self.filter(state=RuleState.DRAFT, asked_at__isnull=False)

    def in_force(self, on=None):
        """Published versions whose period holds on a day (default today)."""
        on = on or timezone.localdate()
        ends = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
        return self.filter(ends, state=RuleState.PUBLISHED, valid_from__lte=on)


class RuleVersion(models.Model):
    """One wording of a rule: conditions as data (`services.rules`), period, and what is offered.

    `visit` asks the person's station to go there within `visit_workdays` working days. `edits`
    counts changes of the draft, so that nobody overwrites what they have not seen.
    """

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("版本")
    state = models.CharField("状态", max_length=10, choices=RuleState, default=RuleState.DRAFT)
    conditions = models.JSONField("条件", default=empty_conditions, encoder=DjangoJSONEncoder)
    valid_from = models.DateField("起用日期", default=timezone.localdate)
    valid_to = models.DateField("停用日期", null=True, blank=True)
    offer_title = models.CharField("告诉本人的标题", max_length=40)
    offer_words = models.CharField("告诉本人的话", max_length=300)
    offer_url = models.CharField("平台内的链接", max_length=100, blank=True)
    visit = models.BooleanField("需要上门", default=False)
    visit_workdays = models.PositiveSmallIntegerField("几个工作日内上门", null=True, blank=True)
    occasion = models.CharField("同一个人", max_length=10, choices=Occasion, default=Occasion.ONCE)
    edits = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField("请人发布的时间", null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="起草人"
    )
    created_at = models.DateTimeField("起草时间", default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True,
        related_name="+", verbose_name="发布人",
    )  # fmt: skip
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    retired_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "规则版本"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="rule_version_number_once"),
            models.UniqueConstraint(
                fields=["rule"], condition=Q(state=RuleState.DRAFT), name="rule_one_draft_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["rule"],
                condition=Q(state=RuleState.PUBLISHED),
                name="rule_one_version_published",
            ),
            models.CheckConstraint(
                name="rule_version_published_by_another_than_its_author",
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("author")),
                violation_error_message="起草人不能发布自己的规则。",
            ),
            models.CheckConstraint(
                name="rule_version_published_has_who_and_when",
                condition=Q(
                    state=RuleState.DRAFT, published_at__isnull=True, published_by__isnull=True
                )
                | (
                    ~Q(state=RuleState.DRAFT)
                    & Q(published_at__isnull=False, published_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="rule_version_retired_has_its_time",
                condition=Q(state=RuleState.RETIRED, retired_at__isnull=False)
                | (~Q(state=RuleState.RETIRED) & Q(retired_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="rule_version_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="停用日期不应早于起用日期。",
            ),
            models.CheckConstraint(
                name="rule_version_visit_has_its_term",
                condition=Q(visit=True, visit_workdays__isnull=False, visit_workdays__range=(1, 60))
                | Q(visit=False, visit_workdays__isnull=True),
                violation_error_message="需要上门的，请写明几个工作日内（1至60）。",
            ),
            models.CheckConstraint(
                name="rule_version_published_asks_something",
                condition=Q(state=RuleState.DRAFT) | ~Q(conditions=EMPTY),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="rule_version_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in RULE_TRANSITIONS],
            ),
            pgtrigger.Protect(
                name="rule_version_is_fixed_once_published",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state <> 'DRAFT' AND "
                    f"ROW({_columns('OLD')}) IS DISTINCT FROM ROW({_columns('NEW')})"
                ),
            ),
            pgtrigger.Protect(
                name="rule_version_published_is_not_removed",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=["PUBLISHED", "RETIRED"]),
            ),
        ]

    def __str__(self):
        return f"{self.rule}（第{self.number}版）"

    @property
    def tone(self):
        return RULE_TONES[self.state]

    @property
    def reach(self):
        """The path under which it applies."""
        return self.rule.station.path


class GoldenCase(models.Model):
    """A made-up person and what the version must say of them; checked before it is published."""

    version = models.ForeignKey(RuleVersion, on_delete=models.CASCADE, related_name="cases")
    title = models.CharField("这个例子", max_length=60)
    on = models.DateField("在哪一天")
    facts = models.JSONField("情况", encoder=DjangoJSONEncoder)
    expected = models.CharField("应当是", max_length=8, choices=Answer)

    class Meta:
        verbose_name = verbose_name_plural = "规则例子"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "title"], name="golden_case_title_once"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="golden_case_is_fixed_with_its_version",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM services_ruleversion
                        WHERE id = COALESCE(NEW.version_id, OLD.version_id) AND state <> 'DRAFT'
                    ) THEN
                        RAISE EXCEPTION 'pgtrigger: the version of a golden case is published';
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                """,
            ),
        ]

    def __str__(self):
        return self.title

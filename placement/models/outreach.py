"""Whom the rules found, what the stations went out to do, and who does not want to be asked."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from placement.enums.outreach import (
    LEAD_TRANSITIONS,
    VISIT_TONES,
    VISIT_TRANSITIONS,
    ContactWay,
    LeadState,
    RefusalChannel,
    VisitResult,
    VisitState,
)
from services.models import Person, Rule, RuleVersion, Station
from services.models.person import IN_FORCE, follow_merged
from services.perms import scope_of
from veterans_portal.fields import EncryptedTextField


class OutreachLeadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff: people whose file is in their scope; a citizen: what was found for them."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            return self.filter(person__account=user)
        return scope_of(user).filter(self, "person__station__path")


class OutreachLead(models.Model):
    """A person found by a rule for one occasion ("once", a year, a birthday, a discharge): never twice.

    `reasons` are the sentences of the day: `[{"words", "kind", "private"}]`.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="outreach")
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="leads")
    version = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="leads")
    occasion = models.CharField("事由", max_length=30)
    reasons = models.JSONField("为什么", default=list)
    state = models.CharField("状态", max_length=10, choices=LeadState, default=LeadState.OPEN)
    found_at = models.DateTimeField("发现时间", default=timezone.now)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    objects = OutreachLeadQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "主动服务对象"
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "person", "occasion"], name="outreach_once_for_each_occasion"
            ),
            models.CheckConstraint(
                name="outreach_lead_ended_has_its_time",
                condition=Q(state=LeadState.OPEN, ended_at__isnull=True)
                | (~Q(state=LeadState.OPEN) & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["person", "-found_at"], name="outreach_lead_by_person")]
        triggers = [
            follow_merged("outreach_lead_follows_merged"),
            pgtrigger.FSM(
                name="outreach_lead_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in LEAD_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return self.version.offer_title

    def reasons_for(self, *, health):
        """The sentences; without `health` those on disability are left out (`domain.md` D.5)."""
        return [each["words"] for each in self.reasons if health or not each.get("private")]


class OutreachTaskQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Tasks of the stations in the scope of the staff."""
        return scope_of(user).filter(self, "station__path")

    def open(self):
        """What still has to be done; nobody goes to see somebody whose file has ended."""
        return self.filter(state=VisitState.OPEN, lead__person__state__in=IN_FORCE)

    def served(self):
        """Those that count as a service (EMP-15)."""
        return self.filter(state=VisitState.DONE).exclude(result=VisitResult.UNREACHED)

    def with_all(self):
        return self.select_related(
            "lead__person", "lead__version", "lead__rule", "station", "done_by"
        )


class OutreachTask(models.Model):
    """Go and see, or phone, somebody a rule found: by the station that keeps the file."""

    lead = models.OneToOneField(OutreachLead, on_delete=models.PROTECT, related_name="task")
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="outreach_tasks", verbose_name="服务站"
    )
    due_on = models.DateField("最迟")
    state = models.CharField("状态", max_length=10, choices=VisitState, default=VisitState.OPEN)
    contact = models.CharField("联系方式", max_length=10, choices=ContactWay, blank=True)
    done_on = models.DateField("联系日期", null=True, blank=True)
    result = models.CharField("结果", max_length=12, choices=VisitResult, blank=True)
    note = EncryptedTextField("情况", blank=True, default="")
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True,
        related_name="+", verbose_name="经办人",
    )  # fmt: skip
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    objects = OutreachTaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "上门任务"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="outreach_task_done_says_what_when_and_who",
                condition=(
                    Q(state=VisitState.DONE, done_on__isnull=False, done_by__isnull=False)
                    & ~Q(contact="")
                    & ~Q(result="")
                )
                | (~Q(state=VisitState.DONE) & Q(done_on__isnull=True, contact="", result="")),
            ),
            models.CheckConstraint(
                name="outreach_task_ended_has_its_time",
                condition=Q(state=VisitState.OPEN, ended_at__isnull=True)
                | (~Q(state=VisitState.OPEN) & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["station", "due_on"],
                condition=Q(state=VisitState.OPEN),
                name="outreach_task_open",
            ),
            models.Index(fields=["station", "done_on"], name="outreach_task_done"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="outreach_task_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in VISIT_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"{self.lead.person.name}：{self.lead.version.offer_title}"

    def get_absolute_url(self):
        return reverse("placement:desk_outreach_task", args=[self.pk])

    @property
    def tone(self):
        return VISIT_TONES[self.state]


class OutreachRefusalQuerySet(models.QuerySet):
    def visible_to(self, user):
        """As with what was found."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            return self.filter(person__account=user)
        return scope_of(user).filter(self, "person__station__path")

    def standing(self):
        return self.filter(ended_at__isnull=True)


class OutreachRefusal(models.Model):
    """The person does not want to be found by a rule, or (`rule` empty) by any, until they say so."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="refusals")
    rule = models.ForeignKey(
        Rule, on_delete=models.PROTECT, null=True, blank=True, related_name="refusals"
    )
    channel = models.CharField("怎么说的", max_length=10, choices=RefusalChannel)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", default=timezone.now)
    ended_at = models.DateTimeField("重新愿意的时间", null=True, blank=True)

    objects = OutreachRefusalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "不需要主动服务"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="outreach_refusal_ends_after_it_began",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("at")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["person"], condition=Q(ended_at__isnull=True), name="outreach_refusal_open"
            ),
        ]
        triggers = [follow_merged("outreach_refusal_follows_merged")]


class OutreachRun(models.Model):
    """One version matched on one day: how far it came, so that it can be taken up again."""

    version = models.ForeignKey(RuleVersion, on_delete=models.CASCADE, related_name="runs")
    day = models.DateField("日期")
    reached = models.BigIntegerField("查到的档案", default=0)
    found = models.PositiveIntegerField("新发现", default=0)
    started_at = models.DateTimeField("开始", default=timezone.now)
    finished_at = models.DateTimeField("完成", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "查找记录"
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "day"], name="outreach_run_once_a_day"),
        ]

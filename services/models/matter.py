"""Matters (办件): one request of one person with a clock, from the draft to the archive."""

import json

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, Subquery, When
from django.urls import reverse
from django.utils import timezone

from services.enums import (
    CITIZEN_WORDS,
    MATTER_TONES,
    MATTER_TRANSITIONS,
    OPEN_MATTERS,
    OUTCOME_WORDS,
    Delivery,
    MatterChannel,
    MatterForm,
    MatterState,
    Outcome,
)
from services.models.network import ServiceItem, Station
from services.models.person import Person, follow_merged
from services.models.proxy import Proxy, entered_by
from services.perms import scope_of
from veterans_portal.fields import BlindIndexField, EncryptedTextField


class MatterKindQuerySet(models.QuerySet):
    def open(self):
        return self.filter(is_open=True)


class MatterKind(models.Model):
    """What can be asked for, and its guide page (办事指南, `domain.md` D.8): dictionary data.

    `steps` and `conditions` are one sentence a line. Terms are in working days; the promised one
    is never longer than the statutory one.
    """

    code = models.SlugField("代码", primary_key=True, max_length=40)
    name = models.CharField("名称", max_length=60)
    item = models.ForeignKey(
        ServiceItem, on_delete=models.PROTECT, related_name="matter_kinds", verbose_name="服务事项"
    )
    form = models.CharField("表单", max_length=20, choices=MatterForm)
    summary = models.CharField("一句话说明", max_length=120)
    conditions = models.TextField("办理条件")
    steps = models.TextField("办理步骤")
    place = models.CharField("办理地点", max_length=160)
    hours = models.CharField("办理时间", max_length=120)
    phone = models.CharField("咨询电话", max_length=30, default="12345")
    fee = models.CharField("费用", max_length=60, default="免费")
    basis = models.CharField("依据", max_length=200, blank=True)
    promised_days = models.PositiveSmallIntegerField(
        "承诺时限（工作日）", validators=[MinValueValidator(1), MaxValueValidator(250)]
    )
    statutory_days = models.PositiveSmallIntegerField(
        "法定时限（工作日）", validators=[MinValueValidator(1), MaxValueValidator(250)]
    )
    online = models.BooleanField("可以网上办", default=True)
    is_open = models.BooleanField("开放办理", default=True)
    position = models.PositiveSmallIntegerField("次序", default=0)

    objects = MatterKindQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "办理事项"
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                name="matter_kind_promises_within_the_statutory_term",
                condition=Q(promised_days__gte=1, promised_days__lte=F("statutory_days")),
                violation_error_message="承诺时限不应长于法定时限。",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("services:guide", args=[self.code])


class RequiredPaper(models.Model):
    """A paper that a kind of matter needs (材料); `is_photo` is the card photo with its own check."""

    kind = models.ForeignKey(MatterKind, on_delete=models.CASCADE, related_name="papers")
    name = models.CharField("材料名称", max_length=60)
    hint = models.CharField("要求", max_length=160, blank=True)
    is_required = models.BooleanField("必须提供", default=True)
    is_photo = models.BooleanField("证件照片", default=False)
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "所需材料"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "name"], name="paper_named_once_per_kind"),
        ]

    def __str__(self):
        return self.name


class MatterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see the matters of their stations, without drafts; a citizen those for them, and by
        them while they may act (drafts always)."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            own = Person.objects.of_account(user).values("pk")[:1]
            drafts = Q(by=user, state=MatterState.DRAFT)
            return self.filter(entered_by(user) | drafts | Q(person=Subquery(own)))
        return scope_of(user).filter(self, "station__path").exclude(state=MatterState.DRAFT)

    def open(self):
        """Matters that wait for somebody at a station."""
        return self.filter(state__in=OPEN_MATTERS)

    def by_term(self):
        """Ordered by `term`, the day the next term of each ends (check, papers, promise); none last."""
        term = Case(
            When(state=MatterState.SUBMITTED, then="check_by"),
            When(state=MatterState.SUPPLEMENT, then="supplement_by"),
            When(state=MatterState.ACCEPTED, then="due_on"),
        )
        return self.annotate(term=term).order_by(F("term").asc(nulls_last=True), "pk")

    def with_all(self):
        """With kind, station and person, as pages and messages show them."""
        return self.select_related(
            "kind__item", "station", "person__account", "by", "handler", "proxy"
        )


class Matter(models.Model):
    """One request with its clock. The clock starts at acceptance, stands still while suspended.

    `due_on` is the promise, `statutory_due_on` the law's term; both are moved on by the working
    days of a suspension when it ends. `details` is an encrypted JSON object: the answers to the
    form's questions. `late_days` is written when it is done: working days over the promise.
    """

    number = models.CharField("办件编号", max_length=20, unique=True)
    kind = models.ForeignKey(MatterKind, on_delete=models.PROTECT, related_name="matters")
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="matters", verbose_name="办理站点"
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="matters"
    )
    applicant_name = models.CharField("申请人", max_length=50)
    applicant_phone = EncryptedTextField("联系电话", null=True, blank=True)
    applicant_phone_index = BlindIndexField(source="applicant_phone", kind="phone", null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="matters_entered"
    )
    on_behalf = models.BooleanField("代为办理", default=False)
    proxy = models.ForeignKey(
        Proxy, on_delete=models.PROTECT, null=True, blank=True, related_name="matters"
    )
    # who came for the person without an account: name, and what they are to them
    came_for = models.CharField("来办的人", max_length=50, blank=True)
    channel = models.CharField("来源", max_length=12, choices=MatterChannel)
    client_key = models.CharField(max_length=64)
    details = EncryptedTextField("填写内容", blank=True, default="")
    state = models.CharField("状态", max_length=14, choices=MatterState, default=MatterState.DRAFT)
    created_at = models.DateTimeField("创建时间", default=timezone.now)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    check_by = models.DateField("预审期限", null=True, blank=True)
    supplement_asked_at = models.DateTimeField("告知补正时间", null=True, blank=True)
    supplement_list = models.TextField("需补正内容", blank=True)
    supplement_by = models.DateField("补正期限", null=True, blank=True)
    supplemented_at = models.DateTimeField("补正时间", null=True, blank=True)
    accepted_at = models.DateTimeField("受理时间", null=True, blank=True)
    due_on = models.DateField("承诺办结日期", null=True, blank=True)
    statutory_due_on = models.DateField("法定办结日期", null=True, blank=True)
    suspended_at = models.DateTimeField("挂起时间", null=True, blank=True)
    suspended_reason = models.CharField("挂起原因", max_length=200, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="matters_handled",
        verbose_name="承办人",
    )
    done_at = models.DateTimeField("办结时间", null=True, blank=True)
    late_days = models.PositiveSmallIntegerField("超期工作日", null=True, blank=True)
    outcome = models.CharField("办理结果", max_length=10, choices=Outcome, null=True, blank=True)
    result = EncryptedTextField("结果说明", blank=True, default="")
    delivered_at = models.DateTimeField("送达时间", null=True, blank=True)
    delivery = models.CharField("送达方式", max_length=10, choices=Delivery, null=True, blank=True)
    ended_at = models.DateTimeField("终止时间", null=True, blank=True)
    ended_reason = models.CharField("终止原因", max_length=300, blank=True)
    archived_at = models.DateTimeField("归档时间", null=True, blank=True)

    objects = MatterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "办件"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["by", "client_key"], name="matter_client_key_once"),
            models.CheckConstraint(
                name="matter_submitted_has_its_time",
                condition=Q(state__in=[MatterState.DRAFT, MatterState.WITHDRAWN, MatterState.ENDED])
                | Q(state=MatterState.ARCHIVED)
                | Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="matter_supplement_is_a_list_with_a_term",
                condition=Q(supplement_asked_at__isnull=True, supplement_list="")
                | (
                    Q(supplement_asked_at__isnull=False, supplement_by__isnull=False)
                    & ~Q(supplement_list="")
                ),
            ),
            models.CheckConstraint(
                name="matter_waiting_for_papers_was_asked",
                condition=~Q(state=MatterState.SUPPLEMENT) | Q(supplement_asked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="matter_accepted_has_its_clock",
                condition=~Q(
                    state__in=[
                        MatterState.ACCEPTED,
                        MatterState.SUSPENDED,
                        MatterState.DONE,
                        MatterState.DELIVERED,
                    ]
                )
                | Q(
                    accepted_at__isnull=False,
                    due_on__isnull=False,
                    statutory_due_on__isnull=False,
                    handler__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="matter_suspended_says_since_when_and_why",
                condition=(
                    Q(state=MatterState.SUSPENDED, suspended_at__isnull=False)
                    & ~Q(suspended_reason="")
                )
                | (~Q(state=MatterState.SUSPENDED) & Q(suspended_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="matter_done_has_time_and_outcome",
                condition=(
                    ~Q(state__in=[MatterState.DONE, MatterState.DELIVERED])
                    | Q(
                        done_at__isnull=False,
                        outcome__isnull=False,
                        late_days__isnull=False,
                    )
                ),
            ),
            models.CheckConstraint(
                name="matter_delivered_has_time_and_way",
                condition=~Q(state=MatterState.DELIVERED)
                | Q(delivered_at__isnull=False, delivery__isnull=False),
            ),
            models.CheckConstraint(
                name="matter_ended_early_says_why",
                condition=~Q(
                    state__in=[
                        MatterState.NOT_ACCEPTED,
                        MatterState.RETURNED,
                        MatterState.WITHDRAWN,
                        MatterState.ENDED,
                    ]
                )
                | (Q(ended_at__isnull=False) & ~Q(ended_reason="")),
            ),
            models.CheckConstraint(
                name="matter_archived_has_its_time",
                condition=Q(state=MatterState.ARCHIVED, archived_at__isnull=False)
                | (~Q(state=MatterState.ARCHIVED) & Q(archived_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="matter_by_proxy_is_for_a_file",
                condition=Q(proxy__isnull=True) | Q(person__isnull=False, on_behalf=True),
            ),
        ]
        indexes = [
            models.Index(fields=["station", "state", "due_on"], name="matter_by_station"),
            models.Index(
                fields=["person", "-created_at"],
                condition=Q(person__isnull=False),
                name="matter_by_person",
            ),
            models.Index(
                fields=["station", "done_at"],
                condition=Q(done_at__isnull=False),
                name="matter_done_by_station",
            ),
        ]
        triggers = [
            follow_merged("matter_follows_a_merged_file"),
            pgtrigger.FSM(
                name="matter_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in MATTER_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.number}"

    def get_absolute_url(self):
        return reverse("services:matter", args=[self.number])

    @property
    def tone(self):
        """The badge's tone for its state; a refusal is no good news, however well it was done."""
        if self.state in (MatterState.DONE, MatterState.DELIVERED):
            return "warning" if self.outcome == Outcome.REFUSED else "done"
        return MATTER_TONES[self.state]

    @property
    def citizen_words(self):
        """The state as the person reads it; a decision by what it was."""
        if self.state == MatterState.DONE and self.outcome:
            return OUTCOME_WORDS[self.outcome]
        return CITIZEN_WORDS[self.state]

    @property
    def answers(self):
        """The answers to the form's questions, by field name."""
        return json.loads(self.details) if self.details else {}

    @answers.setter
    def answers(self, values):
        self.details = json.dumps(values, ensure_ascii=False, default=str)

"""Score sheets (计分表): lines with evidence and two checkers, confirmed or objected to."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from placement.enums import (
    OBJECTION_TONES,
    OBJECTION_TRANSITIONS,
    SHEET_TONES,
    SHEET_TRANSITIONS,
    ConfirmedHow,
    ObjectionState,
    SheetState,
)
from placement.models.case_trail import CaseEvidence
from placement.models.cases import PlacementCase
from placement.models.schemes import ScoringRule, ScoringScheme, kept_unless
from services.perms import scope_of
from veterans_portal.fields import EncryptedTextField

LIVING = [state for state in SheetState if state != SheetState.SUPERSEDED]


class ScoreSheetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Sheets of the placement files one may see; the person's own once it was counted."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            counted = ~Q(state__in=[SheetState.DRAFT, SheetState.SUPERSEDED])
            return self.filter(counted, case__person__account=user)
        return scope_of(user).filter(self, "case__station__path")

    def current(self):
        """The one sheet of each file that counts."""
        return self.filter(state__in=LIVING)

    def in_order(self):
        """Best first: honours that rank first, then the total, then the tie chain."""
        return self.order_by("-places_first", "-total", "-tie_points", "pk")


class ScoreSheet(models.Model):
    """The points of one placement file under one scheme; a new version supersedes the old one.

    `total` and `tie_points` (points of the scheme's tie chain, in its order) are computed from the
    lines. `rank` is the place in the publication that made it final.
    """

    case = models.ForeignKey(PlacementCase, on_delete=models.PROTECT, related_name="sheets")
    scheme = models.ForeignKey(ScoringScheme, on_delete=models.PROTECT, related_name="sheets")
    version = models.PositiveSmallIntegerField("版本", default=1)
    state = models.CharField("状态", max_length=12, choices=SheetState, default=SheetState.DRAFT)
    total = models.DecimalField("总分", max_digits=7, decimal_places=2, default=0)
    places_first = models.BooleanField("排在最前", default=False)
    tie_points = ArrayField(
        models.DecimalField(max_digits=7, decimal_places=2), default=list, blank=True
    )
    rank = models.PositiveIntegerField("名次", null=True, blank=True)
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="计分人"
    )
    counted_at = models.DateTimeField("计分时间", default=timezone.now)
    confirm_by = models.DateField("确认期限", null=True, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    confirmed_how = models.CharField(
        "确认方式", max_length=10, choices=ConfirmedHow, null=True, blank=True
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ScoreSheetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "计分表"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="score_sheet_version_once"),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=LIVING),
                name="score_sheet_one_counts_per_case",
                violation_error_message="这份安置档案已经有一张有效的计分表。",
            ),
            models.CheckConstraint(
                name="score_sheet_to_confirm_has_its_term",
                condition=Q(state__in=[SheetState.DRAFT, SheetState.SUPERSEDED])
                | Q(confirm_by__isnull=False),
            ),
            models.CheckConstraint(
                name="score_sheet_confirmed_says_when_and_how",
                condition=Q(
                    confirmed_at__isnull=False,
                    confirmed_how__isnull=False,
                    confirmed_by__isnull=False,
                )
                | (
                    Q(
                        confirmed_at__isnull=True,
                        confirmed_how__isnull=True,
                        confirmed_by__isnull=True,
                    )
                    & ~Q(state=SheetState.CONFIRMED)
                ),
            ),
            models.CheckConstraint(
                name="score_sheet_final_has_its_rank",
                condition=~Q(state=SheetState.FINAL) | Q(rank__isnull=False, rank__gte=1),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="score_sheet_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in SHEET_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"{self.case}的计分表"

    def get_absolute_url(self):
        return reverse("placement:sheet", args=[self.case.number])

    @property
    def tone(self):
        """The badge's tone for its state."""
        return SHEET_TONES[self.state]


class ScoreLine(models.Model):
    """One rule applied: quantity, points, the evidence, and two different people who checked it.

    `points` are signed: deductions are below nought. `why` says how the quantity was found.
    """

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.CASCADE, related_name="lines")
    rule = models.ForeignKey(ScoringRule, on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField("数量", max_digits=6, decimal_places=2)
    points = models.DecimalField("得分", max_digits=7, decimal_places=2)
    why = models.CharField("说明", max_length=120, blank=True)
    evidence = models.ForeignKey(
        CaseEvidence, on_delete=models.PROTECT, related_name="lines", verbose_name="档案依据"
    )
    checker1 = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="核对人",
    )
    checked1_at = models.DateTimeField("核对时间", null=True, blank=True)
    checker2 = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="复核人",
    )
    checked2_at = models.DateTimeField("复核时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "计分明细"
        ordering = ["rule__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "rule", "evidence"],
                name="score_line_once_per_evidence",
                violation_error_message="这份依据已经为这个项目计过分。",
            ),
            models.CheckConstraint(
                name="score_line_has_a_quantity",
                condition=Q(quantity__gt=0),
                violation_error_message="数量要大于0。",
            ),
            models.CheckConstraint(
                name="score_line_is_checked_by_two_different_people",
                condition=Q(checker1__isnull=True, checked1_at__isnull=True, checker2__isnull=True)
                | Q(checker1__isnull=False, checked1_at__isnull=False, checker2__isnull=True)
                | (
                    Q(checker1__isnull=False, checked1_at__isnull=False)
                    & Q(checker2__isnull=False, checked2_at__isnull=False)
                    & ~Q(checker1=F("checker2"))
                ),
                violation_error_message="两次核对要由两个人做。",
            ),
        ]
        triggers = [
            kept_unless(
                "score_line_is_kept_with_its_sheet",
                path=("placement_scoresheet", "sheet_id"),
                states=[SheetState.DRAFT],
            ),
        ]

    def __str__(self):
        return f"{self.rule} {self.points}"

    @property
    def is_checked(self):
        return self.checker2_id is not None


class ScoreObjectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Objections on files one may see; a citizen's own."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            return self.filter(by=user)
        return scope_of(user).filter(self, "sheet__case__station__path")

    def open(self):
        return self.filter(state=ObjectionState.OPEN)


class ScoreObjection(models.Model):
    """Somebody does not agree with points: the person (`by`), or anyone while they are published,
    taken down at the desk. Reviewed within working days and answered in writing."""

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.PROTECT, related_name="objections")
    publication = models.ForeignKey(
        "placement.ScorePublication",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="objections",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    is_own = models.BooleanField("本人提出", default=True)
    objector_name = models.CharField("提出人", max_length=50)
    objector_phone = EncryptedTextField("联系电话", blank=True, default="")
    words = EncryptedTextField("异议内容")
    raised_at = models.DateTimeField("提出时间", default=timezone.now)
    due_on = models.DateField("答复期限")
    state = models.CharField(
        "状态", max_length=10, choices=ObjectionState, default=ObjectionState.OPEN
    )
    answer = EncryptedTextField("答复", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    objects = ScoreObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "分数异议"
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet"],
                condition=Q(state=ObjectionState.OPEN, is_own=True),
                name="score_objection_own_open_once",
                violation_error_message="您的异议正在复核，请等答复。",
            ),
            models.CheckConstraint(
                name="score_objection_of_others_is_to_a_publication",
                condition=Q(is_own=True) | Q(publication__isnull=False),
            ),
            models.CheckConstraint(
                name="score_objection_answered_says_what_who_and_when",
                condition=Q(
                    state__in=[ObjectionState.OPEN, ObjectionState.WITHDRAWN],
                    answered_at__isnull=True,
                    answered_by__isnull=True,
                )
                | (
                    Q(
                        state__in=[ObjectionState.UPHELD, ObjectionState.DISMISSED],
                        answered_at__isnull=False,
                        answered_by__isnull=False,
                        answer__isnull=False,
                    )
                ),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="score_objection_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in OBJECTION_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"{self.objector_name}的异议"

    @property
    def tone(self):
        """The badge's tone for its state."""
        return OBJECTION_TONES[self.state]

"""After the choice: introduction letters, the seat, the visit afterwards (`domain.md` B.5 11-13)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from placement.enums import CaseState
from placement.enums.selection import LETTER_TRANSITIONS, LetterState, VisitBy
from placement.models.cases import PlacementCase
from placement.models.selection_turns import SelectionTurn
from services.models import Document, Partner, Station
from services.perms import scope_of
from veterans_portal.fields import EncryptedTextField


class IntroductionLetterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see those of their stations; an employer's members those to it; a person their own."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            mine = Partner.objects.of_member(user).values("pk")
            return self.filter(Q(case__person__account=user) | Q(employer__in=mine))
        return scope_of(user).filter(self, "station__path")

    def waiting(self):
        """Those whose holder is not at work yet."""
        return self.filter(state=LetterState.ISSUED, case__state=CaseState.LETTER_ISSUED)

    def overdue(self, today=None):
        """Those whose employer has let the term go by: wages are due although nobody works yet."""
        today = today or timezone.localdate()
        return self.waiting().filter(seat_by__lt=today)

    def with_all(self):
        """With what pages and messages read."""
        return self.select_related(
            "case__person__account",
            "case__station",
            "station",
            "employer",
            "turn__post",
            "document",
        )


class IntroductionLetter(models.Model):
    """The letter with which a veteran goes to the employer; numbers run by centre and year.

    `wage_percent` is the rule in force when it was issued: what the employer owes from the day
    after `seat_by` until they are seated.
    """

    station = models.ForeignKey(
        Station,
        on_delete=models.PROTECT,
        related_name="introduction_letters",
        verbose_name="开具单位",
    )
    year = models.PositiveSmallIntegerField("年份")
    serial = models.PositiveIntegerField("序号")
    case = models.ForeignKey(
        PlacementCase, on_delete=models.PROTECT, related_name="letters", verbose_name="安置档案"
    )
    turn = models.OneToOneField(SelectionTurn, on_delete=models.PROTECT, related_name="letter")
    employer = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        related_name="introduction_letters",
        verbose_name="用人单位",
    )
    post_title = models.CharField("岗位", max_length=60)
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=8, choices=LetterState, default=LetterState.ISSUED)
    issued_on = models.DateField("开具日期", default=timezone.localdate)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="开具人"
    )
    seat_by = models.DateField("上岗期限")
    wage_percent = models.PositiveSmallIntegerField("逾期工资比例")
    seated_on = models.DateField("上岗日期", null=True, blank=True)
    seated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    seated_at = models.DateTimeField("登记时间", null=True, blank=True)
    contract_words = models.CharField("聘用（劳动）合同", max_length=120, blank=True)

    objects = IntroductionLetterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "安置介绍信"
        ordering = ["-year", "-serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "year", "serial"], name="introduction_letter_number_once"
            ),
            models.UniqueConstraint(
                fields=["case"],
                name="introduction_letter_once_per_case",
                violation_error_message="这份安置档案已经开过介绍信。",
            ),
            models.CheckConstraint(
                name="introduction_letter_term_follows_its_day",
                condition=Q(seat_by__gt=F("issued_on"), serial__gte=1),
            ),
            models.CheckConstraint(
                name="introduction_letter_seated_says_when_and_by_whom",
                condition=Q(
                    state=LetterState.ISSUED,
                    seated_on__isnull=True,
                    seated_by__isnull=True,
                    seated_at__isnull=True,
                )
                | Q(
                    state=LetterState.SEATED,
                    seated_on__gte=F("issued_on"),
                    seated_by__isnull=False,
                    seated_at__isnull=False,
                ),
                violation_error_message="上岗日期不应早于介绍信日期。",
            ),
        ]
        indexes = [
            models.Index(fields=["station", "state", "seat_by"], name="introduction_letter_by_term")
        ]
        triggers = [
            pgtrigger.FSM(
                name="introduction_letter_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in LETTER_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"安置介绍信{self.number}"

    def get_absolute_url(self):
        return reverse("placement:letter", args=[self.pk])

    @property
    def number(self):
        """The letter's number as it is printed: the year, and its place in the year."""
        return f"介〔{self.year}〕{self.serial}号"

    @property
    def is_overdue(self):
        return self.state == LetterState.ISSUED and self.seat_by < timezone.localdate()

    @property
    def days_overdue(self):
        """Days for which the employer owes wages although nobody works yet."""
        until = self.seated_on or timezone.localdate()
        return max(0, (until - self.seat_by).days)


class FollowUpQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the stations in the reader's scope."""
        return scope_of(user).filter(self, "letter__station__path")

    def open(self):
        return self.filter(done_on__isnull=True)


class FollowUp(models.Model):
    """Somebody who was seated is asked how it goes, after the days that the rules say (回访)."""

    letter = models.OneToOneField(
        IntroductionLetter, on_delete=models.CASCADE, related_name="follow_up"
    )
    due_on = models.DateField("回访期限")
    done_on = models.DateField("回访日期", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    way = models.CharField("方式", max_length=10, choices=VisitBy, null=True, blank=True)
    still_there = models.BooleanField("仍在岗", null=True, blank=True)
    words = EncryptedTextField("回访情况", blank=True, default="")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "上岗回访"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="follow_up_done_says_by_whom_and_how",
                condition=Q(
                    done_on__isnull=True,
                    done_by__isnull=True,
                    way__isnull=True,
                    still_there__isnull=True,
                )
                | Q(
                    done_on__isnull=False,
                    done_by__isnull=False,
                    way__isnull=False,
                    still_there__isnull=False,
                ),
            ),
        ]

    def __str__(self):
        return f"{self.letter}的回访"

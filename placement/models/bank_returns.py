"""What a bank lent in a month, as its Excel says, line by line against the referrals (A124)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from placement.enums.loans import (
    BANK_RETURN_TONES,
    BANK_RETURN_TRANSITIONS,
    DECISIONS,
    FINDING_TO_DECIDE,
    FINDING_TONES,
    BankReturnState,
    Finding,
    LineDecision,
    LoanProduct,
)
from placement.models.loans import RATE, YUAN, LoanReferral
from services.models import Partner, Station
from services.perms import scope_of
from veterans_portal.fields import PrivateFileField


class BankReturnQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Returns of the banks that the stations in the staff member's scope keep."""
        return scope_of(user).filter(self, "station__path")


class BankReturn(models.Model):
    """One version of a bank's return of a month; what was sent back stays readable."""

    bank = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="bank_returns")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="bank_returns")
    month = models.DateField("月份")
    version = models.PositiveSmallIntegerField("版本")
    state = models.CharField(
        "状态", max_length=10, choices=BankReturnState, default=BankReturnState.SUBMITTED
    )
    file = PrivateFileField(blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField("上传时间", default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("核对时间", null=True, blank=True)
    reason = models.CharField("退回原因", max_length=200, blank=True)

    objects = BankReturnQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "银行月度回报"
        ordering = ["-month", "bank", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["bank", "month", "version"], name="bank_return_version_once"
            ),
            models.UniqueConstraint(
                fields=["bank", "month"],
                condition=~Q(state=BankReturnState.RETURNED),
                name="bank_return_one_in_force_per_month",
                violation_error_message="这个月已经有一份回报。",
            ),
            models.CheckConstraint(
                name="bank_return_month_is_its_first", condition=Q(month__day=1)
            ),
            models.CheckConstraint(
                name="bank_return_decided_has_who_and_when",
                condition=Q(state=BankReturnState.SUBMITTED)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="bank_return_sent_back_says_why",
                condition=~Q(state=BankReturnState.RETURNED) | ~Q(reason=""),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="bank_return_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in BANK_RETURN_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"{self.bank}{self.month:%Y年%m月}回报"

    @property
    def tone(self):
        """The badge's tone for its state."""
        return BANK_RETURN_TONES[self.state]


class BankReturnLineQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Lines of the returns in the staff member's scope."""
        return scope_of(user).filter(self, "of__station__path")

    def undecided(self):
        return self.filter(decision__isnull=True)


class BankReturnLine(models.Model):
    """A loan of the month. `row` is its row in the file; a referral that the file leaves out has none.

    `counted` is the amount in yuan that goes into EMP-14 once the return is accepted (`counts`), by
    the day `counted_on`.
    """

    of = models.ForeignKey(BankReturn, on_delete=models.CASCADE, related_name="lines")
    bank = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    row = models.PositiveIntegerField("行", null=True, blank=True)
    referral = models.ForeignKey(
        LoanReferral, on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )
    receipt = models.CharField("借据号", max_length=40, blank=True)
    product = models.CharField("贷款产品", max_length=12, choices=LoanProduct)
    amount = models.DecimalField("放款金额（元）", null=True, blank=True, **YUAN)
    rate = models.DecimalField("年利率（%）", null=True, blank=True, **RATE)
    term_months = models.PositiveSmallIntegerField("期限（月）", null=True, blank=True)
    granted_on = models.DateField("放款日期", null=True, blank=True)
    finding = models.CharField("核对", max_length=12, choices=Finding)
    differences = models.JSONField("差异", default=list)
    decision = models.CharField("决定", max_length=10, choices=LineDecision, null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    counted = models.DecimalField("计入金额（元）", null=True, blank=True, **YUAN)
    counted_on = models.DateField("计入日期", null=True, blank=True)
    counts = models.BooleanField("已计入", default=False)

    objects = BankReturnLineQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "银行回报的贷款"
        ordering = ["of", "row", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["of", "row"], condition=Q(row__isnull=False), name="bank_line_row_once"
            ),
            models.UniqueConstraint(
                fields=["referral"],
                condition=Q(counts=True, referral__isnull=False),
                name="bank_line_referral_counts_once",
                violation_error_message="这份推荐的放款已经在另一份回报里计入。",
            ),
            models.UniqueConstraint(
                fields=["bank", "receipt"],
                condition=Q(counts=True) & ~Q(receipt=""),
                name="bank_line_receipt_counts_once",
                violation_error_message="这个借据号已经在另一份回报里计入。",
            ),
            models.CheckConstraint(
                name="bank_line_of_the_file_is_whole",
                condition=Q(row__isnull=True, finding=Finding.MISSING, referral__isnull=False)
                | Q(
                    row__isnull=False, amount__isnull=False, amount__gt=0, rate__isnull=False,
                    term_months__isnull=False, granted_on__isnull=False,
                )
                & ~Q(finding=Finding.MISSING)
                & ~Q(receipt=""),
            ),
            models.CheckConstraint(
                name="bank_line_difference_was_decided_by_somebody",
                condition=Q(decision__isnull=True)
                | ~Q(finding__in=FINDING_TO_DECIDE)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="bank_line_counts_an_amount_on_a_day",
                condition=Q(counts=False)
                | Q(counted__isnull=False, counted__gt=0, counted_on__isnull=False,
                    decision__in=[LineDecision.RETURN, LineDecision.REFERRAL]),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["counts", "counted_on"], name="bank_line_by_day")]

    def __str__(self):
        return self.receipt or f"{self.referral_id}"

    @property
    def finding_tone(self):
        """The badge's tone for what it is against the referrals."""
        return FINDING_TONES[self.finding]

    @property
    def choices(self):
        """The decisions that this line allows."""
        return [(each.value, each.label) for each in DECISIONS.get(self.finding, [])]

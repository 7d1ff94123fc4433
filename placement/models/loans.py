"""Loan referrals (`domain.md` B.8): a person's wish to one bank, and what the bank answers."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Consent
from placement.enums.loans import (
    LOAN_OPEN,
    LOAN_PAID,
    LOAN_SEEN_BY_BANK,
    LOAN_TONES,
    LOAN_TRANSITIONS,
    LOAN_WITH_BANK,
    AnsweredBy,
    AnswerKind,
    Borrower,
    LoanProduct,
    LoanState,
)
from services.models import Partner, Person, Station
from services.models.person import follow_merged
from services.perms import scope_of
from veterans_portal.errors import DomainError

YUAN: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}
RATE: dict[str, Any] = {"max_digits": 6, "decimal_places": 4}
MOST_YUAN, MOST_RATE, MOST_MONTHS = 100_000_000, 24, 360
_PAID_FACTS = ("amount", "rate", "term_months", "granted_on")


class LoanTermsQuerySet(models.QuerySet):
    def on(self, day):
        """The terms in force on a day; raises DomainError when none were entered for it."""
        found = self.filter(effective_from__lte=day).order_by("-effective_from").first()
        if found is None:
            raise DomainError(
                "创业贷的办理时限还没有填写，暂时不能提交。请拨打12345告诉我们。", code="no_terms"
            )
        return found


class LoanTerms(models.Model):
    """Within how many working days each step is done, from a day on; `green_…` in the green channel.

    Dictionary data: never changed, followed by newer ones.
    """

    effective_from = models.DateField("施行日期", unique=True)
    verify_workdays = models.PositiveSmallIntegerField("站点核验")
    contact_workdays = models.PositiveSmallIntegerField("银行联系")
    decide_workdays = models.PositiveSmallIntegerField("银行审批")
    green_verify_workdays = models.PositiveSmallIntegerField("站点核验（绿色通道）")
    green_contact_workdays = models.PositiveSmallIntegerField("银行联系（绿色通道）")
    green_decide_workdays = models.PositiveSmallIntegerField("银行审批（绿色通道）")
    basis = models.CharField("依据", max_length=200)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField("填写时间", default=timezone.now)

    objects = LoanTermsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "贷款办理时限"
        ordering = ["-effective_from"]
        constraints = [
            models.CheckConstraint(
                name="loan_terms_green_is_never_slower",
                condition=Q(green_verify_workdays__gte=1, green_contact_workdays__gte=1,
                            green_decide_workdays__gte=1,
                            green_verify_workdays__lte=F("verify_workdays"),
                            green_contact_workdays__lte=F("contact_workdays"),
                            green_decide_workdays__lte=F("decide_workdays")),
                violation_error_message="期限至少为1个工作日，绿色通道不应比一般的慢。",
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Protect(
                name="loan_terms_are_kept", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self):
        return f"{self.effective_from:%Y-%m-%d}起的贷款办理时限"


class LoanReferralQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see those of their stations; a citizen their own."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            return self.filter(person__account=user)
        return scope_of(user).filter(self, "station__path")

    def of_bank(self, bank):
        """Those that were pushed to a bank: all that its room and its system ever see."""
        return self.filter(bank=bank, state__in=LOAN_SEEN_BY_BANK, pushed_at__isnull=False)

    def with_all(self):
        """With what pages say of them."""
        return self.select_related("person__account", "bank__station", "station", "consent")

    def open(self):
        return self.filter(state__in=LOAN_OPEN)


class LoanReferral(models.Model):
    """A person's wish for a loan from one bank. Amounts are yuan; the bank writes what was granted.

    `consent` (or `written_consent`, on paper at the station) names the bank and covers the name,
    the phone and what is wanted (L6 §23); without it in force the bank sees no person. `due_on` is
    until when the present step is to be done.
    """

    number = models.CharField("推荐编号", max_length=20, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="loans")
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="loans", verbose_name="核验站点"
    )
    bank = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="loans", verbose_name="意向银行"
    )
    product = models.CharField("贷款产品", max_length=12, choices=LoanProduct)
    borrower = models.CharField("申请类型", max_length=12, choices=Borrower)
    business = models.CharField("经营项目", max_length=60)
    purpose = models.CharField("贷款用途", max_length=200)
    wanted = models.DecimalField("想贷多少（元）", **YUAN)
    wanted_months = models.PositiveSmallIntegerField("想贷多久（月）")
    state = models.CharField("状态", max_length=12, choices=LoanState, default=LoanState.DRAFT)
    consent = models.ForeignKey(
        Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    written_consent = models.CharField("书面同意书", max_length=60, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client_key = models.CharField(max_length=64)
    created_at = models.DateTimeField("填写时间", default=timezone.now)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    verified_at = models.DateTimeField("核验时间", null=True, blank=True)
    pushed_at = models.DateTimeField("推送时间", null=True, blank=True)
    green_channel = models.BooleanField("绿色通道", default=False)
    green_reason = models.CharField("绿色通道的原因", max_length=100, blank=True)
    due_on = models.DateField("这一步应在", null=True, blank=True)
    amount = models.DecimalField("放款金额（元）", null=True, blank=True, **YUAN)
    rate = models.DecimalField("年利率（%）", null=True, blank=True, **RATE)
    term_months = models.PositiveSmallIntegerField("期限（月）", null=True, blank=True)
    granted_on = models.DateField("放款日期", null=True, blank=True, db_index=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    reason = models.CharField("原因", max_length=200, blank=True)

    objects = LoanReferralQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "贷款推荐"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["by", "client_key"], name="loan_once_per_key"),
            models.UniqueConstraint(
                fields=["person", "product"],
                condition=Q(state__in=LOAN_OPEN),
                name="loan_one_open_per_product",
                violation_error_message="这种贷款已经有一份在办，每次只能选一家银行。",
            ),
            models.CheckConstraint(
                name="loan_wanted_in_range",
                condition=Q(
                    wanted__gt=0, wanted__lte=MOST_YUAN,
                    wanted_months__gte=1, wanted_months__lte=MOST_MONTHS,
                ),
                violation_error_message="想贷的金额应大于0、不超过1亿元，期限为1至360个月。",
            ),
            models.CheckConstraint(
                name="loan_paid_has_amount_rate_term_day",
                condition=Q(
                    state__in=LOAN_PAID, amount__isnull=False, rate__isnull=False,
                    term_months__isnull=False, granted_on__isnull=False,
                )
                | (
                    ~Q(state__in=LOAN_PAID)
                    & Q(**{f"{name}__isnull": True for name in _PAID_FACTS})
                ),
            ),
            models.CheckConstraint(
                name="loan_granted_in_range",
                condition=Q(amount__isnull=True)
                | Q(
                    amount__gt=0, amount__lte=MOST_YUAN, rate__gte=0, rate__lte=MOST_RATE,
                    term_months__gte=1, term_months__lte=MOST_MONTHS,
                ),
                violation_error_message="放款金额应大于0、不超过1亿元，年利率0至24，期限1至360个月。",
            ),
            models.CheckConstraint(
                name="loan_submitted_with_a_consent",
                condition=Q(submitted_at__isnull=True)
                | Q(consent__isnull=False)
                | ~Q(written_consent=""),
            ),
            models.CheckConstraint(
                name="loan_with_a_bank_was_verified",
                condition=Q(pushed_at__isnull=True, state__in=[
                    LoanState.DRAFT, LoanState.SUBMITTED, LoanState.UNVERIFIED, LoanState.WITHDRAWN,
                ])
                | Q(pushed_at__isnull=False, verified_by__isnull=False, verified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="loan_waits_until_a_day",
                condition=Q(state__in=[LoanState.SUBMITTED, *LOAN_WITH_BANK], due_on__isnull=False)
                | (~Q(state__in=[LoanState.SUBMITTED, *LOAN_WITH_BANK]) & Q(due_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="loan_green_says_why",
                condition=Q(green_channel=False, green_reason="")
                | (Q(green_channel=True) & ~Q(green_reason="")),
            ),
            models.CheckConstraint(
                name="loan_not_given_says_why",
                condition=~Q(state__in=[LoanState.UNVERIFIED, LoanState.DECLINED]) | ~Q(reason=""),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["station", "state", "due_on"], name="loan_by_station"),
            models.Index(fields=["bank", "state", "due_on"], name="loan_by_bank"),
        ]
        triggers = [
            follow_merged("loan_follows_a_merged_file"),
            pgtrigger.FSM(
                name="loan_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in LOAN_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("placement:my_loan", args=[self.pk])

    @property
    def tone(self):
        """The badge's tone for its state."""
        return LOAN_TONES[self.state]

    @property
    def is_open(self):
        return self.state in LOAN_OPEN

    @property
    def is_paid(self):
        return self.state in LOAN_PAID

    @property
    def is_with_bank(self):
        return self.state in LOAN_WITH_BANK

    @property
    def shows_person(self):
        """Whether the bank may see who it is now: pushed, not over, and the consent stands."""
        stands = self.consent.withdrawn_at is None if self.consent else bool(self.written_consent)
        return stands and self.state in [*LOAN_WITH_BANK, *LOAN_PAID]


class LoanAnswer(models.Model):
    """What the bank wrote, once and for all; `client_key` makes one sent twice one answer."""

    referral = models.ForeignKey(LoanReferral, on_delete=models.PROTECT, related_name="answers")
    bank = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("答复", max_length=12, choices=AnswerKind)
    on = models.DateField("日期")
    note = models.CharField("说明", max_length=200, blank=True)
    amount = models.DecimalField("放款金额（元）", null=True, blank=True, **YUAN)
    rate = models.DecimalField("年利率（%）", null=True, blank=True, **RATE)
    term_months = models.PositiveSmallIntegerField("期限（月）", null=True, blank=True)
    via = models.CharField("途径", max_length=10, choices=AnsweredBy)
    client_key = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("记录时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "银行答复"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["bank", "client_key"], name="loan_answer_once_per_key"),
            models.UniqueConstraint(
                fields=["referral", "kind"],
                condition=~Q(kind__in=[AnswerKind.AFTERCARE, AnswerKind.CORRECTED]),
                name="loan_answer_once_per_kind",
                violation_error_message="这一步已经登记过。",
            ),
            models.CheckConstraint(
                name="loan_answer_of_money_is_whole",
                condition=Q(
                    kind__in=[AnswerKind.GRANTED, AnswerKind.CORRECTED], amount__isnull=False, amount__gt=0,
                    rate__isnull=False, term_months__isnull=False,
                )
                | (
                    ~Q(kind__in=[AnswerKind.GRANTED, AnswerKind.CORRECTED])
                    & Q(amount__isnull=True, rate__isnull=True, term_months__isnull=True)
                ),
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Protect(
                name="loan_answers_are_kept", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self):
        return f"{self.referral_id} {self.get_kind_display()}"

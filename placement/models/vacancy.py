"""Vacancies, searchable in Chinese, by the pinyin of the employer, and by what people ask for."""

import re
import unicodedata
from functools import reduce
from operator import or_

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.urls import reverse
from django.utils import timezone

from placement.enums.fairs import (
    DIRECTED,
    VACANCY_TONES,
    VACANCY_TRANSITIONS,
    Education,
    JobField,
    PostKind,
    VacancyState,
)
from services.enums import PartnerState
from services.models import Division, Partner, Station
from services.models.person import Bigrams
from services.perms import scope_of
from veterans_portal import pinyin

WORDS = 5  # of a search are looked for
READING = re.compile(r"[a-z][a-z0-9']*", re.ASCII)


class VacancyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Vacancies of the stations in the staff member's scope."""
        return scope_of(user).filter(self, "station__path")

    def public(self):
        """Those everybody may read: once checked, also after they were closed."""
        return self.filter(state__in=[VacancyState.OPEN, VacancyState.CLOSED])

    def open(self, on=None):
        """Those one may go for on a day (default today)."""
        on = on or timezone.localdate()
        works = Q(partner__isnull=True) | Q(partner__state=PartnerState.APPROVED)
        return self.filter(works, state=VacancyState.OPEN, open_until__gte=on)

    def with_all(self):
        """With what pages say of them."""
        return self.select_related("division", "station", "partner", "recruitment")

    def matching(self, text):
        """Those that every word of `text` fits: Chinese anywhere in the text, letters also as the
        pinyin or the initials of the employer's name."""
        found = self
        for word in understood(text):
            fits = [_holds("search_text", word)]
            if READING.fullmatch(word):
                letters = word.replace("'", "")
                fits += [
                    _holds("employer_pinyin", letters),
                    _holds("employer_initials", letters),
                ]
            found = found.alias(
                pieces=Bigrams("search_text"),
                read=Bigrams("employer_pinyin"),
                first=Bigrams("employer_initials"),
            ).filter(reduce(or_, fits))
        return found


PIECES = {"search_text": "pieces", "employer_pinyin": "read", "employer_initials": "first"}


def _holds(field, word):
    """By the index of two-character pieces, then exactly; a single character by itself."""
    exact = Q(**{f"{field}__contains": word})
    if len(word) < 2:
        return exact
    return Q(**{f"{PIECES[field]}__contains": Bigrams(Value(word))}) & exact


def understood(text):
    """The words of a search, in the form that `search_text` is kept in."""
    plain = unicodedata.normalize("NFKC", text or "").replace("\x00", "").lower()
    return plain.split()[:WORDS]


class Vacancy(models.Model):
    """Posts that a partner offers, or that a directed recruitment reserves. Pay in yuan a month.

    `employer_name` is what the notice says, also after the partner was renamed.
    """

    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="vacancies"
    )
    recruitment = models.ForeignKey(
        "placement.DirectedRecruitment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
    )
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="vacancies", verbose_name="对接中心"
    )
    employer_name = models.CharField("用人单位", max_length=80)
    employer_pinyin = models.CharField(max_length=200, editable=False, db_collation="C")
    employer_initials = models.CharField(max_length=80, editable=False, db_collation="C")
    kind = models.CharField("类别", max_length=20, choices=PostKind, default=PostKind.ORDINARY)
    title = models.CharField("岗位名称", max_length=60)
    field = models.CharField("行业", max_length=20, choices=JobField)
    headcount = models.PositiveIntegerField("招聘人数")
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="+", verbose_name="工作地"
    )
    address = models.CharField("工作地址", max_length=120, blank=True)
    pay_from = models.DecimalField(
        "月薪从（元）", max_digits=14, decimal_places=2, null=True, blank=True
    )
    pay_to = models.DecimalField(
        "月薪到（元）", max_digits=14, decimal_places=2, null=True, blank=True
    )
    education = models.PositiveSmallIntegerField(
        "学历要求", choices=Education, default=Education.ANY
    )
    age_to = models.PositiveSmallIntegerField("年龄不超过", null=True, blank=True)
    requirements = models.TextField("其他要求", max_length=500, blank=True)
    duties = models.TextField("工作内容", max_length=1000, blank=True)
    veterans_only = models.BooleanField("只招退役军人", default=False)
    open_until = models.DateField("招聘截止")
    state = models.CharField(
        "状态", max_length=10, choices=VacancyState, default=VacancyState.SUBMITTED
    )
    search_text = models.TextField(editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField("提交时间", default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("核对时间", null=True, blank=True)
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    reason = models.CharField("原因", max_length=100, blank=True)

    objects = VacancyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "招聘岗位"
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="vacancy_is_a_partners_or_a_recruitments",
                condition=Q(partner__isnull=False, recruitment__isnull=True, kind=PostKind.ORDINARY)
                | Q(
                    partner__isnull=True,
                    recruitment__isnull=False,
                    kind__in=DIRECTED,
                    veterans_only=True,
                ),
            ),
            models.CheckConstraint(
                name="vacancy_headcount_from_one_up",
                condition=Q(headcount__range=(1, 9999)),
                violation_error_message="招聘人数为1至9999人。",
            ),
            models.CheckConstraint(
                name="vacancy_pay_in_order",
                condition=(Q(pay_from__isnull=True) | Q(pay_from__gt=0))
                & (Q(pay_to__isnull=True) | Q(pay_from__isnull=False, pay_to__gte=F("pay_from"))),
                violation_error_message="最高月薪不应低于最低月薪，月薪应大于0。",
            ),
            models.CheckConstraint(
                name="vacancy_age_is_of_working_people",
                condition=Q(age_to__isnull=True) | Q(age_to__range=(18, 70)),
                violation_error_message="年龄上限为18至70岁。",
            ),
            models.CheckConstraint(
                name="vacancy_decided_has_who_and_when",
                condition=~Q(state__in=[VacancyState.OPEN, VacancyState.REFUSED])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="vacancy_refused_says_why",
                condition=~Q(state=VacancyState.REFUSED) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="vacancy_closed_has_its_time",
                condition=Q(state=VacancyState.CLOSED, closed_at__isnull=False)
                | (~Q(state=VacancyState.CLOSED) & Q(closed_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "open_until"], name="vacancy_open"),
            GinIndex(Bigrams("search_text"), name="vacancy_text_bigrams"),
            GinIndex(Bigrams("employer_pinyin"), name="vacancy_pinyin_bigrams"),
            GinIndex(Bigrams("employer_initials"), name="vacancy_initials_bigrams"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="vacancy_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in VACANCY_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.set_search_keys()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("placement:job", args=[self.pk])

    def set_search_keys(self):
        """Derive what is searched (bulk writers call this themselves)."""
        self.employer_pinyin = pinyin.full(self.employer_name, person=False)
        self.employer_initials = pinyin.initials(self.employer_name, person=False)
        said = (
            self.title, self.employer_name, self.get_field_display(), self.get_kind_display(),
            self.division.name, self.address, self.requirements, self.duties,
        )  # fmt: skip
        self.search_text = unicodedata.normalize("NFKC", " ".join(said)).lower()

    @property
    def tone(self):
        """The badge's tone for its state."""
        return VACANCY_TONES[self.state]

    @property
    def is_directed(self):
        return self.recruitment_id is not None

    @property
    def pay_words(self):
        """5000—8000元/月; 面议 when nothing is said."""
        if self.pay_from is None:
            return "面议"
        low, high = f"{self.pay_from:.0f}", f"{self.pay_to:.0f}" if self.pay_to else ""
        if not high:
            return f"{low}元/月起"
        return f"{low}元/月" if low == high else f"{low}—{high}元/月"

    def is_open(self, on=None):
        """Whether one may go for it on a day (default today)."""
        works = self.partner is None or self.partner.state == PartnerState.APPROVED
        is_on = (on or timezone.localdate()) <= self.open_until
        return works and is_on and self.state == VacancyState.OPEN

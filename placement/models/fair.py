"""Job fairs (专场招聘会): their sessions and stands are slots of the booking engine."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from placement.enums.fairs import (
    AT_A_STAND,
    FAIR_EMPLOYER_TONES,
    FAIR_EMPLOYER_TRANSITIONS,
    FAIR_TONES,
    FAIR_TRANSITIONS,
    FairEmployerState,
    FairState,
)
from services.models import Booking, Offering, Partner, PartnerMember, Station
from services.perms import scope_of


class JobFairQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Fairs of the stations in the staff member's scope."""
        return scope_of(user).filter(self, "station__path")

    def public(self):
        """Those everybody may read about."""
        return self.exclude(state=FairState.DRAFT)

    def to_come(self, on=None):
        """Open fairs of today and later, soonest first."""
        on = on or timezone.localdate()
        return self.filter(state=FairState.OPEN, held_on__gte=on).order_by("held_on", "pk")


class JobFair(models.Model):
    """A fair for veterans. `visits` are its sessions to come to, `stands` the places of employers."""

    title = models.CharField("名称", max_length=50)
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="fairs", verbose_name="主办站点"
    )
    co_hosts = models.CharField("协办单位", max_length=120, blank=True)
    venue = models.CharField("地点", max_length=120)
    held_on = models.DateField("举办日期", db_index=True)
    apply_by = models.DateField("单位报名截止")
    introduction = models.TextField("说明", max_length=1000, blank=True)
    visits = models.OneToOneField(
        Offering, on_delete=models.PROTECT, related_name="fair", verbose_name="入场场次"
    )
    stands = models.OneToOneField(
        Offering, on_delete=models.PROTECT, related_name="fair_of_stands", verbose_name="展位"
    )
    state = models.CharField("状态", max_length=10, choices=FairState, default=FairState.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField("发布时间", null=True, blank=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    held_at = models.DateTimeField("结束时间", null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True)
    reason = models.CharField("取消原因", max_length=100, blank=True)

    objects = JobFairQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "专场招聘会"
        ordering = ["-held_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="fair_applied_for_before_it_is_held",
                condition=Q(apply_by__lte=F("held_on")),
                violation_error_message="单位报名截止不应晚于举办日期。",
            ),
            models.CheckConstraint(
                name="fair_opened_has_who_and_when",
                condition=~Q(state__in=[FairState.OPEN, FairState.HELD])
                | Q(opened_by__isnull=False, opened_at__isnull=False),
            ),
            models.CheckConstraint(
                name="fair_opened_by_another",
                condition=Q(opened_by__isnull=True) | ~Q(opened_by=F("created_by")),
                violation_error_message="起草和发布不能是同一个人。",
            ),
            models.CheckConstraint(
                name="fair_held_has_who_and_when",
                condition=Q(state=FairState.HELD, held_by__isnull=False, held_at__isnull=False)
                | (~Q(state=FairState.HELD) & Q(held_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="fair_cancelled_says_who_when_why",
                condition=(
                    Q(
                        state=FairState.CANCELLED,
                        cancelled_by__isnull=False,
                        cancelled_at__isnull=False,
                    )
                    & ~Q(reason="")
                )
                | (~Q(state=FairState.CANCELLED) & Q(cancelled_at__isnull=True)),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="fair_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in FAIR_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("placement:fair", args=[self.pk])

    @property
    def tone(self):
        """The badge's tone for its state."""
        return FAIR_TONES[self.state]

    def takes_applications(self, on=None):
        """Whether employers may still ask for a stand on a day (default today)."""
        return self.state == FairState.OPEN and (on or timezone.localdate()) <= self.apply_by


class FairEmployerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see those of their stations' fairs; a citizen those of the partners they act for."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            mine = PartnerMember.objects.in_force().filter(user=user).values("partner")
            return self.filter(partner__in=mine)
        return scope_of(user).filter(self, "fair__station__path")

    def accepted(self):
        """Those that come, by the number of their stand."""
        return self.filter(state=FairEmployerState.ACCEPTED).order_by("stand_number")


class FairEmployer(models.Model):
    """An employer at a fair. Its stand is a booking of the fair's `stands`, held from the application."""

    fair = models.ForeignKey(JobFair, on_delete=models.PROTECT, related_name="employers")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="fairs")
    booking = models.OneToOneField(
        Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="fair_employer"
    )
    stand_number = models.PositiveSmallIntegerField("展位号", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=FairEmployerState, default=FairEmployerState.APPLIED
    )
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    applied_at = models.DateTimeField("报名时间", default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("核对时间", null=True, blank=True)
    reason = models.CharField("原因", max_length=100, blank=True)

    objects = FairEmployerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "参会单位"
        ordering = ["applied_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fair", "partner"],
                name="fair_employer_once",
                violation_error_message="贵单位已报名这场招聘会。",
            ),
            models.UniqueConstraint(
                fields=["fair", "stand_number"],
                condition=Q(stand_number__isnull=False),
                name="fair_stand_given_once",
            ),
            models.CheckConstraint(
                name="fair_employer_holds_a_stand",
                condition=~Q(state__in=AT_A_STAND) | Q(booking__isnull=False),
            ),
            models.CheckConstraint(
                name="fair_employer_accepted_has_its_stand",
                condition=Q(
                    state=FairEmployerState.ACCEPTED,
                    stand_number__isnull=False,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                )
                | (~Q(state=FairEmployerState.ACCEPTED) & Q(stand_number__isnull=True)),
            ),
            models.CheckConstraint(
                name="fair_employer_refused_says_who_and_why",
                condition=~Q(state=FairEmployerState.REFUSED)
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(reason="")),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="fair_employer_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in FAIR_EMPLOYER_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"{self.partner}：{self.fair}"

    @property
    def tone(self):
        """The badge's tone for its state."""
        return FAIR_EMPLOYER_TONES[self.state]


class FairVacancy(models.Model):
    """A vacancy that an employer brings to a fair; `headcount` is what it offered there (A115)."""

    employer = models.ForeignKey(FairEmployer, on_delete=models.CASCADE, related_name="posts")
    vacancy = models.ForeignKey(
        "placement.Vacancy", on_delete=models.PROTECT, related_name="at_fairs"
    )
    headcount = models.PositiveIntegerField("提供岗位数")

    class Meta:
        verbose_name = verbose_name_plural = "参会岗位"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["employer", "vacancy"], name="fair_vacancy_once"),
            models.CheckConstraint(
                name="fair_vacancy_offers_posts", condition=Q(headcount__range=(1, 9999))
            ),
        ]

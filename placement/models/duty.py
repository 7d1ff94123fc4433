"""Who should attend adaptive training (应训尽训, A113): one duty for each return from the army."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from placement.enums.training import (
    DUTY_TONES,
    DUTY_TRANSITIONS,
    DutyState,
    ExemptionReason,
)
from placement.models.training import Enrolment
from services.enums import PlacementWay
from services.models import Person, Station
from services.models.person import follow_merged
from services.perms import scope_of


class TrainingDutyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see those of their stations; a citizen their own."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            return self.filter(person__account=user)
        return scope_of(user).filter(self, "station__path")

    def open(self):
        """Those who still should attend."""
        return self.filter(state__in=[DutyState.DUE, DutyState.ASKED])


class TrainingDuty(models.Model):
    """A person who should attend adaptive training, from the day it arose to `due_on`.

    `station` is the one that sees to it, that of the file. TRAINED names the enrolment that fulfilled
    it; an exemption is asked with its reason and decided by somebody else.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="training_duties")
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="training_duties", db_index=False
    )
    way = models.CharField("安置方式", max_length=20, choices=PlacementWay)
    arose_on = models.DateField("应训起算日期")
    due_on = models.DateField("应训期限")
    state = models.CharField("状态", max_length=10, choices=DutyState, default=DutyState.DUE)
    reason = models.CharField(
        "免训原因", max_length=10, choices=ExemptionReason, null=True, blank=True
    )
    words = models.CharField("说明", max_length=200, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    asked_at = models.DateTimeField("申请免训时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_on = models.DateField("批准免训日期", null=True, blank=True)
    refused_words = models.CharField("不批准的原因", max_length=200, blank=True)
    enrolment = models.OneToOneField(
        Enrolment, on_delete=models.PROTECT, related_name="duty", null=True, blank=True
    )
    trained_on = models.DateField("参训合格日期", null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = TrainingDutyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "应训人员"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "arose_on"], name="training_duty_once"),
            models.CheckConstraint(
                name="training_duty_due_after_it_arose", condition=Q(due_on__gt=F("arose_on"))
            ),
            models.CheckConstraint(
                name="training_duty_trained_says_when_and_where",
                condition=Q(
                    state=DutyState.TRAINED, trained_on__isnull=False, enrolment__isnull=False
                )
                | (
                    ~Q(state=DutyState.TRAINED) & Q(trained_on__isnull=True, enrolment__isnull=True)
                ),
            ),
            models.CheckConstraint(
                name="training_duty_asked_says_why",
                condition=~Q(state__in=[DutyState.ASKED, DutyState.EXEMPT])
                | Q(reason__isnull=False, asked_by__isnull=False, asked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="training_duty_exempt_decided_by_another",
                condition=~Q(state=DutyState.EXEMPT)
                | (
                    Q(decided_by__isnull=False, decided_on__isnull=False)
                    & ~Q(decided_by=F("asked_by"))
                ),
                violation_error_message="申请免训和批准免训不能是同一个人。",
            ),
        ]
        indexes = [
            models.Index(fields=["station", "state", "due_on"], name="training_duty_by_station"),
            models.Index(fields=["arose_on"], name="training_duty_by_start"),
        ]
        triggers = [
            follow_merged("training_duty_follows_a_merged_file"),
            pgtrigger.FSM(
                name="training_duty_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in DUTY_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.get_state_display()}"

    @property
    def tone(self):
        """The badge's tone for its state."""
        return DUTY_TONES[self.state]

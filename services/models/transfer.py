"""A file and its open matters on the way from one station to another."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from services.enums import TRANSFER_TRANSITIONS, TransferConsent, TransferState
from services.models.network import Station
from services.models.person import Person
from services.perms import scope_of


class TransferQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff of either side; the person's own.

        What the receiving side asked for unseen stays out of its sight until the other side has
        answered: else asking would tell whether somebody is on file, and where.
        """
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            return self.filter(person__account=user)
        scope = scope_of(user)
        giving = scope.filter(self, "station__path")
        answered = Q(state__in=[TransferState.ACCEPTED, TransferState.REFUSED])
        known = self.filter(~Q(asked_at_station=F("to_station")) | answered)
        return giving | scope.filter(known, "to_station__path")

    def open(self):
        return self.filter(state=TransferState.ASKED)

    def to_decide(self, **where):
        """Open ones whose deciding station (the side that did not ask) is as `where` says."""
        back = Q(asked_at_station=F("to_station"))
        giving = Q(**{f"station__{name}": value for name, value in where.items()})
        taking = Q(**{f"to_station__{name}": value for name, value in where.items()})
        return self.open().filter((back & giving) | (~back & taking))

    def to_decide_in(self, scope):
        """Open ones whose deciding station lies in the scope."""
        giving = self.filter(asked_at_station=F("to_station"))
        taking = self.exclude(asked_at_station=F("to_station"))
        rows = scope.filter(giving, "station__path") | scope.filter(taking, "to_station__path")
        return rows.open()


class Transfer(models.Model):
    """Asked for by one side with the person's consent, decided by the other.

    `station` keeps the file until `to_station` has accepted it; `asked_at_station` is the side
    that asked, so the other one decides. `due_on` is by when, in working days.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="transfers")
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="transfers_out", verbose_name="转出站点"
    )
    to_station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="transfers_in", verbose_name="转入站点"
    )
    asked_at_station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="+", verbose_name="提出站点"
    )
    reason = models.CharField("原因", max_length=200)
    consent = models.CharField("本人同意方式", max_length=12, choices=TransferConsent)
    consent_on = models.DateField("同意日期", default=timezone.localdate)
    state = models.CharField(
        "状态", max_length=10, choices=TransferState, default=TransferState.ASKED
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="提出人"
    )
    asked_at = models.DateTimeField("提出时间", default=timezone.now)
    due_on = models.DateField("答复期限")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("答复时间", null=True, blank=True)
    answer = models.CharField("答复", max_length=200, blank=True)
    matters_moved = models.PositiveSmallIntegerField("随转办件", default=0)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "档案转站"
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state=TransferState.ASKED),
                name="transfer_one_open_per_person",
                violation_error_message="这份档案已有一份转站申请在办，请等对方答复。",
            ),
            models.CheckConstraint(
                name="transfer_goes_elsewhere",
                condition=~Q(station=F("to_station")),
                violation_error_message="转入站点与转出站点不能相同。",
            ),
            models.CheckConstraint(
                name="transfer_decided_has_who_and_when",
                condition=Q(
                    state=TransferState.ASKED, decided_at__isnull=True, decided_by__isnull=True
                )
                | (
                    ~Q(state=TransferState.ASKED)
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="transfer_refused_says_why",
                condition=~Q(state=TransferState.REFUSED) | ~Q(answer=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["to_station", "due_on"],
                condition=Q(state=TransferState.ASKED),
                name="transfer_to_answer",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="transfer_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in TRANSFER_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"{self.person}：{self.station}→{self.to_station}"

    def get_absolute_url(self):
        return reverse("services:desk_transfer", args=[self.pk])

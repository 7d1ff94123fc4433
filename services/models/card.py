"""The preferential card (优待证) as the portal follows it: guided and tracked, never issued here."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from services.enums import CARD_ENDED, CARD_TRANSITIONS, CardKind, CardState
from services.models.matter import Matter
from services.models.network import Station
from services.models.person import Person
from services.perms import scope_of
from veterans_portal.fields import PrivateFileField


class CardQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see the cards of their stations; a citizen their own."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            return self.filter(person__account=user)
        return scope_of(user).filter(self, "station__path")

    def current(self):
        """Cards and applications that have not come to their end."""
        return self.exclude(state__in=CARD_ENDED)


class Card(models.Model):
    """A card or the application for it (`domain.md` B.4). Of those that have not ended a person has
    one at most, even with two kinds of right: they choose.

    `photo` names the private file with the checked photo. `temp_lost_until` is when a temporary
    loss report ends by itself (5 to 15 days).
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cards")
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="cards", verbose_name="受理站点"
    )
    matter = models.OneToOneField(
        Matter, on_delete=models.PROTECT, related_name="card", verbose_name="申请办件"
    )
    kind = models.CharField("卡种", max_length=10, choices=CardKind)
    state = models.CharField("状态", max_length=14, choices=CardState, default=CardState.SUBMITTED)
    photo = PrivateFileField(blank=True)
    home_visit = models.BooleanField("上门办理", default=False)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    issued_on = models.DateField("发放日期", null=True, blank=True)
    temp_lost_until = models.DateTimeField("临时挂失至", null=True, blank=True)
    created_at = models.DateTimeField("申请时间", default=timezone.now)

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "优待证"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=~Q(state__in=[*CARD_ENDED, CardState.LOST]),
                name="card_one_at_a_time_per_person",
                violation_error_message="此人已有一张优待证或一份在办的申请。",
            ),
            models.CheckConstraint(
                name="card_issued_has_its_day",
                condition=~Q(state__in=[CardState.ISSUED, CardState.TEMP_LOST, CardState.LOST])
                | Q(issued_on__isnull=False),
            ),
            models.CheckConstraint(
                name="card_temporary_loss_has_its_end",
                condition=Q(state=CardState.TEMP_LOST, temp_lost_until__isnull=False)
                | (~Q(state=CardState.TEMP_LOST) & Q(temp_lost_until__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["station", "issued_on"], name="card_by_station"),
            models.Index(
                fields=["temp_lost_until"],
                condition=Q(state=CardState.TEMP_LOST),
                name="card_temporarily_lost",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="card_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in CARD_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}（{self.get_state_display()}）"


class CardStep(models.Model):
    """When a card came to a state, by whom it was noted, and a word on it; kept for good."""

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField("状态", max_length=14, choices=CardState)
    at = models.DateTimeField("时间", default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "优待证进度"
        ordering = ["at", "pk"]
        triggers = [
            pgtrigger.Protect(
                name="card_step_is_kept", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

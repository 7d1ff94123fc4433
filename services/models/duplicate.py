"""Two files that may be one person: found, compared, merged, and unmerged within a week."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from services.enums import DUPLICATE_TRANSITIONS, DuplicateSign, DuplicateState
from services.models.person import Person
from services.perms import scope_of
from veterans_portal.fields import EncryptedTextField


class DuplicateQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Pairs of which at least one file lies in the staff member's scope."""
        scope = scope_of(user)
        first = scope.filter(self, "first__station__path")
        return first | scope.filter(self, "second__station__path")

    def to_check(self):
        return self.filter(state__in=[DuplicateState.FOUND, DuplicateState.PROPOSED])


class Duplicate(models.Model):
    """A pair of files, the one with the smaller id first.

    `survivor` is the file that stays. `moved` is encrypted JSON: the rows and the facts that the
    merge changed, so that undoing puts back exactly those.
    """

    first = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="duplicates_first")
    second = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="duplicates_second")
    signs = ArrayField(models.CharField(max_length=20, choices=DuplicateSign))
    state = models.CharField(
        "状态", max_length=10, choices=DuplicateState, default=DuplicateState.FOUND
    )
    found_at = models.DateTimeField("发现时间", default=timezone.now)
    survivor = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # facts that the file which stays takes from the one that goes
    keep = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    reason = models.CharField("说明", max_length=200, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField("提出时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    merged_at = models.DateTimeField("合并时间", null=True, blank=True)
    undo_until = models.DateTimeField("可撤销至", null=True, blank=True)
    moved = EncryptedTextField(blank=True, default="")
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    objects = DuplicateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "疑似重复档案"
        ordering = ["-found_at"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(
                name="duplicate_pair_in_order", condition=Q(first__lt=F("second"))
            ),
            models.CheckConstraint(
                name="duplicate_survivor_is_one_of_the_pair",
                condition=Q(survivor__isnull=True)
                | Q(survivor=F("first"))
                | Q(survivor=F("second")),
            ),
            models.CheckConstraint(
                name="duplicate_proposed_says_who_and_which_stays",
                condition=~Q(state=DuplicateState.PROPOSED)
                | (Q(proposed_by__isnull=False, survivor__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="duplicate_merged_can_be_undone_until",
                condition=~Q(state=DuplicateState.MERGED)
                | Q(
                    merged_by__isnull=False,
                    merged_at__isnull=False,
                    undo_until__isnull=False,
                    survivor__isnull=False,
                ),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="duplicate_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in DUPLICATE_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"{self.first}与{self.second}"

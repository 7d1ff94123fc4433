"""The frozen order of a session, written authorities, and the undoing of a choice."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from placement.enums.selection import (
    BY_PROXY,
    TURN_TONES,
    TURN_TRANSITIONS,
    UNDO_TRANSITIONS,
    ChosenHow,
    TurnState,
    UndoState,
)
from placement.models.cases import PlacementCase
from placement.models.schemes import ScoringScheme
from placement.models.selection import SelectionPost, SelectionSession
from placement.models.sheets import ScoreSheet
from services.enums import ProxyProof
from services.models import Document, Proxy
from veterans_portal.fields import PrivateFileField

# What counts as a written authority to choose for somebody (`domain.md` B.5, conduct rules).
WRITTEN = [ProxyProof.LETTER, ProxyProof.GUARDIANSHIP]


class SelectionTurnQuerySet(models.QuerySet):
    def of_user(self, user):
        """Turns of the citizen, and of those for whom they hold a written authority today."""
        written = Proxy.objects.in_force().filter(agent=user, proof__in=WRITTEN)
        return self.filter(
            Q(case__person__account=user) | Q(case__person__in=written.values("person"))
        )

    def standing(self):
        """Choices that count."""
        return self.filter(state=TurnState.CHOSEN, annulled_at__isnull=True)

    def with_all(self):
        """With what acts, pages and messages read."""
        return self.select_related(
            "session__station", "case__person__account", "case__station", "post"
        )


class SelectionTurn(models.Model):
    """One place in the frozen order. What is public of it: position, masked name, total, rank, lot.

    `lot` decides between equal ranks: the first digits of a digest of the file's number, so nobody
    draws it. The tie keys stay inside: one of them may be a disability.
    """

    session = models.ForeignKey(SelectionSession, on_delete=models.CASCADE, related_name="turns")
    case = models.ForeignKey(
        PlacementCase, on_delete=models.PROTECT, related_name="selection_turns"
    )
    sheet = models.ForeignKey(ScoreSheet, on_delete=models.PROTECT, related_name="+")
    scheme = models.ForeignKey(ScoringScheme, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField("顺序")
    name = models.CharField("姓名", max_length=50)
    total = models.DecimalField("总分", max_digits=7, decimal_places=2)
    places_first = models.BooleanField("排在最前", default=False)
    tie_points = ArrayField(models.DecimalField(max_digits=7, decimal_places=2), default=list)
    rank = models.PositiveIntegerField("名次")
    lot = models.CharField("同名次次序", max_length=16)
    state = models.CharField("状态", max_length=10, choices=TurnState, default=TurnState.WAITING)
    calls = models.PositiveSmallIntegerField("叫过几次", default=0)
    called_at = models.DateTimeField("叫到时间", null=True, blank=True)
    ended_at = models.DateTimeField("完成时间", null=True, blank=True)
    post = models.ForeignKey(
        SelectionPost, on_delete=models.PROTECT, null=True, blank=True, related_name="turns"
    )
    how = models.CharField("方式", max_length=6, choices=ChosenHow, null=True, blank=True)
    proxy = models.ForeignKey(
        Proxy, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    authority = models.ForeignKey(
        "placement.SelectionAuthority",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    confirmation = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    # the result did not stand: the record stays, the choice counts no more
    annulled_at = models.DateTimeField("不作数时间", null=True, blank=True)
    annulled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    annulled_reason = models.CharField("不作数原因", max_length=200, blank=True)

    objects = SelectionTurnQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "选岗顺序"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "position"], name="selection_turn_position_once"
            ),
            models.UniqueConstraint(fields=["session", "case"], name="selection_turn_once"),
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(state=TurnState.CALLED),
                name="selection_turn_one_is_called",
            ),
            models.CheckConstraint(
                name="selection_turn_ranks_from_one", condition=Q(position__gte=1, rank__gte=1)
            ),
            models.CheckConstraint(
                name="selection_turn_chosen_has_its_post",
                condition=Q(
                    state=TurnState.CHOSEN,
                    post__isnull=False,
                    how__isnull=False,
                    ended_at__isnull=False,
                )
                | (~Q(state=TurnState.CHOSEN) & Q(post__isnull=True, how__isnull=True)),
            ),
            models.CheckConstraint(
                name="selection_turn_by_proxy_has_a_written_authority",
                condition=Q(how__isnull=True, proxy__isnull=True, authority__isnull=True)
                | Q(how__in=BY_PROXY, proxy__isnull=False, authority__isnull=True)
                | Q(how=ChosenHow.PROXY, proxy__isnull=True, authority__isnull=False)
                | Q(
                    how__in=[ChosenHow.PHONE, ChosenHow.DESK],
                    proxy__isnull=True,
                    authority__isnull=True,
                ),
                violation_error_message="受托人选岗要有书面委托。",
            ),
            models.CheckConstraint(
                name="selection_turn_annulled_says_by_whom_and_why",
                condition=Q(annulled_at__isnull=True, annulled_by__isnull=True, annulled_reason="")
                | (
                    Q(
                        state=TurnState.CHOSEN,
                        annulled_at__isnull=False,
                        annulled_by__isnull=False,
                    )
                    & ~Q(annulled_reason="")
                ),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="selection_turn_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in TURN_TRANSITIONS],
            ),
            pgtrigger.ReadOnly(
                name="selection_turn_is_frozen",
                fields=[
                    "session", "case", "sheet", "scheme", "position", "name", "total",
                    "places_first", "tie_points", "rank", "lot",
                ],
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"第{self.position}位 {self.name}"

    @property
    def tone(self):
        """The badge's tone for its state."""
        return TURN_TONES[self.state]


class SelectionAuthority(models.Model):
    """A written authority brought to the session: who may choose for whom, with its scan."""

    turn = models.ForeignKey(SelectionTurn, on_delete=models.CASCADE, related_name="authorities")
    agent_name = models.CharField("受托人姓名", max_length=50)
    content_type = models.CharField("类型", max_length=40)
    size = models.PositiveIntegerField("大小")
    digest = models.CharField("摘要", max_length=64)
    stored_as = PrivateFileField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("登记时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "选岗委托书"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["turn", "digest"], name="selection_authority_once"),
            models.CheckConstraint(
                name="selection_authority_names_its_agent", condition=~Q(agent_name="")
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="selection_authority_is_kept", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self):
        return f"{self.agent_name}的委托书"


class SelectionUndo(models.Model):
    """A choice taken back: proposed by one officer, confirmed by another, with a reason."""

    turn = models.ForeignKey(SelectionTurn, on_delete=models.CASCADE, related_name="undos")
    post = models.ForeignKey(SelectionPost, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("撤销原因", max_length=200)
    state = models.CharField("状态", max_length=10, choices=UndoState, default=UndoState.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="提议人"
    )
    proposed_at = models.DateTimeField("提议时间", default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("确认时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "撤销选岗"
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["turn"],
                condition=Q(state=UndoState.PROPOSED),
                name="selection_undo_proposed_once",
                violation_error_message="这一次选择的撤销已经有人提议，等另一人确认。",
            ),
            models.CheckConstraint(
                name="selection_undo_is_decided_by_another_officer",
                condition=Q(
                    state=UndoState.PROPOSED, decided_by__isnull=True, decided_at__isnull=True
                )
                | (
                    ~Q(state=UndoState.PROPOSED)
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                ),
                violation_error_message="提议人和确认人不能是同一个人。",
            ),
            models.CheckConstraint(name="selection_undo_says_why", condition=~Q(reason="")),
        ]
        triggers = [
            pgtrigger.FSM(
                name="selection_undo_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in UNDO_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"撤销{self.turn}"

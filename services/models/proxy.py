"""Who may act for whom: relatives of the old, guardians, those with a letter."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from services.enums import PROXY_TRANSITIONS, ProxyProof, ProxyState, Relation
from services.models.person import ENDED, Person
from services.perms import scope_of
from veterans_portal.fields import BlindIndexField, EncryptedTextField, PrivateFileField


def entered_by(user):
    """What a citizen entered, as a Q for models with `by` and `proxy`: for themselves, or for somebody
    for whom they may act today. When that ends it is the person's alone."""
    mine = Proxy.objects.in_force().filter(agent=user).values("pk")
    return Q(by=user) & (Q(proxy=None) | Q(proxy__in=mine))


class ProxyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see those of their stations' people; a citizen those they act in or are acted for."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            return self.filter(Q(agent=user) | Q(person__account=user))
        return scope_of(user).filter(self, "person__station__path")

    def in_force(self, on=None):
        """Confirmed ones whose period holds on a day (default today)."""
        on = on or timezone.localdate()
        return self.filter(state=ProxyState.ACTIVE, starts_on__lte=on, ends_on__gte=on)

    def acting(self, user, person):
        """The one in force by which `user` acts for `person`, or None."""
        if person.state in ENDED:
            return None
        return self.in_force().filter(agent=user, person=person).first()


class Proxy(models.Model):
    """Somebody acts for a person, with a relation, a proof and a period.

    The agent has an account (`agent`) to act online; at a counter a name and a phone are enough.
    `proof_file` names the private file with the proof, if one was given.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="proxies")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proxies",
        verbose_name="代办人账号",
    )
    agent_name = models.CharField("代办人姓名", max_length=50)
    agent_phone = EncryptedTextField("代办人手机号", null=True, blank=True)
    agent_phone_index = BlindIndexField(source="agent_phone", kind="phone", null=True)
    relation = models.CharField("关系", max_length=20, choices=Relation)
    proof = models.CharField("证明", max_length=20, choices=ProxyProof)
    proof_file = PrivateFileField(blank=True)
    proof_note = models.CharField("证明说明", max_length=120, blank=True)
    starts_on = models.DateField("起始日期", default=timezone.localdate)
    ends_on = models.DateField("截止日期")
    state = models.CharField("状态", max_length=10, choices=ProxyState, default=ProxyState.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="提出人"
    )
    asked_at = models.DateTimeField("提出时间", default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("核对时间", null=True, blank=True)
    reason = models.CharField("原因", max_length=200, blank=True)
    ended_at = models.DateTimeField("解除时间", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ProxyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "代办关系"
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "agent"],
                condition=Q(state__in=[ProxyState.ASKED, ProxyState.ACTIVE]),
                name="proxy_one_open_per_agent",
                violation_error_message="这位代办人已有一份代办关系或申请。",
            ),
            models.CheckConstraint(
                name="proxy_period_in_order",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="截止日期不应早于起始日期。",
            ),
            models.CheckConstraint(
                name="proxy_decided_has_who_and_when",
                condition=~Q(state__in=[ProxyState.ACTIVE, ProxyState.REFUSED])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="proxy_refused_says_why",
                condition=~Q(state=ProxyState.REFUSED) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="proxy_ended_has_its_time",
                condition=Q(state=ProxyState.ENDED, ended_at__isnull=False)
                | (~Q(state=ProxyState.ENDED) & Q(ended_at__isnull=True)),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="proxy_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in PROXY_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"{self.agent_name}代{self.person}办事"

    def is_in_force(self, on=None):
        """Whether it is confirmed and its period holds on a day (default today)."""
        on = on or timezone.localdate()
        return self.state == ProxyState.ACTIVE and self.starts_on <= on <= self.ends_on

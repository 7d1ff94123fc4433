"""What waits for a decision about a file: self-registrations, and corrections of what is filed."""

import json

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from services.enums import ChangeState, IdentityCategory, RequestState
from services.models.network import Division, Station
from services.models.person import Person
from services.perms import scope_of
from veterans_portal.fields import BlindIndexField, EncryptedTextField


class RegistrationRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Requests at the stations in the staff member's scope."""
        return scope_of(user).filter(self, "station__path")

    def open(self):
        return self.filter(state=RequestState.OPEN)


class RegistrationRequest(models.Model):
    """Self-registration: what a citizen declared, waiting for a clerk of their station."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="registration_requests"
    )
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="registration_requests"
    )
    name = models.CharField("姓名", max_length=50)
    id_number = EncryptedTextField("身份证号")
    id_index = BlindIndexField(source="id_number", kind="id", db_index=True)
    phone = EncryptedTextField("手机号")
    phone_index = BlindIndexField(source="phone", kind="phone", db_index=True)
    address = EncryptedTextField("居住地址", blank=True, default="")
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    categories = ArrayField(
        models.CharField(max_length=30, choices=IdentityCategory), verbose_name="身份类别"
    )
    enlisted_on = models.DateField("入伍时间", null=True, blank=True)
    discharged_on = models.DateField("退役时间", null=True, blank=True)
    note = models.CharField("补充说明", max_length=300, blank=True)
    state = models.CharField("状态", max_length=10, choices=RequestState, default=RequestState.OPEN)
    created_at = models.DateTimeField("提交时间", default=timezone.now)
    due_on = models.DateField("办理期限", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)
    reason = models.CharField("原因", max_length=300, blank=True)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="requests"
    )

    objects = RegistrationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "登记申请"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state=RequestState.OPEN),
                name="registration_request_one_open_per_account",
                violation_error_message="您已有一份登记申请正在核对，请等候站点联系。",
            ),
            models.CheckConstraint(
                name="registration_request_decided_has_time",
                condition=Q(state=RequestState.OPEN, decided_at__isnull=True)
                | (~Q(state=RequestState.OPEN) & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="registration_request_confirmed_has_person",
                condition=~Q(state=RequestState.CONFIRMED)
                | Q(person__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="registration_request_returned_says_why",
                condition=~Q(state=RequestState.RETURNED)
                | (Q(decided_by__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="registration_request_names_an_identity",
                condition=Q(categories__len__gte=1),
            ),
        ]
        indexes = [
            models.Index(
                fields=["station", "created_at"],
                condition=Q(state=RequestState.OPEN),
                name="registration_request_open",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="request_state_moves_legally",
                field="state",
                transitions=[
                    (str(RequestState.OPEN), str(RequestState.CONFIRMED)),
                    (str(RequestState.OPEN), str(RequestState.RETURNED)),
                    (str(RequestState.OPEN), str(RequestState.WITHDRAWN)),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.name}的登记申请"

    @property
    def tone(self):
        """Tone of the state's badge."""
        tones = {RequestState.OPEN: "note", RequestState.CONFIRMED: "done"}
        return tones.get(self.state, "warning" if self.state == RequestState.RETURNED else "quiet")


class ChangeRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Corrections of files in the staff member's scope."""
        return scope_of(user).filter(self, "person__station__path")

    def open(self):
        return self.filter(state=ChangeState.OPEN)


class ChangeRequest(models.Model):
    """A correction of a file in force, asked for by the person or a clerk, decided by another.

    `wanted` is an encrypted JSON object of Person fields and their new values (dates in ISO form).
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="change_requests")
    wanted = EncryptedTextField("更正内容")
    reason = models.CharField("说明", max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="提出人"
    )
    created_at = models.DateTimeField("提出时间", default=timezone.now)
    due_on = models.DateField("办理期限", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=ChangeState, default=ChangeState.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)
    answer = models.CharField("答复", max_length=200, blank=True)
    # asked for by a matter (办件), which waits for the decision
    matter = models.OneToOneField(
        "services.Matter", on_delete=models.PROTECT, null=True, blank=True, related_name="change"
    )

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "信息变更申请"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state=ChangeState.OPEN),
                name="change_request_one_open_per_person",
                violation_error_message="这份档案已有一份变更申请在办理，请等它办完。",
            ),
            models.CheckConstraint(
                name="change_request_decided_has_who_and_when",
                condition=Q(
                    state=ChangeState.OPEN, decided_at__isnull=True, decided_by__isnull=True
                )
                | (
                    ~Q(state=ChangeState.OPEN)
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="change_request_decided_by_another",
                condition=~Q(state__in=[ChangeState.ACCEPTED, ChangeState.REFUSED])
                | ~Q(decided_by=F("by")),
                violation_error_message="提出变更的人与审核人不能是同一个人。",
            ),
            models.CheckConstraint(
                name="change_request_refused_says_why",
                condition=~Q(state=ChangeState.REFUSED) | ~Q(answer=""),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="change_state_moves_legally",
                field="state",
                transitions=[
                    (str(ChangeState.OPEN), str(ChangeState.ACCEPTED)),
                    (str(ChangeState.OPEN), str(ChangeState.REFUSED)),
                    (str(ChangeState.OPEN), str(ChangeState.WITHDRAWN)),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.person}的信息变更"

    @property
    def changes(self):
        """Field name -> new value as stored (text, number, boolean or None)."""
        return json.loads(self.wanted)

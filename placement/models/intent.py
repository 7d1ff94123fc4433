"""What a person brings (the CV) and how far they came with an employer (the intention)."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Consent
from placement.enums.fairs import (
    INTENT_OPEN,
    INTENT_TONES,
    INTENT_TRANSITIONS,
    Education,
    EndedAs,
    IntentStage,
    JobField,
)
from placement.models.fair import JobFair
from placement.models.vacancy import Vacancy
from services.models import Booking, Division, Person, Station
from services.models.person import follow_merged
from services.perms import scope_of
from veterans_portal.fields import BlindIndexField, EncryptedTextField


class CvQuerySet(models.QuerySet):
    def visible_to(self, user):
        """CVs of the files in the staff member's scope; a citizen's own."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            return self.filter(person__account=user)
        return scope_of(user).filter(self, "person__station__path")


class Cv(models.Model):
    """What the file does not know of somebody who looks for work; the rest is read from the file."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="cv")
    education = models.PositiveSmallIntegerField(
        "学历", choices=[each for each in Education.choices if each[0]], default=Education.HIGH
    )
    skills = models.TextField("技能证书", max_length=300, blank=True)
    experience = models.TextField("工作经历", max_length=500, blank=True)
    wanted_fields = ArrayField(
        models.CharField(max_length=20, choices=JobField), verbose_name="想做的行业", default=list
    )
    division = models.ForeignKey(
        Division,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="想在哪里工作",
    )
    pay_from = models.DecimalField(
        "期望月薪（元）", max_digits=14, decimal_places=2, null=True, blank=True
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = CvQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "求职简历"
        constraints = [
            models.CheckConstraint(
                name="cv_pay_is_positive",
                condition=Q(pay_from__isnull=True) | Q(pay_from__gt=0),
                violation_error_message="期望月薪应大于0。",
            ),
        ]

    def __str__(self):
        return self.person.name


class EmploymentIntentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see those of their stations' fairs and vacancies; a citizen their own."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            return self.filter(person__account=user)
        return scope_of(user).filter(self, "station__path")

    def of_partner(self, partner):
        """Those about a partner's vacancies, as its room shows them."""
        return self.filter(vacancy__partner=partner)

    def with_all(self):
        """With what pages say of them."""
        return self.select_related(
            "vacancy__division",
            "vacancy__partner",
            "fair",
            "person__account",
            "station",
            "cv_consent",
        )

    def open(self):
        return self.filter(stage__in=INTENT_OPEN)


class EmploymentIntent(models.Model):
    """A person and a vacancy. It counts (A116) from `reached_on`, when both sides had said yes.

    `booking` is the registration by whose code it was made at a stand; without a file stand the
    name and phone of whoever came. `cv_consent` let the employer read the CV.
    """

    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, related_name="intents")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="intents")
    fair = models.ForeignKey(
        JobFair, on_delete=models.PROTECT, null=True, blank=True, related_name="intents"
    )
    booking = models.ForeignKey(
        Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="intents"
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="intents"
    )
    name = models.CharField("姓名", max_length=50)
    phone = EncryptedTextField("联系电话", null=True, blank=True)
    phone_index = BlindIndexField(source="phone", kind="phone", null=True)
    stage = models.CharField("进展", max_length=10, choices=IntentStage)
    cv_consent = models.ForeignKey(
        Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("登记时间", default=timezone.now)
    reached_on = models.DateField("达成意向", null=True, blank=True, db_index=True)
    interview_on = models.DateField("面试", null=True, blank=True)
    hired_on = models.DateField("录用", null=True, blank=True)
    seated_on = models.DateField("到岗", null=True, blank=True)
    ended_on = models.DateField("结束", null=True, blank=True)
    ended_as = models.CharField("结束原因", max_length=10, choices=EndedAs, null=True, blank=True)
    reason = models.CharField("说明", max_length=100, blank=True)

    objects = EmploymentIntentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "就业意向"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["vacancy", "person"],
                condition=Q(stage__in=INTENT_OPEN),
                name="intent_open_once_per_vacancy_and_person",
                violation_error_message="对这个岗位已经登记过意向。",
            ),
            models.UniqueConstraint(
                fields=["vacancy", "phone_index"],
                condition=Q(stage__in=INTENT_OPEN, person__isnull=True),
                name="intent_open_once_per_vacancy_and_phone",
                violation_error_message="这个手机号对这个岗位已经登记过意向。",
            ),
            models.CheckConstraint(name="intent_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="intent_past_a_wish_was_reached",
                condition=Q(stage__in=[IntentStage.WISHED, IntentStage.ENDED])
                | Q(reached_on__isnull=False),
            ),
            models.CheckConstraint(
                name="intent_stage_has_its_day",
                condition=(~Q(stage=IntentStage.INTERVIEW) | Q(interview_on__isnull=False))
                & (~Q(stage=IntentStage.HIRED) | Q(hired_on__isnull=False))
                & (~Q(stage=IntentStage.SEATED) | Q(seated_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="intent_seated_after_hired",
                condition=Q(seated_on__isnull=True)
                | Q(hired_on__isnull=True)
                | Q(seated_on__gte=F("hired_on")),
                violation_error_message="到岗不应早于录用。",
            ),
            models.CheckConstraint(
                name="intent_ended_says_when_and_why",
                condition=Q(stage=IntentStage.ENDED, ended_on__isnull=False, ended_as__isnull=False)
                | (~Q(stage=IntentStage.ENDED) & Q(ended_on__isnull=True, ended_as__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["station", "stage"], name="intent_by_station")]
        triggers = [
            follow_merged("intent_follows_a_merged_file"),
            pgtrigger.FSM(
                name="intent_stage_moves_legally",
                field="stage",
                transitions=[(str(a), str(b)) for a, b in INTENT_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"{self.name}：{self.vacancy}"

    @property
    def tone(self):
        """The badge's tone for its stage."""
        return INTENT_TONES[self.stage]

    @property
    def is_open(self):
        return self.stage in INTENT_OPEN

    @property
    def cv_is_shown(self):
        """Whether the employer may read the CV now: the consent stands."""
        return self.cv_consent is not None and self.cv_consent.withdrawn_at is None

"""The placement file (安置档案): from the report to the seat, with its clocks (`domain.md` B.5)."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.urls import reverse
from django.utils import timezone

from placement.enums import (
    AWAITING_A_POST,
    CASE_GIVEN_UP,
    CASE_OPEN,
    CASE_TONES,
    CASE_TRANSITIONS,
    CASE_WORDS,
    ROAD,
    WITH_POINTS,
    CaseState,
    PlacementGround,
)
from services.enums import PartnerNature, PlacementWay
from services.models import Person, Station
from services.models.person import follow_merged
from services.perms import scope_of
from veterans_portal.fields import EncryptedTextField

FIRST_YEAR, LAST_YEAR = 2018, 2100


class PlacementCaseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see the files of their stations; a citizen their own."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            return self.filter(person__account=user)
        return scope_of(user).filter(self, "station__path")

    def open(self):
        """Files on the road: neither seated nor given up."""
        return self.filter(state__in=CASE_OPEN)

    def arranged(self):
        """Those whom the government finds a post."""
        return self.filter(way=PlacementWay.ARRANGED_JOB)

    def to_place(self, year):
        """The people a year's plan is made for: arranged, not given up, still without a seat
        from earlier years or of this one."""
        return self.arranged().filter(year__lte=year, state__in=[*CASE_OPEN, CaseState.ONBOARD]).filter(
            Q(year=year) | Q(state__in=CASE_OPEN)
        )  # fmt: skip

    def by_term(self):
        """Ordered by `term`, the day the running clock of each ends; none last."""
        term = Case(
            When(state=CaseState.TRANSFERRED_IN, then="report_by"),
            When(state__in=AWAITING_A_POST, then="place_by"),
            When(state=CaseState.LETTER_ISSUED, then="seat_by"),
        )
        return self.annotate(term=term).order_by(F("term").asc(nulls_last=True), "pk")

    def with_all(self):
        """With person and station, as pages and messages show them."""
        return self.select_related("person__account", "person__station", "station", "handler")


class PlacementCase(models.Model):
    """One veteran's way from the army into work, at the centre that receives them.

    Every placement way has one (EMP-01); only 安排工作 goes on past the report. `report_by`,
    `place_by` and `seat_by` are set from the terms in force when their clocks start and are not
    moved by later terms. The sending side's contact is a name and a phone, never a unit (D.6).
    """

    number = models.CharField("安置编号", max_length=20, unique=True)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="placement_cases", verbose_name="姓名"
    )
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="placement_cases", verbose_name="接收单位"
    )
    way = models.CharField("安置方式", max_length=20, choices=PlacementWay)
    year = models.PositiveSmallIntegerField(
        "安置年度", validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    grounds = ArrayField(
        models.CharField(max_length=20, choices=PlacementGround),
        verbose_name="符合条件",
        default=list,
        blank=True,
    )
    state = models.CharField(
        "状态", max_length=20, choices=CaseState, default=CaseState.TRANSFERRED_IN
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="经办人",
    )
    sending_contact = EncryptedTextField("移交联系人", blank=True, default="")
    created_at = models.DateTimeField("建立时间", default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    discharged_on = models.DateField("批准退役日期")
    report_by = models.DateField("报到期限")
    reported_on = models.DateField("报到日期", null=True, blank=True)
    late_cause = models.CharField("逾期报到的正当理由", max_length=200, blank=True)
    place_by = models.DateField("安置期限", null=True, blank=True)
    letter_on = models.DateField("介绍信日期", null=True, blank=True)
    seat_by = models.DateField("上岗期限", null=True, blank=True)
    onboard_on = models.DateField("上岗日期", null=True, blank=True)
    ended_on = models.DateField("终止日期", null=True, blank=True)
    ended_reason = models.CharField("终止原因", max_length=300, blank=True)
    # asked before the plan is made (安置意愿, A106)
    wish_natures = ArrayField(
        models.CharField(max_length=20, choices=PartnerNature),
        verbose_name="愿意去的单位",
        default=list,
        blank=True,
    )
    wish_words = models.CharField("岗位意愿", max_length=300, blank=True)
    wished_at = models.DateTimeField("填报意愿时间", null=True, blank=True)

    objects = PlacementCaseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "安置档案"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=CASE_OPEN),
                name="placement_case_open_once_per_person",
                violation_error_message="此人已有一份在办的安置档案。",
            ),
            models.UniqueConstraint(
                fields=["person", "discharged_on"],
                name="placement_case_once_per_discharge",
                violation_error_message="这次退役的安置档案已经建立过。",
            ),
            models.CheckConstraint(
                name="placement_case_year_is_plausible",
                condition=Q(year__range=(FIRST_YEAR, LAST_YEAR)),
                violation_error_message=f"安置年度在{FIRST_YEAR}至{LAST_YEAR}之间。",
            ),
            models.CheckConstraint(
                name="placement_case_past_the_report_has_its_day",
                condition=Q(state=CaseState.TRANSFERRED_IN, reported_on__isnull=True)
                | Q(state__in=CASE_GIVEN_UP)
                | (
                    Q(reported_on__isnull=False)
                    & ~Q(state__in=[CaseState.TRANSFERRED_IN, *CASE_GIVEN_UP])
                ),
            ),
            models.CheckConstraint(
                name="placement_case_reported_after_discharge",
                condition=Q(reported_on__isnull=True) | Q(reported_on__gte=F("discharged_on")),
                violation_error_message="报到日期不应早于批准退役日期。",
            ),
            models.CheckConstraint(
                name="placement_case_late_report_has_its_cause",
                condition=Q(reported_on__isnull=True)
                | Q(reported_on__lte=F("report_by"))
                | ~Q(way=PlacementWay.ARRANGED_JOB)
                | ~Q(late_cause=""),
                violation_error_message="超过报到期限的，请写明正当理由。",
            ),
            models.CheckConstraint(
                name="placement_case_only_arranged_goes_past_the_report",
                condition=Q(way=PlacementWay.ARRANGED_JOB)
                | Q(
                    state__in=[
                        CaseState.TRANSFERRED_IN,
                        CaseState.REPORTED,
                        CaseState.WAIVED,
                        CaseState.CANCELLED,
                    ]
                ),
            ),
            models.CheckConstraint(
                name="placement_case_arranged_has_its_term",
                condition=Q(reported_on__isnull=True, place_by__isnull=True)
                | ~Q(way=PlacementWay.ARRANGED_JOB)
                | Q(
                    reported_on__isnull=False,
                    place_by__isnull=False,
                    place_by__gt=F("reported_on"),
                ),
            ),
            models.CheckConstraint(
                name="placement_case_with_points_has_grounds",
                condition=~Q(state__in=WITH_POINTS) | Q(grounds__len__gte=1),
                violation_error_message="请先写明符合安排工作的哪一项条件。",
            ),
            models.CheckConstraint(
                name="placement_case_letter_starts_the_clock_of_the_seat",
                condition=Q(letter_on__isnull=True, seat_by__isnull=True)
                | Q(letter_on__isnull=False, seat_by__isnull=False, seat_by__gte=F("letter_on")),
            ),
            models.CheckConstraint(
                name="placement_case_seated_has_letter_and_day",
                condition=(
                    Q(state=CaseState.ONBOARD, letter_on__isnull=False, onboard_on__isnull=False)
                    & Q(onboard_on__gte=F("letter_on"))
                )
                | Q(state=CaseState.LETTER_ISSUED, letter_on__isnull=False, onboard_on__isnull=True)
                | (
                    ~Q(state__in=[CaseState.ONBOARD, CaseState.LETTER_ISSUED])
                    & Q(onboard_on__isnull=True)
                ),
            ),
            models.CheckConstraint(
                name="placement_case_given_up_says_when_and_why",
                condition=(Q(state__in=CASE_GIVEN_UP, ended_on__isnull=False) & ~Q(ended_reason=""))
                | (~Q(state__in=CASE_GIVEN_UP) & Q(ended_on__isnull=True, ended_reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["station", "year", "state"], name="placement_case_by_station"),
            models.Index(fields=["reported_on"], name="placement_case_by_report"),
        ]
        triggers = [
            follow_merged("placement_case_follows_a_merged_file"),
            pgtrigger.FSM(
                name="placement_case_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in CASE_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.number}"

    def get_absolute_url(self):
        return reverse("placement:case", args=[self.number])

    @property
    def tone(self):
        """The badge's tone for its state."""
        return CASE_TONES[self.state]

    @property
    def citizen_words(self):
        """The state as the person reads it."""
        return CASE_WORDS[self.state]

    @property
    def is_open(self):
        return self.state in CASE_OPEN

    @property
    def is_arranged(self):
        return self.way == PlacementWay.ARRANGED_JOB

    @property
    def ground_words(self):
        """The grounds in words."""
        return "；".join(PlacementGround(each).label for each in self.grounds)

    @property
    def wish_nature_words(self):
        """The classes of employers they would like."""
        return "、".join(PartnerNature(each).label for each in self.wish_natures)

    @property
    def clock(self):
        """(what the running clock is for, the day it ends), or None when none runs."""
        if self.state == CaseState.TRANSFERRED_IN:
            return "报到", self.report_by
        if self.is_arranged and self.state in AWAITING_A_POST:
            return "安置", self.place_by
        if self.state == CaseState.LETTER_ISSUED:
            return "上岗", self.seat_by
        return None

    @property
    def progress(self):
        """How far along the road, for the person: (label, "done" | "current" | "ahead") pairs."""
        state = CaseState.SCORE_PUBLICITY if self.state == CaseState.OBJECTION else self.state
        at = ROAD.index(state) if state in ROAD else -1
        return [
            (step.label, "done" if i < at else "current" if i == at else "ahead")
            for i, step in enumerate(ROAD)
        ]

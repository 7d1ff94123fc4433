"""Anything scarce with a time: what is offered, when, and how many places there are."""

from datetime import datetime, time, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from services.enums import OncePer
from services.models.hours import Closure
from services.models.network import ServiceItem, Station, Window
from services.perms import scope_of
from veterans_portal.prepared import Prepared


def midnight(day, after=0):
    """The local midnight that begins `day`, or the one `after` days later."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=after), time.min))


class OfferingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Offerings of the stations in the staff member's scope."""
        return scope_of(user).filter(self, "station__path")

    def open(self):
        return self.filter(is_open=True)

    def listed(self):
        """Those that anybody may book from the station's page; the others have pages of their own."""
        return self.filter(is_listed=True)

    def regular(self):
        """Those whose slots follow daily hours; an event's slots are set one by one."""
        return self.filter(is_event=False)


class Offering(models.Model):
    """What can be booked, whose it is, and by which rules.

    Times in minutes, days in calendar days. `season` names the stretch within which
    `once_per` SEASON counts. An event (a fair, a course) has slots of its own times, which the
    station's hours and closures leave alone; what is not listed is booked through its own pages.
    """

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="offerings")
    window = models.ForeignKey(
        Window, on_delete=models.PROTECT, null=True, blank=True, related_name="offerings"
    )
    item = models.ForeignKey(
        ServiceItem, on_delete=models.PROTECT, null=True, blank=True, related_name="offerings"
    )
    title = models.CharField("名称", max_length=60)
    description = models.CharField("说明", max_length=300, blank=True)
    bring = models.CharField("请带材料", max_length=100, default="身份证")
    is_open = models.BooleanField("开放预约", default=True)
    is_event = models.BooleanField("活动", default=False)
    # where an event is, when not at the station
    venue = models.CharField("地点", max_length=120, blank=True)
    is_listed = models.BooleanField("在站点页面列出", default=True)
    slot_minutes = models.PositiveSmallIntegerField(
        "每个时段（分钟）", default=30, validators=[MinValueValidator(5), MaxValueValidator(480)]
    )
    capacity = models.PositiveSmallIntegerField(
        "每个时段人数", default=2, validators=[MinValueValidator(1), MaxValueValidator(5000)]
    )
    horizon_days = models.PositiveSmallIntegerField(
        "提前开放天数", default=14, validators=[MinValueValidator(1), MaxValueValidator(180)]
    )
    lead_minutes = models.PositiveIntegerField("最晚提前预约（分钟）", default=30)
    cancel_minutes = models.PositiveIntegerField("最晚提前取消（分钟）", default=0)
    party_min = models.PositiveSmallIntegerField("最少人数", default=1)
    party_max = models.PositiveSmallIntegerField("最多人数", default=3)
    needs_review = models.BooleanField("需站点审核", default=False)
    once_per = models.CharField("限次", max_length=10, choices=OncePer, default=OncePer.DAY)
    season = models.CharField("季次", max_length=20, blank=True)
    season_from = models.DateField("季次开始", null=True, blank=True)
    season_to = models.DateField("季次结束", null=True, blank=True)
    workdays_only = models.BooleanField("仅工作日", default=True)
    waiting_list = models.BooleanField("开放候补", default=True)
    offer_minutes = models.PositiveSmallIntegerField(
        "候补名额保留（分钟）",
        default=120,
        validators=[MinValueValidator(10), MaxValueValidator(2880)],
    )

    objects = OfferingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "预约项目"
        ordering = ["station", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "title"],
                name="offering_title_once_per_station",
                violation_error_message="本站点已有同名的预约项目。",
            ),
            models.CheckConstraint(
                name="offering_party_from_one_up",
                condition=Q(party_min__gte=1, party_max__gte=F("party_min")),
                violation_error_message="最多人数不应少于最少人数，最少为1人。",
            ),
            models.CheckConstraint(
                name="offering_party_fits_a_slot",
                condition=Q(party_min__lte=F("capacity")),
                violation_error_message="最少人数不应多于每个时段的人数。",
            ),
            models.CheckConstraint(
                name="offering_slot_takes_time",
                condition=Q(slot_minutes__range=(5, 480), capacity__gte=1),
            ),
            models.CheckConstraint(
                name="offering_holds_an_offer_for_a_while",
                condition=Q(offer_minutes__range=(10, 2880)),
            ),
            models.CheckConstraint(
                name="offering_season_is_named_and_ordered",
                condition=~Q(once_per=OncePer.SEASON) | ~Q(season=""),
                violation_error_message="按季限次的项目须写明季次名称。",
            ),
            models.CheckConstraint(
                name="offering_season_dates_in_order",
                condition=Q(season_from__isnull=True)
                | Q(season_to__isnull=True)
                | Q(season_to__gte=F("season_from")),
                violation_error_message="季次结束不应早于开始。",
            ),
        ]

    def __str__(self):
        return self.title


class OfferingHours(models.Model):
    """Daily hours during which slots of an offering are opened."""

    offering = models.ForeignKey(Offering, on_delete=models.CASCADE, related_name="hours")
    start = models.TimeField("开始")
    end = models.TimeField("结束")

    class Meta:
        verbose_name = verbose_name_plural = "预约时间"
        ordering = ["start"]
        constraints = [
            models.CheckConstraint(
                name="offering_hours_end_after_start",
                condition=Q(end__gt=F("start")),
                violation_error_message="结束时间应晚于开始时间。",
            ),
            models.UniqueConstraint(fields=["offering", "start"], name="offering_hours_start_once"),
        ]


class SlotQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Slots of the stations in the staff member's scope."""
        return scope_of(user).filter(self, "offering__station__path")

    def on_day(self, day):
        """Slots that start on a local calendar day."""
        return self.filter(starts_at__gte=midnight(day), starts_at__lt=midnight(day, 1))

    def with_rules(self):
        """With everything that a decision asks for, in one query."""
        return self.select_related("offering__station", "offering__window")

    def to_book(self, pk):
        """The slot as `with_rules` gives it, or None, by a query put together once only."""
        return TO_BOOK.first(pk)

    def bookable(self, now=None):
        """Slots citizens may book now, with the places left as `left` (for display only)."""
        now = now or timezone.now()
        lead = F("offering__lead_minutes") * timedelta(minutes=1)
        return self.filter(
            closed_at__isnull=True, offering__is_open=True, starts_at__gt=now + lead
        ).annotate(left=F("capacity") - F("taken"))

    def near(self, slot, *, heads, count=4, now=None):
        """The `count` slots of the same offering nearest to `slot` that still hold `heads`."""
        free = self.bookable(now).filter(offering_id=slot.offering_id, left__gte=heads)
        free = free.exclude(pk=slot.pk)
        later = free.filter(starts_at__gte=slot.starts_at).order_by("starts_at")[:count]
        earlier = free.filter(starts_at__lt=slot.starts_at).order_by("-starts_at")[:count]
        nearest = sorted([*earlier, *later], key=lambda each: abs(each.starts_at - slot.starts_at))
        return sorted(nearest[:count], key=lambda each: each.starts_at)


class Slot(models.Model):
    """A stretch of time with places. `taken` is changed by conditional statements only."""

    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="slots")
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    capacity = models.PositiveIntegerField("名额")
    taken = models.PositiveIntegerField("已约", default=0)
    closed_at = models.DateTimeField("停约时间", null=True, blank=True)
    closed_reason = models.CharField("停约原因", max_length=100, blank=True)
    # the closure that took it off offer, and gives it back when it is lifted
    closure = models.ForeignKey(
        Closure, on_delete=models.PROTECT, null=True, blank=True, related_name="slots"
    )

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "时段"
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["offering", "starts_at"], name="slot_starts_once_per_offering"
            ),
            models.CheckConstraint(
                name="slot_never_oversold", condition=Q(taken__lte=F("capacity"))
            ),
            models.CheckConstraint(
                name="slot_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="slot_closed_says_why",
                condition=Q(closed_at__isnull=True) | ~Q(closed_reason=""),
            ),
            models.CheckConstraint(
                name="slot_of_a_closure_is_closed",
                condition=Q(closure__isnull=True) | Q(closed_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="slot_by_start")]

    def __str__(self):
        return f"{timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"

    @property
    def day(self):
        """The local calendar day it starts on."""
        return timezone.localdate(self.starts_at)

    @property
    def places_left(self):
        """For display only: deciding is the conditional statement's."""
        return max(self.capacity - self.taken, 0)


# What rules, messages and answers never read of a station.
NOT_TO_BOOK = (
    "pinyin", "division", "latitude", "longitude", "opening_hours", "head_name", "head_post",
    "staff_fulltime", "staff_parttime", "staff_veteran", "has_institution", "has_posts",
    "has_staff", "has_funds", "has_support", "model_status", "named_at", "step_free", "partner",
)  # fmt: skip
TO_BOOK = Prepared(
    lambda: (
        Slot.objects.with_rules()
        .defer(*(f"offering__station__{name}" for name in NOT_TO_BOOK))
        .filter(pk=0)
    )
)

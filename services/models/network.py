"""The network: official divisions, and the stations that serve them."""

import pghistory
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from services.enums import DivisionKind, DivisionLevel, ModelStatus, StationKind, Tier
from services.perms import scope_of

FIVE_HAVES = {
    "has_institution": "有机构",
    "has_posts": "有编制",
    "has_staff": "有人员",
    "has_funds": "有经费",
    "has_support": "有保障",
}


class DivisionQuerySet(models.QuerySet):
    def needing_a_station(self):
        """Divisions from city down to village that no active ordinary station serves (A203)."""
        return self.filter(level__gte=DivisionLevel.CITY).exclude(
            pk__in=Station.objects.active().ordinary().values("division_id")
        )


class Division(models.Model):
    """An official division with its 12 digit statistical code; a functional area has one of ours.

    Development zones that the statistics count as towns are a kind of their own.
    """

    code = models.CharField("区划代码", max_length=12, primary_key=True)
    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("简称", max_length=60, blank=True)
    level = models.PositiveSmallIntegerField("级别", choices=DivisionLevel)
    kind = models.CharField(
        "类别", max_length=20, choices=DivisionKind, default=DivisionKind.ORDINARY
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    pinyin = models.CharField(max_length=200, blank=True)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="division_all_but_the_province_have_a_parent",
                condition=Q(level=DivisionLevel.PROVINCE, parent__isnull=True)
                | (~Q(level=DivisionLevel.PROVINCE) & Q(parent__isnull=False)),
            ),
        ]

    def __str__(self):
        return self.name


class ServiceItem(models.Model):
    """What a window does (dictionary data): policy consultation, registration, card guidance…"""

    code = models.SlugField("代码", primary_key=True, max_length=40)
    name = models.CharField("名称", max_length=40)
    is_consultation = models.BooleanField("计入政策法律咨询", default=False)
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "服务事项"
        ordering = ["position", "code"]

    def __str__(self):
        return self.name


class StationQuerySet(models.QuerySet):
    def under(self, station):
        """The station itself and everything that reports to it."""
        return self.filter(path__startswith=station.path)

    def visible_to(self, user):
        """Stations in the staff member's subtrees; nobody else works on stations."""
        return scope_of(user).filter(self, "path")

    def active(self, on=None):
        """Stations in service on a day (default today)."""
        on = on or timezone.localdate()
        return self.filter(active_from__lte=on).filter(
            Q(active_to__isnull=True) | Q(active_to__gt=on)
        )

    def ordinary(self):
        """The four tiers, without the special stations."""
        return self.filter(kind=StationKind.ORDINARY)

    def matching(self, word):
        """Stations whose name, address or pinyin holds the word, or one of what they do."""
        found = Q(name__contains=word) | Q(address__contains=word)
        items = ServiceItem.objects.filter(name__contains=word)
        found |= Q(
            pk__in=Window.items.through.objects.filter(serviceitem__in=items).values(
                "window__station"
            )
        )
        if word.isascii():
            found |= Q(pinyin__contains=word.lower())
        return self.filter(found)

    def in_area(self, station):
        """What reports to an ordinary station, or lies in its district by the official map."""
        here = Q(path__startswith=station.path)
        if station.tier == Tier.DISTRICT:
            here |= Q(division__code__startswith=station.code[:6])
        return self.filter(here)

    def doing(self, item):
        """Stations with a window for a service item."""
        return self.filter(
            Exists(
                Window.items.through.objects.filter(
                    window__station=OuterRef("pk"), serviceitem=item
                )
            )
        )


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    exclude=["pinyin"],
    obj_field=pghistory.ObjForeignKey(related_name="history"),
    model_name="StationHistory",
)
class Station(models.Model):
    """A service centre or station. Its `path` lists the codes from the city down, each closed by
    a slash, so that a subtree is one indexed prefix; reporting follows `parent`, not the map."""

    code = models.CharField(
        "站点代码",
        max_length=16,
        unique=True,
        validators=[RegexValidator(r"^[0-9A-Z-]{4,16}$", "代码由数字、大写字母和短横线组成。")],
    )
    name = models.CharField("名称", max_length=80)
    pinyin = models.CharField(max_length=240, blank=True)
    tier = models.PositiveSmallIntegerField("层级", choices=Tier, null=True, blank=True)
    kind = models.CharField(
        "类别", max_length=20, choices=StationKind, default=StationKind.ORDINARY
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级站点",
    )
    path = models.CharField(max_length=120, unique=True)
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="stations", verbose_name="所在区划"
    )
    address = models.CharField("地址", max_length=160, blank=True)
    latitude = models.DecimalField("纬度", max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField("经度", max_digits=8, decimal_places=5, null=True, blank=True)
    phone = models.CharField("联系电话", max_length=30, blank=True)
    opening_hours = models.CharField("开放时间", max_length=160, blank=True)
    head_name = models.CharField("负责人", max_length=50, blank=True)
    head_post = models.CharField("负责人职务", max_length=60, blank=True)
    staff_fulltime = models.PositiveSmallIntegerField("专职人数", default=0)
    staff_parttime = models.PositiveSmallIntegerField("兼职人数", default=0)
    staff_veteran = models.PositiveSmallIntegerField("其中退役军人", default=0)
    has_institution = models.BooleanField("有机构", default=False)
    has_posts = models.BooleanField("有编制", default=False)
    has_staff = models.BooleanField("有人员", default=False)
    has_funds = models.BooleanField("有经费", default=False)
    has_support = models.BooleanField("有保障", default=False)
    model_status = models.CharField(
        "示范型站点", max_length=20, choices=ModelStatus, default=ModelStatus.NOT_APPLIED
    )
    named_at = models.DateField("命名日期", null=True, blank=True)
    step_free = models.BooleanField("无障碍出入", default=False)
    partner = models.CharField("共建单位", max_length=80, blank=True)
    active_from = models.DateField("启用日期")
    active_to = models.DateField("停用日期", null=True, blank=True)

    objects = StationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "服务站点"
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                name="station_tier_belongs_to_ordinary_stations",
                condition=Q(kind=StationKind.ORDINARY, tier__isnull=False)
                | (~Q(kind=StationKind.ORDINARY) & Q(tier__isnull=True)),
                violation_error_message="四级站点须有层级，特设站点没有层级。",
            ),
            models.CheckConstraint(
                name="station_all_but_the_city_have_a_parent",
                # a comparison with NULL would let the row pass, so NULL is named first
                condition=Q(tier__isnull=True, parent__isnull=False)
                | Q(tier__isnull=False, tier=Tier.CITY, parent__isnull=True)
                | Q(tier__isnull=False, tier__gt=Tier.CITY, parent__isnull=False),
                violation_error_message="除市级服务中心外，每个站点都须有上级站点。",
            ),
            models.CheckConstraint(
                name="station_closes_after_it_opens",
                condition=Q(active_to__isnull=True) | Q(active_to__gt=F("active_from")),
                violation_error_message="停用日期应晚于启用日期。",
            ),
            models.CheckConstraint(
                name="station_named_model_has_its_date",
                condition=~Q(model_status=ModelStatus.NAMED) | Q(named_at__isnull=False),
                violation_error_message="已命名的示范型站点须填写命名日期。",
            ),
            models.CheckConstraint(
                name="station_veteran_staff_within_all_staff",
                condition=Q(staff_veteran__lte=F("staff_fulltime") + F("staff_parttime")),
                violation_error_message="退役军人人数不应多于工作人员总数。",
            ),
            models.CheckConstraint(
                name="station_position_is_whole",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                violation_error_message="经度和纬度须一起填写：纬度在-90到90之间，经度在-180到180之间。",
            ),
            models.UniqueConstraint(
                fields=["division"],
                condition=Q(kind=StationKind.ORDINARY, active_to__isnull=True),
                name="station_one_ordinary_per_division",
                violation_error_message="该区划已有在用的服务中心（站）。",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("services:station", args=[self.code])

    @property
    def segment(self):
        """The station's own part of the path."""
        return self.path.rstrip("/").rsplit("/", 1)[-1]

    @property
    def haves(self):
        """The five haves (五有) as (label, fulfilled) pairs (`domain.md` B.1)."""
        return [(label, getattr(self, field)) for field, label in FIVE_HAVES.items()]

    def is_active(self, on=None):
        """Whether the station serves people on a day (default today)."""
        on = on or timezone.localdate()
        return self.active_from <= on and (self.active_to is None or self.active_to > on)


class Window(models.Model):
    """A counter window of a station and what is done there."""

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="windows")
    number = models.PositiveSmallIntegerField("窗口号")
    name = models.CharField("名称", max_length=40)
    items = models.ManyToManyField(ServiceItem, related_name="windows", verbose_name="服务事项")
    attendant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="windows",
        verbose_name="窗口人员",
    )

    class Meta:
        verbose_name = verbose_name_plural = "服务窗口"
        ordering = ["station", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "number"],
                name="window_number_once_per_station",
                violation_error_message="这个窗口号已经有了，请换一个。",
            ),
        ]

    def __str__(self):
        return f"{self.number}号窗口 {self.name}"

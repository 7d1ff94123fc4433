"""Scoring schemes (计分办法): dated data that staff edit and another approves (`domain.md` B.5)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from placement.enums import SCHEME_TRANSITIONS, QuantitySource, RuleGroup, SchemeState
from services.enums import DisabilityNature
from services.models import Station
from services.perms import scope_of


def kept_unless(name, *, path, states):
    """A trigger for the rows of a scheme, sheet or plan: they change only while it is written.

    `path` is the table they belong to and the key that points there, `states` those of writing.
    """
    table, key = path
    writing = ", ".join(f"'{state}'" for state in states)
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("standing", "text")],
        func=f"""
            SELECT state INTO standing FROM {table}
            WHERE id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.{key} ELSE NEW.{key} END)
            FOR KEY SHARE;
            IF standing IS NULL OR standing NOT IN ({writing}) THEN
                RAISE EXCEPTION 'rows of % are kept once it is handed in', TG_TABLE_NAME
                USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,  # noqa: S608 - names from this code only
    )


class ScoringSchemeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Schemes of the stations above and below the reader's: a district works by the city's."""
        scope = scope_of(user)
        above = [
            f"{'/'.join(path.split('/')[:n])}/"
            for path in scope.paths
            for n in range(1, path.count("/") + 1)
        ]
        under = scope.filter(ScoringScheme.objects.all(), "station__path").values("pk")
        return self.filter(Q(station__path__in=above) | Q(pk__in=under))

    def for_discharge(self, day, station):
        """The approved scheme that counts for somebody who left on `day`, at `station`: the latest
        that had begun by then, of the station itself before those above it. None when there is none."""
        path = station.path
        paths = [f"{'/'.join(path.split('/')[:n])}/" for n in range(1, path.count("/") + 1)]
        found = self.filter(
            state=SchemeState.IN_FORCE, station__path__in=paths, effective_from__lte=day
        ).filter(Q(effective_until__isnull=True) | Q(effective_until__gte=day))
        return found.order_by("-station__path", "-effective_from", "-version").first()


class ScoringScheme(models.Model):
    """A version of the measures by which service is turned into points.

    It applies to those who left the army from `effective_from` on. `short_part` and `long_part`
    are what a part of a year counts for, below and from `part_months` months on. Written by one
    person, approved by another, then its rules are kept by the database.
    """

    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="scoring_schemes", verbose_name="制定单位"
    )
    name = models.CharField("名称", max_length=80)
    version = models.PositiveSmallIntegerField("版本", default=1)
    basis = models.CharField("依据", max_length=200)
    effective_from = models.DateField("适用于此日起退役的人员")
    effective_until = models.DateField("适用至", null=True, blank=True)
    part_months = models.PositiveSmallIntegerField("不满一年的分界（月）", default=6)
    short_part = models.DecimalField(
        "不满分界折算（年）", max_digits=3, decimal_places=2, default=0
    )
    long_part = models.DecimalField("达到分界折算（年）", max_digits=3, decimal_places=2, default=1)
    is_sample = models.BooleanField("示例数据", default=False)
    state = models.CharField("状态", max_length=10, choices=SchemeState, default=SchemeState.DRAFT)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="起草人"
    )
    written_at = models.DateTimeField("起草时间", default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="批准人",
    )
    approved_at = models.DateTimeField("批准时间", null=True, blank=True)
    returned_reason = models.CharField("退回原因", max_length=200, blank=True)

    objects = ScoringSchemeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "计分办法"
        ordering = ["-effective_from", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "name", "version"], name="scoring_scheme_version_once"
            ),
            models.CheckConstraint(
                name="scoring_scheme_ends_after_it_begins",
                condition=Q(effective_until__isnull=True)
                | Q(effective_until__gte=F("effective_from")),
                violation_error_message="截止日期不应早于起始日期。",
            ),
            models.CheckConstraint(
                name="scoring_scheme_counts_part_years_within_a_year",
                condition=Q(
                    part_months__range=(1, 11),
                    short_part__gte=0,
                    short_part__lte=F("long_part"),
                    long_part__lte=1,
                ),
                violation_error_message="不满一年的折算在0至1年之间，前段不多于后段。",
            ),
            models.CheckConstraint(
                name="scoring_scheme_is_approved_by_another",
                condition=Q(
                    state__in=[SchemeState.DRAFT, SchemeState.SUBMITTED], approved_by__isnull=True
                )
                | (
                    Q(
                        state__in=[SchemeState.IN_FORCE, SchemeState.RETIRED],
                        approved_by__isnull=False,
                        approved_at__isnull=False,
                    )
                    & ~Q(approved_by=F("written_by"))
                ),
                violation_error_message="起草人和批准人不能是同一个人。",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="scoring_scheme_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in SCHEME_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"{self.name}（第{self.version}版）"

    def get_absolute_url(self):
        return reverse("placement:scheme", args=[self.pk])


class ScoringRule(models.Model):
    """One line of a scheme: so many points for each unit, or once, with a cap.

    `places_first` is for honours that are not scored but rank their holder before all others.
    With `source` SERVICE_YEARS the years between `from_year` and `to_year` count, with DISABILITY
    the person's nature and grade decide: both come from the file.
    """

    scheme = models.ForeignKey(ScoringScheme, on_delete=models.CASCADE, related_name="rules")
    group = models.CharField("类别", max_length=16, choices=RuleGroup)
    position = models.PositiveSmallIntegerField("次序", default=0)
    name = models.CharField("项目", max_length=60)
    condition = models.CharField("条件", max_length=200, blank=True)
    points = models.DecimalField("分值", max_digits=6, decimal_places=2)
    per_unit = models.BooleanField("按数量累计", default=True)
    unit = models.CharField("单位", max_length=8, default="次")
    cap = models.DecimalField("最多", max_digits=7, decimal_places=2, null=True, blank=True)
    is_deduction = models.BooleanField("减分", default=False)
    places_first = models.BooleanField("不计分，排在最前", default=False)
    source = models.CharField(
        "数量来自", max_length=16, choices=QuantitySource, default=QuantitySource.TYPED
    )
    from_year = models.PositiveSmallIntegerField("从第几年起", null=True, blank=True)
    to_year = models.PositiveSmallIntegerField("到第几年止", null=True, blank=True)
    nature = models.CharField(
        "残疾性质", max_length=10, choices=DisabilityNature, null=True, blank=True
    )
    grade = models.PositiveSmallIntegerField("残疾等级", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "计分项目"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "name"],
                name="scoring_rule_named_once",
                violation_error_message="这个项目已经有了。",
            ),
            models.CheckConstraint(
                name="scoring_rule_points_are_not_negative",
                condition=Q(points__gte=0) & (Q(cap__isnull=True) | Q(cap__gte=F("points"))),
                violation_error_message="分值不能是负数，“最多”不少于一次的分值；减分请勾选“减分”。",
            ),
            models.CheckConstraint(
                name="scoring_rule_places_first_without_points",
                condition=Q(places_first=False) | Q(points=0, is_deduction=False),
                violation_error_message="排在最前的项目不计分。",
            ),
            models.CheckConstraint(
                name="scoring_rule_deducts_in_its_group",
                condition=Q(is_deduction=True, group=RuleGroup.DEDUCTION)
                | (Q(is_deduction=False) & ~Q(group=RuleGroup.DEDUCTION)),
                violation_error_message="减分项目归在“减分”一类。",
            ),
            models.CheckConstraint(
                name="scoring_rule_says_which_years_or_disability",
                condition=Q(
                    source=QuantitySource.SERVICE_YEARS,
                    from_year__isnull=False,
                    nature__isnull=True,
                    grade__isnull=True,
                )
                | Q(
                    source=QuantitySource.DISABILITY,
                    nature__isnull=False,
                    grade__isnull=False,
                    grade__range=(1, 10),
                    from_year__isnull=True,
                    to_year__isnull=True,
                )
                | Q(
                    source=QuantitySource.TYPED,
                    from_year__isnull=True,
                    to_year__isnull=True,
                    nature__isnull=True,
                    grade__isnull=True,
                ),
                violation_error_message="服役年限要写从第几年起，残疾等级要写性质和等级（1至10级）。",
            ),
            models.CheckConstraint(
                name="scoring_rule_years_are_in_order",
                condition=Q(to_year__isnull=True) | Q(to_year__gt=F("from_year")),
                violation_error_message="“到第几年止”要大于“从第几年起”。",
            ),
        ]
        triggers = [
            kept_unless(
                "scoring_rule_is_kept_with_its_scheme",
                path=("placement_scoringscheme", "scheme_id"),
                states=[SchemeState.DRAFT],
            ),
        ]

    def __str__(self):
        return self.name


class TieStep(models.Model):
    """A step of the chain that breaks equal totals: more points in `group` go first."""

    scheme = models.ForeignKey(ScoringScheme, on_delete=models.CASCADE, related_name="tie_steps")
    position = models.PositiveSmallIntegerField("次序")
    group = models.CharField("比较", max_length=16, choices=RuleGroup)

    class Meta:
        verbose_name = verbose_name_plural = "同分排序"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "position"], name="tie_step_position_once"),
            models.UniqueConstraint(
                fields=["scheme", "group"],
                name="tie_step_group_once",
                violation_error_message="这一类已经在同分排序里。",
            ),
        ]
        triggers = [
            kept_unless(
                "tie_step_is_kept_with_its_scheme",
                path=("placement_scoringscheme", "scheme_id"),
                states=[SchemeState.DRAFT],
            ),
        ]

    def __str__(self):
        return f"{self.position}. {self.get_group_display()}"

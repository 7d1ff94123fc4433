"""The working-day calendar: one row per day, so that make-up Saturdays and holidays are data."""

from django.db import models

from veterans_portal.errors import DomainError


class CalendarSource(models.TextChoices):
    STATE_COUNCIL = "STATE_COUNCIL", "国务院放假安排"
    EXPECTED = "EXPECTED", "按周末推算（放假安排待公布）"
    STAFF = "STAFF", "人工调整"


class CalendarDayQuerySet(models.QuerySet):
    def nth_workday(self, after, n):
        """The n-th working day strictly after the date `after` (n ≥ 1).

        Raises DomainError when the calendar does not reach that far.
        """
        days = self.filter(day__gt=after, is_workday=True).order_by("day")
        day = days.values_list("day", flat=True)[n - 1 : n].first()
        if day is None:
            raise DomainError("工作日历还没有排到这一天，请系统管理员补充日历后再试。")
        return day


class CalendarDay(models.Model):
    """Whether people work on a day, by which announcement."""

    day = models.DateField("日期", primary_key=True)
    is_workday = models.BooleanField("工作日")
    name = models.CharField("说明", max_length=40, blank=True)
    source = models.CharField("依据", max_length=20, choices=CalendarSource)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        ordering = ["day"]

    def __str__(self):
        return f"{self.day:%Y-%m-%d}"

"""The working-day calendar: one row per day, so that make-up Saturdays and holidays are data."""

from django.db import models
from django.db.models import Count, Q

from veterans_portal.errors import DomainError

TOO_FAR = "工作日历还没有排到这一天，请系统管理员补充日历后再试。"


class CalendarSource(models.TextChoices):
    STATE_COUNCIL = "STATE_COUNCIL", "国务院放假安排"
    EXPECTED = "EXPECTED", "按周末和法定节日推算（放假安排待公布）"
    STAFF = "STAFF", "人工调整"


class CalendarDayQuerySet(models.QuerySet):
    def nth_workday(self, after, n):
        """The n-th working day strictly after the date `after` (n ≥ 1).

        Raises DomainError when the calendar does not reach that far.
        """
        days = self.filter(day__gt=after, is_workday=True).order_by("day")
        day = days.values_list("day", flat=True)[n - 1 : n].first()
        if day is None:
            raise DomainError(TOO_FAR)
        return day

    def add_workdays(self, day, n):
        """The date `n` working days from `day`: later for n > 0, earlier for n < 0.

        The day itself does not count, whether people work on it or not; n = 0 gives it back.
        Raises DomainError when the calendar does not reach that far.
        """
        if n > 0:
            return self.nth_workday(day, n)
        if n == 0:
            return day
        days = self.filter(day__lt=day, is_workday=True).order_by("-day")
        found = days.values_list("day", flat=True)[-n - 1 : -n].first()
        if found is None:
            raise DomainError(TOO_FAR)
        return found

    def workdays_between(self, start, end):
        """Working days after `start` up to and with `end`; negative when `end` is the earlier.

        So `add_workdays(start, workdays_between(start, end)) == end` for every working day `end`
        after `start`. Raises DomainError when the calendar does not reach that far.
        """
        if end < start:
            return -self.workdays_between(end, start)
        days = self.filter(day__gt=start, day__lte=end)
        known, working = days.aggregate(
            known=Count("day"), working=Count("day", filter=Q(is_workday=True))
        ).values()
        if known != (end - start).days:
            raise DomainError(TOO_FAR)
        return working


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

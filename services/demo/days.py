"""Working days of the demonstration: what an office did, it did on one of them."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from services.models import CalendarDay


def workdays(*, back, ahead):
    """Working days from `back` days ago to `ahead` days on, in order."""
    today = timezone.localdate()
    span = (today - timedelta(days=back), today + timedelta(days=ahead))
    days = CalendarDay.objects.filter(day__range=span, is_workday=True)
    return list(days.order_by("day").values_list("day", flat=True))


def morning(day, random):
    """A moment of the day's morning, never ahead of now."""
    moment = datetime.combine(day, time(9)) + timedelta(minutes=random.randint(0, 150))
    return min(timezone.make_aware(moment), timezone.now())

"""When a message may ring at somebody's home: nobody is woken by a reminder or a rule."""

from datetime import datetime, time, timedelta

from django.utils import timezone

FIRST, LAST = time(7, 30), time(21)


def next_daytime(now):
    """`now` by day, else the next morning at FIRST (aware, local)."""
    local = timezone.localtime(now)
    if FIRST <= local.time() <= LAST:
        return now
    day = local.date() + timedelta(days=local.time() > LAST)
    return timezone.make_aware(datetime.combine(day, FIRST))

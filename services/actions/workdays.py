"""Days by which the office answers."""

import logging
from datetime import timedelta

from django.utils import timezone

from services.models import CalendarDay
from veterans_portal.errors import DomainError

log = logging.getLogger(__name__)


def due_day(workdays, *, after=None):
    """The last day of a term of `workdays` working days that begins the day after `after`.

    Where the calendar does not reach, Monday to Friday stand in: nobody's request waits for it.
    """
    after = after or timezone.localdate()
    try:
        return CalendarDay.objects.nth_workday(after, workdays)
    except DomainError:
        log.warning("the working-day calendar does not reach %s workdays after %s", workdays, after)
    day = after
    while workdays:
        day += timedelta(days=1)
        workdays -= day.weekday() < 5
    return day

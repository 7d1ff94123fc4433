"""What beat starts for the month, and the long work behind the reports."""

from celery import shared_task

from reports.actions import periods, reminders
from reports.models import ReportingPeriod


@shared_task
def open_periods():
    """Open last month, and months before it that were missed while the portal was down."""
    periods.open_due_periods()


@shared_task
def refresh_periods():
    """Recount the system figures of every month that is not closed."""
    for period in ReportingPeriod.objects.filter(locked_at__isnull=True):
        periods.refresh_period(period=period)


@shared_task
def remind():
    """Remind of returns due and overdue, and escalate; each message goes once."""
    reminders.remind()

"""The working-day calendar grows by itself."""

from celery import shared_task

from services.actions.network import extend_calendar as extend_to_the_year_after_next


@shared_task
def extend_calendar():
    """Take in a newly announced year and the year after next; may run as often as it likes."""
    extend_to_the_year_after_next()

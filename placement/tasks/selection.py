"""The clock of running sessions, and the night in which results become final."""

from celery import shared_task

from placement.actions import seating
from placement.actions.selection import clock


@shared_task
def tick_selections():
    """Look at the clock of every running session."""
    return clock.tick_all()


@shared_task
def settle_selections():
    """Make final the results that were published long enough."""
    return seating.settle_due()

"""What the days do to ratings."""

from celery import shared_task

from services.actions import ratings


@shared_task
def warn_of_rectifications():
    """Tell who may mend, in the morning, what is due or over."""
    ratings.warn_of_terms()

"""What the days do to those who act for others."""

from celery import shared_task

from services.actions import proxies


@shared_task
def warn_of_proxies():
    """Tell both sides, two weeks before, that it ends."""
    proxies.warn_of_ends()

"""What the days do to matters. Each may run as often as it likes."""

from celery import shared_task

from services.actions import matters


@shared_task
def settle_matters():
    """Send back what was never mended, archive what ended long ago, empty forgotten drafts."""
    matters.return_unsupplemented()
    matters.archive_old()
    matters.forget_drafts()


@shared_task
def warn_of_matters():
    """Tell handlers in the morning what is due or over."""
    matters.warn_of_terms()

"""What happens to the waiting list by itself. Each may run as often as it likes."""

from celery import shared_task

from services.actions import waiting


@shared_task
def expire_offers():
    """Let go of held places whose time ran out; they go to the next in line."""
    waiting.expire()


@shared_task
def sweep_waiting():
    """Offer places that stand free though somebody waits; end what can no longer be served."""
    waiting.sweep()

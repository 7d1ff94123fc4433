from celery import shared_task

from accounts import sealing


@shared_task
def seal_audit():
    """Seal the audit entries of the last minutes."""
    sealing.seal_entries()


@shared_task
def seal_all_audit():
    """Once a night: seal what a very long transaction brought to light late."""
    sealing.seal_entries(everything=True)

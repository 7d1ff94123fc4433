from celery import shared_task

from accounts import delivery


@shared_task
def deliver_messages():
    """Send what is due; woken after a commit that wrote messages."""
    delivery.deliver_due()


@shared_task
def sweep_messages():
    """Settle claims of dead workers and send what no wake-up reached."""
    delivery.sweep()


@shared_task
def forget_codes():
    """Remove sign-in codes of yesterday."""
    delivery.forget_codes()

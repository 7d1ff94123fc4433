"""What happens to cards by itself."""

from celery import shared_task

from services.actions import cards


@shared_task
def release_losses():
    """End temporary loss reports whose days are over."""
    cards.release_due()

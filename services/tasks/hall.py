"""What happens in the hall by itself, after the day."""

from celery import shared_task
from django.utils import timezone

from services.actions import arrivals


@shared_task
def settle_hall():
    """Settle who is left in the hall of days gone by; may run as often as it likes."""
    arrivals.settle(before=timezone.localdate())

from celery import shared_task
from django.conf import settings

from services.actions import rosters


@shared_task
def forget_rosters():
    """Remove rows that waited too long to be mended, and rows that are in."""
    rosters.forget_old(settings.ROSTER_ROW_DAYS)

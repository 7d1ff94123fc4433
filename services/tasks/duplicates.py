"""What the nights find."""

from celery import shared_task

from services.actions import duplicates


@shared_task
def find_duplicates():
    """Look through all files for pairs that may be one person's."""
    duplicates.find()

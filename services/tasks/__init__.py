"""Celery finds the tasks of this app here."""

from services.tasks import calendar

__all__ = ["calendar"]

"""Celery finds the tasks of this app here."""

from services.tasks import bookings, calendar

__all__ = ["bookings", "calendar"]

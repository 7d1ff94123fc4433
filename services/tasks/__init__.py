"""Celery finds the tasks of this app here."""

from services.tasks import bookings, calendar, rosters

__all__ = ["bookings", "calendar", "rosters"]

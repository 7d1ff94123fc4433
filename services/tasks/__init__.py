"""Celery finds the tasks of this app here."""

from services.tasks import bookings, calendar, hall, rosters

__all__ = ["bookings", "calendar", "hall", "rosters"]

"""The project package: settings, URLs, the schedule, and the named modules every app may use."""

from .celery import app as celery_app

__all__ = ["celery_app"]

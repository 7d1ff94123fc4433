"""Celery finds the tasks of this app here."""

from placement.tasks import outreach

__all__ = ["outreach"]

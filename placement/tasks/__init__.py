"""Celery finds the tasks of this app here."""

from placement.tasks import cases, outreach, training

__all__ = ["cases", "outreach", "training"]

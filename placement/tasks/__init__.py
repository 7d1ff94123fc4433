"""Celery finds the tasks of this app here."""

from placement.tasks import cases, outreach, selection, training

__all__ = ["cases", "outreach", "selection", "training"]

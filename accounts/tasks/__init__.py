"""Celery finds the tasks of this app here."""

from accounts.tasks import delivery, jobs, sealing

__all__ = ["delivery", "jobs", "sealing"]

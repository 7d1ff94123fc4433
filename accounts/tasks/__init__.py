"""Celery finds the tasks of this app here."""

from accounts.tasks import delivery, jobs, sealing, sign_in

__all__ = ["delivery", "jobs", "sealing", "sign_in"]

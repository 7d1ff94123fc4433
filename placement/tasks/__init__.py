"""Celery finds the tasks of this app here."""

"""Celery finds the tasks of this app here."""

from services.tasks import (
    bookings,
    calendar,
    cards,
    duplicates,
    hall,
    hours,
    matters,
    proxies,
    ratings,
    rosters,
    waiting,
)

__all__ = [
    "bookings",
    "calendar",
    "cards",
    "duplicates",
    "hall",
    "hours",
    "matters",
    "proxies",
    "ratings",
    "rosters",
    "waiting",
]

"""Addresses in texts that are read outside the portal."""

from django.conf import settings


def absolute(path):
    """The whole address of a page for an SMS; "" where PORTAL_BASE_URL is not set."""
    return f"{settings.PORTAL_BASE_URL}{path}" if settings.PORTAL_BASE_URL else ""

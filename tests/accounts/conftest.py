from datetime import timedelta

import pytest
from django.utils import timezone


class Clock:
    """Stands still until it is moved on; everything in the portal asks `timezone.now`."""

    def __init__(self, monkeypatch):
        self.now = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: self.now)

    def forward(self, **by):
        self.now += timedelta(**by)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)

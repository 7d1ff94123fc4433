from datetime import timedelta

import pytest
from django.utils import timezone


class Clock:
    """Moves the portal's time on; everything asks `timezone.now`."""

    def __init__(self, monkeypatch):
        self.ahead = timedelta()
        real = timezone.now
        monkeypatch.setattr(timezone, "now", lambda: real() + self.ahead)

    def forward(self, **by):
        self.ahead += timedelta(**by)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)

import time

import pytest

from accounts import audit
from tests.races.arena import HOLD


def wait_after(monkeypatch, is_slow):
    """Acts for which `is_slow(act)` wait between their last write and their commit."""
    record = audit.record

    def slow_record(act, *args, **kwargs):
        entry = record(act, *args, **kwargs)
        if is_slow(act):
            time.sleep(HOLD)
        return entry

    monkeypatch.setattr(audit, "record", slow_record)


@pytest.fixture
def late_commit(monkeypatch):
    """Acts named here wait before they commit, so others come in between."""
    slow = set()
    wait_after(monkeypatch, lambda act: act in slow)
    return slow


@pytest.fixture
def late_work(monkeypatch):
    """All acts of the work section wait before they commit, so that others come in between."""
    wait_after(monkeypatch, lambda act: act.startswith("placement."))

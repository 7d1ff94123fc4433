import time

import pytest

from accounts import audit
from tests.races.arena import HOLD


@pytest.fixture
def late_commit(monkeypatch):
    """Acts named here wait before they commit, so others come in between."""
    record, slow = audit.record, set()

    def slow_record(act, *args, **kwargs):
        entry = record(act, *args, **kwargs)
        if act in slow:
            time.sleep(HOLD)
        return entry

    monkeypatch.setattr(audit, "record", slow_record)
    return slow

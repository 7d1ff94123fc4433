"""Handing work to Celery without ever making a person wait for a broker that is away.

What is sent here is only a wake-up: the work itself stands in the database (outbox rows, jobs)
and beat sweeps up what no wake-up reached.
"""

import time
from threading import Lock

import structlog

PAUSE_SECONDS = 10

log = structlog.get_logger(__name__)
_lock = Lock()
_closed_until = 0.0


def send(task, *args, countdown=None):
    """Send a task now; returns whether the broker took it.

    After one refusal the broker is left alone for PAUSE_SECONDS, so that a stopped Redis costs
    one request a moment and the next ones nothing.
    """
    global _closed_until
    if time.monotonic() < _closed_until:
        return False
    try:
        task.apply_async(args=args, countdown=countdown, retry=False)
    except Exception as error:
        if task.app.conf.task_always_eager:
            raise
        with _lock:
            _closed_until = time.monotonic() + PAUSE_SECONDS
        log.warning("broker_away", task=task.name, error=type(error).__name__)
        return False
    return True


def forget_refusals():
    """Try the broker again at once (tests stop and start it)."""
    global _closed_until
    _closed_until = 0.0

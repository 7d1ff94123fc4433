"""Real processes beside a test: a Celery worker that works on the test's database."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

from veterans_portal.celery import app

PROJECT = Path(__file__).resolve().parent.parent


def environment() -> dict[str, str]:
    """Surroundings for a process that shares this test's database, cache, queue and files."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "veterans_portal.settings.test",
        "PORTAL_TEST_DATABASE": connection.settings_dict["NAME"],
        "PORTAL_TASKS_IN_PLACE": "0",
        "PRIVATE_FILES_DIR": str(settings.PRIVATE_FILES_DIR),
    }


@contextlib.contextmanager
def tasks_not_in_place() -> Iterator[None]:
    """`.delay()` really goes to the broker while the block runs."""
    before = app.conf.task_always_eager
    app.conf.task_always_eager = False
    try:
        yield
    finally:
        app.conf.task_always_eager = before


class Worker:
    """A running worker that a test may kill, stop and start again."""

    def __init__(self, *, concurrency: int = 1):
        self.concurrency = concurrency
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start it and wait until it takes work."""
        command = [sys.executable, "-m", "celery", "-A", "veterans_portal", "worker", "-l", "warning",
                   "--concurrency", str(self.concurrency), "-n", f"test-{os.getpid()}-{id(self)}@%h",
                   "--without-gossip", "--without-mingle"]  # fmt: skip
        self.process = subprocess.Popen(
            command, cwd=PROJECT, env=environment(), start_new_session=True
        )
        deadline = time.monotonic() + 30
        while not app.control.inspect(timeout=0.3).ping():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the Celery worker did not start")

    def kill(self) -> None:
        """End it and its children at once, as a lost machine would."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        """Ask it to end; insist after ten seconds."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()


@contextlib.contextmanager
def worker(*, concurrency: int = 1) -> Iterator[Worker]:
    """A worker for the time of the block; what waited in its queue is thrown away first."""
    assert settings.CELERY_TASK_DEFAULT_QUEUE.startswith("test")
    app.control.purge()
    running = Worker(concurrency=concurrency)
    running.start()
    try:
        yield running
    finally:
        running.stop()


def wait_until(condition, *, seconds: float = 15) -> None:
    """Ask `condition` again and again until it is true; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not true after {seconds} s"
        time.sleep(0.05)

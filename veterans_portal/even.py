"""Answers that take the same time whatever was found: a watch must not tell what the page does not."""

import time
from contextlib import contextmanager

from django.conf import settings


@contextmanager
def evenly():
    """Let what is inside take EVEN_ANSWER_SECONDS, if it was done sooner."""
    begun = time.monotonic()
    try:
        yield
    finally:
        time.sleep(max(0.0, settings.EVEN_ANSWER_SECONDS - (time.monotonic() - begun)))

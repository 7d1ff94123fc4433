"""What the surroundings say: the file .env and the choice of settings."""

import os
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / ".env"


def load() -> None:
    """Read .env when there is one. Variables that are set already win."""
    if not FILE.exists():
        return
    import environ

    environ.Env.read_env(FILE)


def embedded_name() -> str | None:
    """Which embedded servers these settings talk to: `run`, `test`, or none in production."""
    last = os.environ.get("DJANGO_SETTINGS_MODULE", "").rsplit(".", 1)[-1]
    return {"development": "run", "test": "test"}.get(last)

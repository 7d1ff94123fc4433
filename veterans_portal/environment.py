"""What the surroundings say: the file .env and the choice of settings."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def load() -> None:
    """Read .env (or the file PORTAL_ENV_FILE names) if there is one. Variables set already win."""
    file = Path(os.environ.get("PORTAL_ENV_FILE") or PROJECT / ".env")
    if not file.is_file():
        return
    import environ

    environ.Env.read_env(file)


def embedded_name() -> str | None:
    """Which embedded servers these settings talk to: `run`, `test`, or none in production."""
    last = os.environ.get("DJANGO_SETTINGS_MODULE", "").rsplit(".", 1)[-1]
    return {"development": "run", "test": "test"}.get(last)

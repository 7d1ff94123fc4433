"""A database with all migrations applied, kept on the embedded test server: test databases copy it.

Its name holds a digest of the migrations and of what they stand on, so an edited one is never
missed. Servers named by DATABASE_URL are left alone: there each test database is migrated anew.
"""

from __future__ import annotations

import fcntl
import hashlib

from django.conf import settings
from django.db import connection

from veterans_portal import embedded
from veterans_portal.environment import PROJECT

PREFIX = "prepared_"
KEPT = 4  # other branches' ones stay a while
SOURCES = (
    "*/migrations/*.py",
    "veterans_portal/*.py",
    "veterans_portal/settings/*.py",
    "requirements.txt",
    "tests/prepared_database.py",
)


def name() -> str:
    """What the prepared database of these sources is called."""
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(PROJECT.glob(pattern)):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(PROJECT)} {len(content)}\n".encode() + content)
    return PREFIX + digest.hexdigest()[:16]


def ensure() -> str:
    """Make the prepared database where it is missing (one process at a time); returns its name."""
    wanted = name()
    with open(embedded.VAR / "prepared-database.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        existing = _existing()
        if wanted not in existing:
            _make(wanted)
            _drop(existing[: 1 - KEPT])
    return wanted


def _existing() -> list[str]:
    """Prepared databases, the oldest first."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid", [f"{PREFIX}%"]
        )
        return [row[0] for row in cursor.fetchall()]


def _make(wanted: str) -> None:
    """Migrate beside, then rename: one that was killed half-way does not count."""
    test = settings.DATABASES["default"]["TEST"]
    before, test_name = connection.settings_dict["NAME"], test["NAME"]
    half = f"half_{wanted}"
    connection.settings_dict["TEST"]["NAME"] = test["NAME"] = half
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
    finally:
        connection.close()
        connection.settings_dict["TEST"]["NAME"] = test["NAME"] = test_name
        connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = before
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {half} RENAME TO {wanted}")


def _drop(names: list[str]) -> None:
    with connection._nodb_cursor() as cursor:
        for each in names:
            cursor.execute(f"DROP DATABASE IF EXISTS {each} WITH (FORCE)")

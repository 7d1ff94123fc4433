"""Files with personal data: encrypted at rest, under names nobody can guess, gone after a while.

They are served by views that ask for rights first, never by address.
"""

import secrets
import time
from pathlib import Path

from django.conf import settings

from veterans_portal import crypto

FOLDER = "private"


def keep(data):
    """Store bytes encrypted under the current key; returns the name to fetch them by."""
    name = secrets.token_urlsafe(24)
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = folder / f".{name}"
    half.touch(mode=0o600)
    half.write_bytes(crypto.encrypt_bytes(data))
    half.rename(folder / name)
    return name


def fetch(name):
    """Return the bytes; raises FileNotFoundError when they are gone."""
    return crypto.decrypt_bytes(_path(name).read_bytes())


def remove(name):
    """Remove a file; one that is gone already is fine."""
    _path(name).unlink(missing_ok=True)


def remove_older_than(days, *, keep_names=()):
    """Remove what is older than `days`, except `keep_names`; returns how many went."""
    limit = time.time() - days * 24 * 60 * 60
    gone = 0
    for path in _folder().glob("*"):
        if path.name not in keep_names and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _folder():
    return Path(settings.PRIVATE_FILES_DIR) / FOLDER


def _path(name):
    if not name or Path(name).name != name or name.startswith("."):
        raise FileNotFoundError(name)
    return _folder() / name

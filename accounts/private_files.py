"""Files with personal data: encrypted at rest, under names nobody can guess, gone after a while.

They are served by views that ask for rights first, never by address.
"""

import secrets
import shutil
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from veterans_portal import crypto

FOLDER = "private"
DAY_SECONDS = 24 * 60 * 60
SCRATCH_SECONDS = 2 * 60 * 60  # longer than any task may run


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


@contextmanager
def scratch():
    """A folder for the time of the block, for writers that need files on the way.

    It lies inside the private folder: what a killed worker leaves there is removed with the rest.
    """
    parent = _folder()
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=parent, prefix=".scratch-") as folder:
        yield Path(folder)


def remove_older_than(days):
    """Remove what is older than `days`, and scratch a dead worker left; returns how many went."""
    now = time.time()
    gone = 0
    for path in _folder().glob("*"):
        age = now - path.stat().st_mtime
        if path.is_dir() and age > SCRATCH_SECONDS:
            shutil.rmtree(path, ignore_errors=True)
        elif path.is_file() and age > days * DAY_SECONDS:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _folder():
    return Path(settings.PRIVATE_FILES_DIR) / FOLDER


def _path(name):
    if not name or Path(name).name != name or name.startswith("."):
        raise FileNotFoundError(name)
    return _folder() / name

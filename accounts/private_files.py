"""Files with personal data: encrypted at rest, under names nobody can guess.

Made files (exports, reports) are gone after a while. What people hand in lasts: it lies in a
folder of its own until it is removed by name. All are served by views that ask for rights first,
never by address.
"""

import os
import secrets
import shutil
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.apps import apps
from django.conf import settings

from veterans_portal import crypto
from veterans_portal.fields import PrivateFileField

FOLDER = "private"
LASTING = "lasting"
LASTING_MARK = f"{LASTING}."  # begins the names of files that are not swept by age
DAY_SECONDS = 24 * 60 * 60
SCRATCH_SECONDS = 2 * 60 * 60  # longer than any task may run


def keep(data, *, lasting=False):
    """Store bytes encrypted under the current key; returns the name to fetch them by.

    `lasting` files stay until they are removed: keep the name in a `PrivateFileField`, or the
    nightly sweep takes them for left over. The others go after PRIVATE_FILE_DAYS.
    """
    name = (LASTING_MARK if lasting else "") + secrets.token_urlsafe(24)
    _write(_path(name), crypto.encrypt_bytes(data))
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
    parent = _folder(FOLDER)
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=parent, prefix=".scratch-") as folder:
        yield Path(folder)


def remove_older_than(days):
    """Remove what is older than `days`, and scratch a dead worker left; returns how many went."""
    now = time.time()
    gone = 0
    for path in _folder(FOLDER).glob("*"):
        age = now - path.stat().st_mtime
        if path.is_dir() and age > SCRATCH_SECONDS:
            shutil.rmtree(path, ignore_errors=True)
        elif path.is_file() and age > days * DAY_SECONDS:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def remove_left_over(*, after_days=2):
    """Remove lasting files that no row names: their act was rolled back, or the row went.

    Younger ones are spared, because their transaction may still be open. Returns how many went.
    """
    limit = time.time() - after_days * DAY_SECONDS
    old = {path.name: path for path in _lasting() if path.stat().st_mtime < limit}
    for model, field in _named_by():
        if not old:
            break
        for name in model._default_manager.filter(**{f"{field}__in": list(old)}).values_list(
            field, flat=True
        ):
            old.pop(name, None)
    for path in old.values():
        path.unlink(missing_ok=True)
    return len(old)


def rotate():
    """Encrypt every lasting file of another key anew under the current one; returns how many."""
    mark = settings.CRYPTO_KEY_ID.encode() + b"\x00"
    changed = 0
    for path in _lasting():
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            continue  # removed meanwhile
        if not data.startswith(mark):
            age = path.stat().st_mtime
            _write(path, crypto.encrypt_bytes(crypto.decrypt_bytes(data)))
            os.utime(path, (age, age))
            changed += 1
    return changed


def _lasting():
    return [path for path in _folder(LASTING).glob(f"{LASTING_MARK}*") if path.is_file()]


def _named_by():
    """(model, field name) of every PrivateFileField."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, PrivateFileField):
                yield model, field.attname


def _write(path, blob):
    """Write a file whole or not at all, and on the disk before anybody relies on it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}")
    half.touch(mode=0o600)
    with half.open("wb") as file:
        file.write(blob)
        file.flush()
        os.fsync(file.fileno())
    half.rename(path)


def _folder(name):
    return Path(settings.PRIVATE_FILES_DIR) / name


def _path(name):
    if not name or Path(name).name != name or name.startswith("."):
        raise FileNotFoundError(name)
    return _folder(LASTING if name.startswith(LASTING_MARK) else FOLDER) / name

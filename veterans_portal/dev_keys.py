"""Random keys of a development machine, made once so that its data stays readable."""

import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from veterans_portal import signing


def load(path: Path) -> dict:
    """The keys in `path`, made first when there are none. The file is for its owner alone (0600)."""
    return _kept(path, _fresh)


def load_signing(path: Path) -> dict:
    """The same for the key that signs papers, in a file of its own."""
    return _kept(path, _fresh_signing)


def _kept(path: Path, make: Callable[[], dict]) -> dict:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f"{path.name}.{os.getpid()}")
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(make(), file, indent=2)
        try:
            os.link(half, path)  # fails when another process was first: its keys hold
        except FileExistsError:
            pass
        finally:
            half.unlink()
    return json.loads(path.read_text())


def _fresh() -> dict:
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "CRYPTO_KEYS": {"dev1": secrets.token_hex(16)},
        "CRYPTO_KEY_ID": "dev1",
        "BLIND_INDEX_KEY": secrets.token_hex(32),
        "AUDIT_SEAL_KEY": secrets.token_hex(32),
    }


def _fresh_signing() -> dict:
    return {"SIGNING_KEYS": {"dev1": signing.new_key()}, "SIGNING_KEY_ID": "dev1"}

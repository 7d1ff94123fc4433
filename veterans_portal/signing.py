"""Signatures that outlive their keys: each names its key, and old keys go on verifying.

A key is written `sm2:<private>:<public>` or `ed25519:<private>:<public>` (hex; an empty private
part only verifies). New signatures are made with `settings.SIGNING_KEY_ID`; changing it is the
whole rotation. See docs/adr/0010. `python -m veterans_portal.signing k2` prints a new key.
"""

import importlib.util
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519
from django.conf import settings


class UnknownKeyError(Exception):
    """Nothing can be said: the key is not in SIGNING_KEYS, or its algorithm is not installed."""


class Ed25519:
    """Ed25519 of the cryptography library; there on every machine."""

    name = "ed25519"

    @staticmethod
    def new():
        private = ed25519.Ed25519PrivateKey.generate()
        return private.private_bytes_raw(), private.public_key().public_bytes_raw()

    @staticmethod
    def sign(private, public, message):
        return ed25519.Ed25519PrivateKey.from_private_bytes(private).sign(message)

    @staticmethod
    def verify(public, message, signature):
        try:
            ed25519.Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


class Sm2:
    """SM2 with SM3 (GB/T 32918.2) by GmSSL; its wheels are for x86-64 machines."""

    name = "sm2"

    @staticmethod
    def new():
        from gmssl_pyx import sm2_key_generate

        public, private = sm2_key_generate()
        return private, public

    @staticmethod
    def sign(private, public, message):
        from gmssl_pyx import sm2_sign

        return sm2_sign(private, public, message)

    @staticmethod
    def verify(public, message, signature):
        from gmssl_pyx import InvalidValueError, sm2_verify

        try:
            return sm2_verify(public, message, signature)
        except InvalidValueError:
            return False


ALGORITHMS = {each.name: each for each in (Ed25519, Sm2)}


def has_sm2():
    """Whether this machine has the SM2 library."""
    return importlib.util.find_spec("gmssl_pyx") is not None


def new_key(algorithm=None):
    """A fresh key as it stands in SIGNING_KEYS: SM2 where there is a library for it."""
    algorithm = algorithm or (Sm2 if has_sm2() else Ed25519)
    private, public = algorithm.new()
    return f"{algorithm.name}:{private.hex()}:{public.hex()}"


def sign(message):
    """Sign `message` (bytes) with the current key; returns (signature as hex, key id)."""
    key_id = settings.SIGNING_KEY_ID
    algorithm, private, public = _key(key_id)
    if not private:
        raise UnknownKeyError(f"key {key_id} has no private part")
    return algorithm.sign(private, public, message).hex(), key_id


def verify(message, signature, key_id):
    """Whether the hex `signature` over `message` (bytes) is of the key `key_id`.

    Raises UnknownKeyError when the key is not at hand: that is no statement about the paper.
    """
    algorithm, _, public = _key(key_id)
    try:
        raw = bytes.fromhex(signature)
    except ValueError:
        return False
    return bool(raw) and algorithm.verify(public, message, raw)


def algorithm_of(key_id):
    """SM2 or Ed25519, as the reader of a paper is told; "" for an unknown key."""
    name = settings.SIGNING_KEYS.get(key_id, "").partition(":")[0]
    return {"sm2": "SM2", "ed25519": "Ed25519"}.get(name, "")


def _key(key_id):
    try:
        name, private, public = settings.SIGNING_KEYS[key_id].split(":")
        algorithm = ALGORITHMS[name]
    except (KeyError, ValueError) as error:
        raise UnknownKeyError(f"no usable key {key_id} in SIGNING_KEYS") from error
    if algorithm is Sm2 and not has_sm2():
        raise UnknownKeyError(f"key {key_id} is SM2, and gmssl-pyx is not installed here")
    return algorithm, bytes.fromhex(private), bytes.fromhex(public)


if __name__ == "__main__":
    _id = sys.argv[1] if len(sys.argv) > 1 else "k1"
    sys.stdout.write(f"{_id}={new_key()}\n")

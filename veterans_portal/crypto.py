"""National cryptography behind one provider: SM4-GCM for fields, HMAC-SM3 for search and seals.

Every ciphertext carries its key id (`k1:<base64>`), so keys rotate without a flag day
(`manage.py rotate_keys`). The software provider serves until a certified module takes its
place behind the same four methods (`domain.md` D.2).
"""

import base64
import hmac
import os
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as crypto_hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.utils.module_loading import import_string

NONCE_BYTES = 12
TAG_BYTES = 16


class UnreadableValueError(Exception):
    """A stored ciphertext does not open: wrong key, or it was tampered with."""


class SoftwareProvider:
    """SM4-GCM and HMAC-SM3 in this process, keys from the settings."""

    def encrypt(self, plaintext, *, key_id):
        """Return nonce + ciphertext + tag of `plaintext` (bytes) under the key `key_id`."""
        nonce = os.urandom(NONCE_BYTES)
        encryptor = Cipher(algorithms.SM4(self._key(key_id)), modes.GCM(nonce)).encryptor()
        body = encryptor.update(plaintext) + encryptor.finalize()
        return nonce + body + encryptor.tag

    def decrypt(self, blob, *, key_id):
        """Return the plaintext bytes; raises UnreadableValueError when the seal is broken."""
        nonce, body, tag = blob[:NONCE_BYTES], blob[NONCE_BYTES:-TAG_BYTES], blob[-TAG_BYTES:]
        try:
            cipher = Cipher(algorithms.SM4(self._key(key_id)), modes.GCM(nonce, tag))
            decryptor = cipher.decryptor()
            return decryptor.update(body) + decryptor.finalize()
        except Exception as error:
            raise UnreadableValueError(f"value under key {key_id} does not open") from error

    def mac(self, message, *, key):
        """Return the 32 byte HMAC-SM3 of `message` under `key` (both bytes)."""
        digest = crypto_hmac.HMAC(key, hashes.SM3())
        digest.update(message)
        return digest.finalize()

    @staticmethod
    def _key(key_id):
        try:
            return bytes.fromhex(settings.CRYPTO_KEYS[key_id])
        except KeyError as error:
            raise UnreadableValueError(f"no key {key_id} in CRYPTO_KEYS") from error


@lru_cache(maxsize=1)
def provider():
    """Return the provider named by `settings.CRYPTO_PROVIDER` (one per process)."""
    return import_string(settings.CRYPTO_PROVIDER)()


def encrypt_bytes(data):
    """Encrypt bytes under the current key; returns `key id NUL blob` (for files at rest)."""
    key_id = settings.CRYPTO_KEY_ID
    return key_id.encode() + b"\x00" + provider().encrypt(data, key_id=key_id)


def decrypt_bytes(data):
    """Open what `encrypt_bytes` made; raises UnreadableValueError."""
    key_id, _, blob = data.partition(b"\x00")
    return provider().decrypt(blob, key_id=key_id.decode(errors="replace"))


def encrypt(text):
    """Encrypt a string under the current key; returns `key_id:base64`."""
    key_id = settings.CRYPTO_KEY_ID
    blob = provider().encrypt(text.encode(), key_id=key_id)
    return f"{key_id}:{base64.b64encode(blob).decode()}"


def decrypt(value):
    """Open what `encrypt` made; raises UnreadableValueError."""
    key_id, _, encoded = value.partition(":")
    try:
        blob = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise UnreadableValueError("stored value is not base64") from error
    return provider().decrypt(blob, key_id=key_id).decode()


def blind_index(kind, text):
    """Return the 64 hex digits that stand for `text` in an exact search.

    `kind` keeps equal strings of different meaning apart (a phone is not a staff number).
    """
    key = bytes.fromhex(settings.BLIND_INDEX_KEY)
    return provider().mac(f"{kind}\x00{text}".encode(), key=key).hex()


def seal(message):
    """Return the HMAC-SM3 seal (hex) over `message` (bytes), for audit chains and signed files."""
    return provider().mac(message, key=bytes.fromhex(settings.AUDIT_SEAL_KEY)).hex()


def digest(data):
    """Return the SM3 digest (64 hex digits) of `data` (bytes); it needs no key."""
    hashed = hashes.Hash(hashes.SM3())
    hashed.update(data)
    return hashed.finalize().hex()


def same(a, b):
    """Compare two digests in constant time."""
    return hmac.compare_digest(a, b)

"""Signatures: each algorithm, rotation of keys, and what is not at hand."""

import pytest

from veterans_portal import dev_keys, signing

needs_sm2 = pytest.mark.skipif(not signing.has_sm2(), reason="no SM2 library on this machine")
ALGORITHMS = [signing.Ed25519, pytest.param(signing.Sm2, marks=needs_sm2)]
# GB/T 32918.5-2017, A.2: the example of the standard
PUBLIC = (
    "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
SIGNATURE = (
    "3046"
    "022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_sign__then_verify__holds_for_these_bytes_only(settings, algorithm):
    settings.SIGNING_KEYS = {"k1": signing.new_key(algorithm)}
    settings.SIGNING_KEY_ID = "k1"
    signature, key_id = signing.sign("王建国".encode())
    assert key_id == "k1"
    assert len(signature) <= 200
    assert signing.verify("王建国".encode(), signature, "k1")
    assert not signing.verify("王建军".encode(), signature, "k1")
    swapped = "0" if signature[20] != "0" else "1"
    assert not signing.verify("王建国".encode(), signature[:20] + swapped + signature[21:], "k1")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("signature", ["", "00", "zz", "3006020100020100", "ff" * 72])
def test_verify__nonsense__is_plainly_not_valid(settings, algorithm, signature):
    settings.SIGNING_KEYS = {"k1": signing.new_key(algorithm)}
    assert not signing.verify(b"x", signature, "k1")


@needs_sm2
def test_sm2__known_answer__of_the_standard(settings):
    settings.SIGNING_KEYS = {"old": f"sm2::{PUBLIC}"}
    assert signing.verify(b"message digest", SIGNATURE, "old")
    assert not signing.verify(b"message digesT", SIGNATURE, "old")
    assert signing.algorithm_of("old") == "SM2"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_rotation__old_key_without_its_private_part__still_verifies(settings, algorithm):
    first = signing.new_key(algorithm)
    settings.SIGNING_KEYS, settings.SIGNING_KEY_ID = {"k1": first}, "k1"
    signature, _ = signing.sign(b"paper")
    name, _, public = first.split(":")
    settings.SIGNING_KEYS = {"k1": f"{name}::{public}", "k2": signing.new_key(signing.Ed25519)}
    settings.SIGNING_KEY_ID = "k2"
    assert signing.verify(b"paper", signature, "k1")
    assert not signing.verify(b"paper", signature, "k2")
    assert signing.sign(b"paper")[1] == "k2"


def test_verify__key_that_is_gone__says_nothing_about_the_paper(settings):
    with pytest.raises(signing.UnknownKeyError):
        signing.verify(b"x", "00", "lost")
    assert signing.algorithm_of("lost") == ""


def test_verify__sm2_without_its_library__says_nothing(settings, monkeypatch):
    settings.SIGNING_KEYS = {"k1": f"sm2::{PUBLIC}"}
    monkeypatch.setattr(signing, "has_sm2", lambda: False)
    with pytest.raises(signing.UnknownKeyError):
        signing.verify(b"message digest", SIGNATURE, "k1")


def test_sign__key_that_only_verifies__refuses(settings):
    settings.SIGNING_KEYS, settings.SIGNING_KEY_ID = {"k1": f"ed25519::{'00' * 32}"}, "k1"
    with pytest.raises(signing.UnknownKeyError):
        signing.sign(b"x")


def test_dev_key__is_made_once_and_for_its_owner_alone(tmp_path):
    path = tmp_path / "key.json"
    first = dev_keys.load_signing(path)
    assert dev_keys.load_signing(path) == first
    assert path.stat().st_mode & 0o077 == 0
    assert first["SIGNING_KEY_ID"] in first["SIGNING_KEYS"]

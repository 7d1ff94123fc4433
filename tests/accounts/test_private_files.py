"""Files that last: encrypted, found by name only, moved to new keys, swept when nothing names them."""

import os
import time

import pytest
from django.core.management import call_command

from accounts import private_files
from veterans_portal import crypto

OLD = time.time() - 5 * private_files.DAY_SECONDS


def path_of(settings, name):
    return settings.PRIVATE_FILES_DIR / private_files.LASTING / name


def test_keep__lasting__is_encrypted_and_outlives_the_sweep_by_age(settings):
    name = private_files.keep("身份证".encode(), lasting=True)
    assert len(name) <= 64
    path = path_of(settings, name)
    assert "身份证".encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    os.utime(path, (OLD, OLD))
    assert private_files.remove_older_than(-1) == 0
    assert private_files.fetch(name).decode() == "身份证"


def test_remove__lasting__twice_is_once():
    name = private_files.keep(b"x", lasting=True)
    private_files.remove(name)
    private_files.remove(name)
    with pytest.raises(FileNotFoundError):
        private_files.fetch(name)


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../private/x", "lasting.", "lasting./../x", "a/b", ".lasting.x", "a\\..\\b"],
)
def test_fetch__name_that_leads_elsewhere__finds_nothing(name):
    with pytest.raises(FileNotFoundError):
        private_files.fetch(name)


def test_rotate__lasting_files__are_under_the_new_key_and_read_the_same(settings):
    names = [private_files.keep(f"{each}".encode(), lasting=True) for each in range(3)]
    os.utime(path_of(settings, names[0]), (OLD, OLD))
    settings.CRYPTO_KEY_ID = "t2"
    fresh = private_files.keep(b"new", lasting=True)
    assert private_files.rotate() == 3
    assert private_files.rotate() == 0
    del settings.CRYPTO_KEYS
    settings.CRYPTO_KEYS = {"t2": "ffeeddccbbaa99887766554433221100"}
    assert [private_files.fetch(name) for name in names] == [b"0", b"1", b"2"]
    assert private_files.fetch(fresh) == b"new"
    assert path_of(settings, names[0]).stat().st_mtime == pytest.approx(OLD, abs=1)


def test_rotate__key_that_is_lost__leaves_the_file(settings):
    name = private_files.keep(b"x", lasting=True)
    settings.CRYPTO_KEYS = {"t2": "ffeeddccbbaa99887766554433221100"}
    settings.CRYPTO_KEY_ID = "t2"
    with pytest.raises(crypto.UnreadableValueError):
        private_files.rotate()
    assert path_of(settings, name).exists()


@pytest.mark.django_db
def test_rotate_keys__command__takes_the_files_too(settings, capsys):
    private_files.keep(b"x", lasting=True)
    settings.CRYPTO_KEY_ID = "t2"
    call_command("rotate_keys")
    assert "长期保存的文件：1份换了密钥" in capsys.readouterr().out


@pytest.mark.django_db
def test_left_over__old_and_named_by_nothing__goes_and_young_stays(settings):
    old, young = (private_files.keep(b"x", lasting=True) for _ in range(2))
    os.utime(path_of(settings, old), (OLD, OLD))
    assert private_files.remove_left_over() == 1
    assert not path_of(settings, old).exists()
    assert path_of(settings, young).exists()

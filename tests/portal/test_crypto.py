"""SM4-GCM, HMAC-SM3 and the fields built on them."""

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from tests.factories.accounts import UserFactory
from veterans_portal import crypto


def test_sm4__known_answer__of_the_standard():
    # GB/T 32907-2016, appendix A.1: one block under a key equal to the plaintext.
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()
    assert (encryptor.update(key) + encryptor.finalize()).hex() == (
        "681edf34d206965e86b3e94f536e4246"
    )


def test_sm3__known_answer__of_the_standard():
    from cryptography.hazmat.primitives import hashes

    digest = hashes.Hash(hashes.SM3())
    digest.update(b"abc")
    assert digest.finalize().hex() == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )


@given(st.text())
def test_encrypt__any_text__opens_to_the_same(text):
    assert crypto.decrypt(crypto.encrypt(text)) == text


@given(st.binary(max_size=2000))
def test_encrypt_bytes__any_file__opens_to_the_same(data):
    assert crypto.decrypt_bytes(crypto.encrypt_bytes(data)) == data


def test_encrypt__twice__never_looks_alike():
    assert crypto.encrypt("13812345678") != crypto.encrypt("13812345678")


def test_decrypt__one_letter_changed__is_refused():
    value = crypto.encrypt("320281195803124531")
    broken = value[:-6] + ("A" if value[-6] != "A" else "B") + value[-5:]
    with pytest.raises(crypto.UnreadableValueError):
        crypto.decrypt(broken)


def test_decrypt__under_a_former_key__still_opens(settings):
    old = crypto.encrypt("江阴市")
    settings.CRYPTO_KEY_ID = "t2"
    new = crypto.encrypt("江阴市")
    assert old.startswith("t1:")
    assert new.startswith("t2:")
    assert crypto.decrypt(old) == crypto.decrypt(new) == "江阴市"


def test_blind_index__same_digits_of_another_kind__differ():
    assert crypto.blind_index("phone", "13812345678") != crypto.blind_index("id", "13812345678")


@pytest.mark.django_db
def test_encrypted_field__in_the_database__is_not_the_text():
    user = UserFactory(phone="13812345678")
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, phone_index FROM accounts_user WHERE id = %s", [user.pk])
        phone, index = cursor.fetchone()
    assert "13812345678" not in phone + index
    assert User.objects.get(pk=user.pk).phone == "13812345678"


@pytest.mark.django_db
def test_encrypted_field__searched_directly__says_to_use_the_blind_index():
    with pytest.raises(FieldError, match="blind index"):
        User.objects.filter(phone="13812345678").exists()
    assert not User.objects.with_phone("13812345678").exists()


@pytest.mark.django_db
def test_blind_index_field__follows_its_source__on_every_save():
    user = UserFactory(phone="13812345678")
    user.phone = "13912345678"
    user.save()
    assert User.objects.with_phone("13912345678").get() == user
    assert not User.objects.with_phone("13812345678").exists()

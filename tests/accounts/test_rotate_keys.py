from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts import rotation
from accounts.models import AuditEntry, Message, User
from services.models import Person
from tests.factories.accounts import MessageFactory, UserFactory
from tests.factories.persons import PersonFactory
from veterans_portal import crypto

pytestmark = pytest.mark.django_db


@pytest.fixture
def new_key(settings):
    settings.CRYPTO_KEY_ID = "t2"


def key_ids(table, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT split_part({column}, ':', 1) FROM {table}")
        return {row[0] for row in cursor.fetchall()}


def test_rotate__values_of_the_old_key__are_all_under_the_new_one_and_read_the_same(new_key):
    _under_the_old_key()
    person = Person.objects.get()
    before = (person.id_number, person.phone, person.updated_at)
    call_command("rotate_keys")
    assert key_ids("services_person", "id_number") == {"t2"}
    assert key_ids("accounts_message", "body") == {"t2"}
    person = Person.objects.get()
    assert (person.id_number, person.phone, person.updated_at) == before
    assert Message.objects.get().body == "您有一条提醒。"


def test_rotate__file__gets_no_history_of_a_change(new_key):
    _under_the_old_key()
    call_command("rotate_keys")
    assert Person.objects.get().history.count() == 0


def test_rotate__stopped_half_way__goes_on(new_key, monkeypatch):
    _under_the_old_key(messages=5)
    monkeypatch.setattr(rotation, "BATCH", 2)

    class StoppedError(Exception):
        pass

    def stop(rows):
        raise StoppedError

    secret = next(fields for model, fields, _ in rotation.encrypted_columns() if model is Message)
    with pytest.raises(StoppedError):
        rotation.rotate(Message, secret, done=stop)
    assert key_ids("accounts_message", "body") == {"t1", "t2"}
    assert rotation.rotate(Message, secret) == 3
    assert key_ids("accounts_message", "body") == {"t2"}


def test_rotate__again__changes_nothing(new_key):
    _under_the_old_key()
    call_command("rotate_keys")
    call_command("rotate_keys")
    counts = [
        entry.detail["rows"]
        for entry in AuditEntry.objects.filter(act="accounts.keys_rotated").order_by("id")
    ]
    assert counts[0] > 0
    assert counts[1] == 0


def test_rotate__old_key_missing__says_what_to_do(new_key, settings):
    _under_the_old_key()
    settings.CRYPTO_KEYS = {"t2": settings.CRYPTO_KEYS["t2"]}
    with pytest.raises(CommandError, match="保留着旧密钥"):
        call_command("rotate_keys")


def test_rotate__rehash__people_are_found_under_the_new_index_key(settings):
    user = UserFactory()
    person = PersonFactory()
    settings.BLIND_INDEX_KEY = "33" * 32
    assert not User.objects.with_phone(user.phone).exists()
    call_command("rotate_keys", "--rehash")
    assert User.objects.with_phone(user.phone).get() == user
    assert Person.objects.with_id_number(person.id_number).get() == person


def test_encrypted_columns__each_encrypted_field__is_covered():
    tables = [model._meta.db_table for model, _, _ in rotation.encrypted_columns()]
    assert all(a != b for a, b in pairwise(sorted(tables)))
    assert {"services_person", "services_personhistory", "accounts_message"} <= set(tables)


def _under_the_old_key(messages=1):
    current, crypto.settings.CRYPTO_KEY_ID = crypto.settings.CRYPTO_KEY_ID, "t1"
    PersonFactory()
    MessageFactory.create_batch(messages)
    crypto.settings.CRYPTO_KEY_ID = current

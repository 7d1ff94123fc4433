import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory, override_settings
from django.utils import timezone

from accounts import acts, audit, sealing
from accounts.models import AuditEntry, AuditSeal
from tests.factories.accounts import AuditEntryFactory, UserFactory
from tests.factories.persons import PersonFactory

pytestmark = pytest.mark.django_db

ID_NUMBER = "320281195803124512"


def test_record__person_as_target__name_is_masked():
    person = PersonFactory(name="张建国")
    entry = audit.record("accounts.signed_in", person, by=UserFactory(staff=True, name="李强"))
    assert (entry.actor_name, entry.target_name) == ("李强", "张*国")
    assert entry.station_path == person.station.path


def test_record__citizen_as_actor__name_is_masked():
    citizen = UserFactory(name="王小明")
    assert audit.record("accounts.signed_in", by=citizen).actor_name == "王*明"


def test_record__numbers_in_detail__are_masked_at_any_depth():
    entry = audit.record(
        "accounts.signed_in",
        detail={"note": f"证件{ID_NUMBER}", "list": [{"phone": "13812345678"}], "n": 13812345678},
    )
    entry.refresh_from_db()
    text = str(entry.detail)
    assert ID_NUMBER not in text
    assert "13812345678" not in text
    assert "138****5678" in text


def test_record__anonymous__has_no_actor():
    entry = audit.record("accounts.sign_in_refused", outcome="REFUSED")
    assert (entry.actor, entry.actor_name) == (None, "")


def test_entry_values__saved_by_hand__is_the_row_record_writes():
    values = audit.entry_values("accounts.signed_in", by=UserFactory(), detail={"a": "乙"})
    columns = ", ".join(values)
    marks = ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {AuditEntry._meta.db_table} ({columns}) SELECT {marks}",
            list(values.values()),
        )
    assert AuditEntry.objects.get().detail == {"a": "乙"}


@pytest.mark.parametrize(
    "forwarded, proxies, expected",
    [
        ("203.0.113.9", 0, "10.0.0.1"),
        ("198.51.100.1, 203.0.113.9", 1, "203.0.113.9"),
        ("", 1, "10.0.0.1"),
        ("<script>", 1, None),
    ],
)
def test_client_address__behind_proxies__trusts_only_them(forwarded, proxies, expected):
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", **headers)
    with override_settings(TRUSTED_PROXY_COUNT=proxies):
        assert audit.client_address(request) == expected


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET {column} = 'x'",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
    ],
)
@pytest.mark.parametrize("model, column", [(AuditEntry, "act"), (AuditSeal, "digest")])
def test_audit_tables__update_delete_truncate__are_refused_by_the_database(
    model, column, statement
):
    _sealed_entries(1)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table=model._meta.db_table, column=column))


def test_acts__every_act_in_the_code__has_a_label():
    root = Path(settings.BASE_DIR)
    pattern = re.compile(r"(?:record|entry_values)\(\s*\"([a-z_]+\.[a-z_.]+)\"")
    used = {
        act
        for app in ("accounts", "services", "placement", "preferential", "memorials", "reports")
        for path in (root / app).rglob("*.py")
        for act in pattern.findall(path.read_text())
    }
    assert used
    assert sorted(used - set(acts.catalogue())) == []


def test_seal_entries__young_entry__waits():
    AuditEntryFactory(act="accounts.signed_in")
    assert sealing.seal_entries() == 0


def test_verify__untouched_chain__holds():
    _sealed_entries(3)
    proof = sealing.verify()
    assert (proof.seals, proof.fault) == (3, "")
    assert sealing.digest_at(3) == proof.head


def test_seal_entries__lower_id_appears_late__is_sealed_after_the_others():
    _sealed_entries(2)
    late = _old_entry(id=1_000_000)
    sealing.seal_entries()
    early = _old_entry(id=999_999)
    sealing.seal_entries()
    assert late.auditseal.number < early.auditseal.number
    assert sealing.verify().fault == ""


def test_verify__entry_changed_behind_the_triggers__names_the_row():
    entries = _sealed_entries(3)
    _by_force("UPDATE accounts_auditentry SET actor_name = '别人' WHERE id = %s", entries[1].pk)
    proof = sealing.verify()
    assert proof.seals == 1
    assert str(entries[1].pk) in proof.fault


def test_verify__entry_and_seal_removed__is_found():
    entries = _sealed_entries(3)
    _by_force("DELETE FROM accounts_auditseal WHERE entry_id = %s", entries[1].pk)
    _by_force("DELETE FROM accounts_auditentry WHERE id = %s", entries[1].pk)
    assert "第2号封签不见了" in sealing.verify().fault


def test_verify__old_entry_without_seal__is_found():
    _old_entry()
    assert "没有封签" in sealing.verify().fault


def test_verify_audit__broken_chain__ends_with_an_error(capsys):
    entries = _sealed_entries(2)
    call_command("verify_audit")
    assert "2条" in capsys.readouterr().out
    _by_force("UPDATE accounts_auditentry SET act = 'x' WHERE id = %s", entries[0].pk)
    with pytest.raises(CommandError, match=str(entries[0].pk)):
        call_command("verify_audit")


def test_verify_audit__head_kept_elsewhere_differs__ends_with_an_error():
    _sealed_entries(2)
    with pytest.raises(CommandError, match="第2号"):
        call_command("verify_audit", "--head", f"2:{'0' * 64}")


def _old_entry(**values):
    return AuditEntryFactory(
        act="accounts.signed_in", at=timezone.now() - timedelta(hours=1), **values
    )


def _sealed_entries(count):
    entries = [_old_entry() for _ in range(count)]
    sealing.seal_entries()
    return entries


def _by_force(statement, *args):
    """As somebody who owns the database would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, args)
        cursor.execute("SET session_replication_role = DEFAULT")

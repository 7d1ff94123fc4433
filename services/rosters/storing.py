"""Rows of a roster on their way into the database, thousands at a time by COPY."""

import json
import re
from functools import lru_cache
from io import StringIO

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from services.enums import FileSource, FileState
from services.models import Identity, Person, RosterImport, RosterRow
from veterans_portal import crypto, pinyin

STAGE = "roster_stage"
PERSON_COLUMNS = (
    "name", "name_pinyin", "name_initials", "sex", "birth", "id_number", "id_index", "phone",
    "phone_index", "address", "station_id", "enlisted_on", "discharged_on", "placement_way",
    "disability_grade", "disability_nature", "honour_plaque_on", "lives_alone", "state", "source",
    "created_at", "created_by_id", "submitted_by_id", "submitted_at", "returned_reason",
    "filed_at", "closed_reason", "updated_at",
)  # fmt: skip
IDENTITY_COLUMNS = (
    "person_id", "category", "evidence", "evidence_number", "verified_by_id", "verified_at",
)  # fmt: skip
ROW_COLUMNS = ("roster_id", "number", "id_index", "cells", "errors", "known")
ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
SPECIAL = re.compile(r"[\\\t\n\r]")
UNKNOWN_EVIDENCE = "名册导入"


def copy_rows(table, columns, rows):
    """COPY tuples into a table; values are text, numbers, booleans, dates or None."""
    text = StringIO()
    for row in rows:
        text.write("\t".join([_copied(value) for value in row]))
        text.write("\n")
    text.seek(0)
    listed = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{table}" ({listed}) FROM STDIN', text)


def keep_checked(roster, rows):
    """Write checked rows (of checking.Row, with `id_index` and `known` set) to wait."""
    copy_rows(
        RosterRow._meta.db_table,
        ROW_COLUMNS,
        [
            (
                roster.pk,
                row.number,
                row.id_index,
                crypto.encrypt(_packed(row)),
                ENCODE(row.errors) if row.errors else "{}",
                row.known,
            )
            for row in rows
        ],
    )


@transaction.atomic
def add_persons(roster, rows, *, by, filed):
    """Put good waiting rows into the registration file; returns how many were new.

    `filed` says whether the files are in force at once or wait for review. Who is on file by now is
    left alone and counted as known. The waiting rows go in the same transaction: a batch can be
    done again after a crash, and what is in stands nowhere twice.
    """
    now = timezone.now()
    people = [json.loads(row.cells)["values"] for row in rows]
    digests = [row.id_index for row in rows]
    with connection.cursor() as cursor:
        listed = ", ".join(f'"{column}"' for column in PERSON_COLUMNS)
        table = Person._meta.db_table
        cursor.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS {STAGE} ON COMMIT DELETE ROWS "  # noqa: S608
            f'AS SELECT {listed} FROM "{table}" WHERE false'
        )
        copy_rows(
            STAGE,
            PERSON_COLUMNS,
            [
                _person(values, digest, by, filed, now)
                for values, digest in zip(people, digests, strict=True)
            ],
        )
        cursor.execute(
            f'INSERT INTO "{table}" ({listed}) SELECT {listed} FROM {STAGE} '  # noqa: S608
            "ON CONFLICT (id_index) DO NOTHING RETURNING id_index, id"
        )
        new = dict(cursor.fetchall())
        cursor.execute(f"DELETE FROM {STAGE}")  # noqa: S608  one transaction may hold batches
    copy_rows(
        Identity._meta.db_table,
        IDENTITY_COLUMNS,
        [
            identity
            for values, digest in zip(people, digests, strict=True)
            if digest in new
            for identity in _identities(values, new[digest], by, filed, now)
        ],
    )
    RosterRow.objects.filter(pk__in=[row.pk for row in rows]).delete()
    RosterImport.objects.filter(pk=roster.pk).update(
        rows_added=F("rows_added") + len(new),
        rows_good=F("rows_good") - (len(rows) - len(new)),
        rows_known=F("rows_known") + len(rows) - len(new),
    )
    return len(new)


def shown(row):
    """The cells of a stored row as the file had them."""
    return json.loads(row.cells)["shown"]


def _packed(row):
    content = {"shown": row.shown}
    if not row.errors:
        values = dict(row.values)
        number = values.pop("id_number")
        values |= {"id_number": number.text, "sex": number.sex, "birth": number.birth}
        content["values"] = values
    return ENCODE(content)


def _person(values, digest, by, filed, now):
    name, phone, address = values["name"], values["phone"], values["address"]
    return (
        name,
        *_search_keys(name),
        values["sex"],
        values["birth"],
        crypto.encrypt(values["id_number"]),
        digest,
        crypto.encrypt(phone) if phone else None,
        crypto.blind_index("phone", phone) if phone else None,
        crypto.encrypt(address) if address else "",
        values["station"],
        values["enlisted_on"],
        values["discharged_on"],
        values["placement_way"],
        values["disability_grade"],
        values["disability_nature"],
        values["honour_plaque_on"],
        values["lives_alone"],
        FileState.FILED if filed else FileState.SUBMITTED,
        FileSource.ROSTER,
        now,
        by.pk,
        None if filed else by.pk,
        None if filed else now,
        "",
        now if filed else None,
        "",
        now,
    )


@lru_cache(maxsize=20_000)
def _search_keys(name):
    return pinyin.keys(name)


def _identities(values, person_id, by, filed, now):
    for category in values["categories"]:
        evidence = values["evidence"] or (UNKNOWN_EVIDENCE if filed else "")
        yield (
            person_id,
            category,
            evidence,
            "",
            by.pk if filed else None,
            now if filed else None,
        )


def _copied(value):
    if value is None:
        return r"\N"
    if isinstance(value, str):
        return value.translate(ESCAPES) if SPECIAL.search(value) else str(value)
    if value is True:
        return "t"
    if value is False:
        return "f"
    return str(value)

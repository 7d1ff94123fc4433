"""Moving every encrypted value to the current key, without stopping the portal.

Each value carries its key id, so values of the old key are found by prefix, in batches, and a run
that was stopped goes on where it was. Writing goes past the models: neither history nor
`updated_at` should say that somebody changed a file.
"""

import pghistory.trigger
import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from veterans_portal import crypto
from veterans_portal.fields import BlindIndexField, EncryptedTextField

BATCH = 500


def encrypted_columns():
    """All (model, encrypted fields, blind index fields) of the portal, history tables too."""
    for model in apps.get_models(include_auto_created=True):
        fields = model._meta.concrete_fields
        secret = [each for each in fields if isinstance(each, EncryptedTextField)]
        if secret and model._meta.managed and not model._meta.proxy:
            yield model, secret, [each for each in fields if isinstance(each, BlindIndexField)]


def rotate(model, secret, *, done=lambda rows: None):
    """Re-encrypt the rows of a model that hold a value of another key; returns how many."""
    total = 0
    while rows := _batch(model, secret):
        total += rows
        done(rows)
    return total


def rehash(model, blind, *, done=lambda rows: None):
    """Compute the blind indexes anew, after BLIND_INDEX_KEY changed; returns how many rows.

    Until it is through, exact search does not find the rows that still wait: do it at night.
    """
    total, last = 0, None
    names = {field.column: field for field in blind}
    sources = {each.column: model._meta.get_field(each.source).column for each in blind}
    key = model._meta.pk.column
    while True:
        with past_guards(), transaction.atomic(), connection.cursor() as cursor:
            after = f'WHERE "{key}" > %s' if last is not None else ""
            columns = ", ".join(f'"{column}"' for column in sources.values())
            cursor.execute(
                f'SELECT "{key}", {columns} FROM "{model._meta.db_table}" {after} '  # noqa: S608
                f'ORDER BY "{key}" LIMIT {BATCH} FOR UPDATE',
                [last] if last is not None else [],
            )
            rows = cursor.fetchall()
            for pk, *values in rows:
                digests = [
                    crypto.blind_index(field.kind, crypto.decrypt(value)) if value else value
                    for field, value in zip(names.values(), values, strict=True)
                ]
                _write(cursor, model, list(names), digests, pk)
        if not rows:
            return total
        last = rows[-1][0]
        total += len(rows)
        done(len(rows))


def _batch(model, secret):
    key = model._meta.pk.column
    columns = [field.column for field in secret]
    mark = f"{settings.CRYPTO_KEY_ID}:%"
    stale = " OR ".join(f'("{column}" <> \'\' AND "{column}" NOT LIKE %s)' for column in columns)
    listed = ", ".join(f'"{column}"' for column in columns)
    with past_guards(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "{key}", {listed} FROM "{model._meta.db_table}" WHERE {stale} '  # noqa: S608
            f"LIMIT {BATCH} FOR UPDATE SKIP LOCKED",
            [mark] * len(columns),
        )
        rows = cursor.fetchall()
        for pk, *values in rows:
            fresh = [crypto.encrypt(crypto.decrypt(value)) if value else value for value in values]
            _write(cursor, model, columns, fresh, pk)
    return len(rows)


def _write(cursor, model, columns, values, pk):
    changes = ", ".join(f'"{column}" = %s' for column in columns)
    cursor.execute(
        f'UPDATE "{model._meta.db_table}" SET {changes} '  # noqa: S608
        f'WHERE "{model._meta.pk.column}" = %s',
        [*values, pk],
    )


def past_guards():
    """A block in which no history trigger takes the new ciphertext for a change of the file, and
    rows that are kept as they were written (papers, timelines) may be written anew: what they say
    stays the same."""
    secret = {model for model, _, _ in encrypted_columns()}
    uris = [
        f"{model._meta.label}:{trigger.name}"
        for model, trigger in pgtrigger.registered()
        if isinstance(trigger, pghistory.trigger.Event)
        or (isinstance(trigger, pgtrigger.Protect) and model in secret)
    ]
    return pgtrigger.ignore(*uris)

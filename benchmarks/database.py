"""A database that exists only while we measure, on the server of `make run`."""

import contextlib


@contextlib.contextmanager
def own_database(name):
    """Make the database `name` with all migrations, use it, and remove it again."""
    from django.core.management import call_command
    from django.db import connection

    drop = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"
    with connection._nodb_cursor() as cursor:
        cursor.execute(drop)
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(drop)

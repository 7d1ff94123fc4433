"""Strict from the first day: real PostgreSQL and Valkey, warnings are errors, random order."""

from __future__ import annotations

import contextlib
import os

import pytest

from tests import live, pages, prepared_database
from veterans_portal import embedded, environment

pytest_plugins = ["tests.browser_fixtures"]
_servers = contextlib.ExitStack()
REMADE = ("django_content_type", "auth_permission")


def pytest_sessionstart(session):
    """Have the embedded servers for as long as the session runs; nothing when all is external."""
    environment.load()
    if not session.config.option.collectonly:
        try:
            _servers.enter_context(embedded.servers("test"))
        except embedded.ServerError as problem:
            pytest.exit(str(problem), returncode=3)


def pytest_unconfigure(config):
    _servers.close()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Where several processes share the tests, the long ones come first: all end together."""
    if os.environ.get("PYTEST_XDIST_WORKER"):
        items.sort(key=_shortness)


def _shortness(item):
    if item.get_closest_marker("slow"):
        return 0
    return 1 if item.get_closest_marker("browser") or item.get_closest_marker("race") else 2


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    """The test database starts as a copy of one that is migrated already."""
    from django.db import connection

    if not os.environ.get("DATABASE_URL"):
        with django_db_blocker.unblock():
            connection.settings_dict["TEST"]["TEMPLATE"] = prepared_database.ensure()


@pytest.fixture(autouse=True, scope="session")
def _templates_say_what_is_undefined():
    with pages.undefined_variables_shown():
        yield


@pytest.fixture(autouse=True, scope="session")
def _flush_deletes():
    """After a test that commits: empty the tables that hold rows, without the audit's refusals.

    Much faster than Django's TRUNCATE of every table. Content types and permissions stay; Django
    would make the same ones again.
    """
    from django.db import transaction
    from django.db.backends.postgresql.operations import DatabaseOperations

    def execute_sql_flush(self, sql_list):
        tables = self.connection.introspection.django_table_names(only_existing=True)
        asked = [f"SELECT {n} WHERE EXISTS (SELECT FROM {self.quote_name(table)})"
                 for n, table in enumerate(tables) if table not in REMADE]  # fmt: skip
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(" UNION ALL ".join(asked))
            for (n,) in cursor.fetchall():
                cursor.execute(f"DELETE FROM {self.quote_name(tables[n])}")

    original, DatabaseOperations.execute_sql_flush = (
        DatabaseOperations.execute_sql_flush,
        execute_sql_flush,
    )
    yield
    DatabaseOperations.execute_sql_flush = original


@pytest.fixture(autouse=True)
def _empty_cache():
    """A test that saw another one's cache would depend on the order."""
    from django.core.cache import cache

    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    """Files that a test makes go away with it."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.PRIVATE_FILES_DIR = settings.MEDIA_ROOT


@pytest.fixture
def client():
    """Django's test client; refuses template leftovers and inline handlers in every page."""
    return pages.StrictClient()


@pytest.fixture
def real_worker(transactional_db):
    """A real Celery worker in a process of its own, on this test's database and queue."""
    with live.tasks_not_in_place(), live.worker() as worker:
        yield worker

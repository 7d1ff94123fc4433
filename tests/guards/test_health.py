"""/healthz and /readyz tell the truth."""

import pytest
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

AWAY = "redis://127.0.0.1:1/0"  # nobody listens on port 1


@pytest.fixture
def redis_away(settings):
    """Cache and broker as they are when Redis is stopped."""
    from django.core.cache import caches

    settings.CELERY_BROKER_URL = AWAY
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": AWAY}}
    yield
    caches.close_all()


def test_healthz__anybody_asks__answers_without_database(client):
    answer = client.get("/healthz")
    assert answer.json() == {"status": "ok"}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_readyz__all_there__ok(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["parts"] == {"database": "ok", "cache": "ok", "broker": "ok"}


@pytest.mark.django_db
def test_readyz__redis_stopped__says_which_parts_and_503(client, redis_away):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "degraded",
        "parts": {
            "database": "ok",
            "cache": "连接不上缓存，页面会慢一些",
            "broker": "连接不上任务队列，短信和报表会推迟",
        },
    }


@pytest.mark.django_db
def test_sign_in_page__redis_stopped__still_there(client, redis_away):
    assert client.get("/accounts/login/").status_code == 200


@pytest.mark.django_db
def test_readyz__migration_not_applied__says_how_many(client):
    line = connections["default"]
    for app, name in MigrationLoader(line).graph.leaf_nodes("accounts"):
        MigrationRecorder(line).record_unapplied(app, name)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] == "还有 1 个数据库变更没有执行"

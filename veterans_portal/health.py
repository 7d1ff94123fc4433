"""/healthz: this process lives. /readyz: what it needs is there, part by part."""

import redis
from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_redis import get_redis_connection

OK = "ok"


@require_safe
@never_cache
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers; asks nothing of others."""
    return JsonResponse({"status": OK})


@require_safe
@never_cache
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when every part is there, else 503; each part with `ok` or the reason in Chinese.

    Without Redis the pages still work (`degraded`); without the database nothing does (`down`).
    """
    parts = {"database": _database(), "cache": _cache(), "broker": _broker()}
    if parts["database"] != OK:
        status = "down"
    else:
        status = OK if all(said == OK for said in parts.values()) else "degraded"
    return JsonResponse(
        {"status": status, "parts": parts},
        status=200 if status == OK else 503,
        json_dumps_params={"ensure_ascii": False},
    )


def _database() -> str:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Exception:  # noqa: BLE001  (whatever stands between us and the database)
        return "连接不上数据库"
    return f"还有 {len(waiting)} 个数据库变更没有执行" if waiting else OK


def _cache() -> str:
    try:
        get_redis_connection().ping()
    except (redis.RedisError, OSError):
        return "连接不上缓存，页面会慢一些"
    return OK


def _broker() -> str:
    address = settings.CELERY_BROKER_URL
    try:
        with current_app.connection(address, connect_timeout=1) as line:
            line.ensure_connection(max_retries=1, interval_start=0, timeout=1)
    except Exception:  # noqa: BLE001  (kombu raises its transport's own errors)
        return "连接不上任务队列，短信和报表会推迟"
    return OK

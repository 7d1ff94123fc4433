"""For the tests: real servers that forget, fixed throw-away keys, tasks run in place."""

import os
import zlib

from veterans_portal import embedded

from .base import *  # noqa: F403
from .base import (
    INSTALLED_APPS,
    MIDDLEWARE,
    TEMPLATES,
    VAR_DIR,
    broker,
    caches,
    env,
    logs,
    redis_database,
)

SECRET_KEY = "only-for-tests-" + "0" * 50
CRYPTO_KEYS = {"t1": "00112233445566778899aabbccddeeff", "t2": "ffeeddccbbaa99887766554433221100"}
CRYPTO_KEY_ID = "t1"
BLIND_INDEX_KEY = "11" * 32
AUDIT_SEAL_KEY = "22" * 32
SIGNING_KEYS = {
    "t1": f"ed25519:{'01' * 32}:8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c",
}
SIGNING_KEY_ID = "t1"
DEMONSTRATION = True
DEMO_PASSWORD = "Wuxi-Demo-2025"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Several people and workers share one test server: each slot has names of its own there.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
SLOT = "_".join(part for part in (env.str("PORTAL_TEST_SLOT", default=""), WORKER) if part)
DATABASES: dict[str, dict] = {
    "default": env.db("DATABASE_URL")
    if env.str("DATABASE_URL", default="")
    else embedded.database("test")
}
DATABASES["default"]["TEST"] = {
    "NAME": "test_portal" + (f"_{env.str('PORTAL_TEST_SLOT')}" if "PORTAL_TEST_SLOT" in env else "")
}
# A real worker or server that a test starts beside itself works on the test's database.
if "PORTAL_TEST_DATABASE" in env:
    DATABASES["default"]["NAME"] = env.str("PORTAL_TEST_DATABASE")

# Two databases for each slot: the tests empty their cache. Other people's Redis has sixteen as a rule.
REDIS = env.str("REDIS_URL", default="")
REDIS_NUMBER = 2 * (
    int(WORKER.removeprefix("gw") or 0) % 8 if REDIS else zlib.crc32(SLOT.encode()) % 500
)
REDIS_URL = redis_database(REDIS or embedded.redis_url("test"), REDIS_NUMBER)
CACHES = caches(redis_database(REDIS_URL, REDIS_NUMBER + 1), prefix=f"test{SLOT}")
CELERY_BROKER_URL = broker(REDIS_URL)
CELERY_TASK_DEFAULT_QUEUE = f"test{SLOT}"
CELERY_TASK_ALWAYS_EAGER = env.bool("PORTAL_TASKS_IN_PLACE", default=True)
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / f"beat-schedule-test{SLOT}")

INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
ZEAL_RAISE = True
TEMPLATES[0]["OPTIONS"]["debug"] = True
API_RATE_ANON = API_RATE_USER = VERIFY_TRIES = RATE_TRIES = 0
EVEN_ANSWER_SECONDS = 0

STYLEGUIDE = True
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = VAR_DIR / f"files-test{SLOT}"
LOGGING = logs.logging_settings(json=False, level="WARNING")
MESSAGES_NUDGE_SECONDS = 0
MESSAGE_GATEWAYS["SMS"] = "accounts.gateways.ConsoleGateway"

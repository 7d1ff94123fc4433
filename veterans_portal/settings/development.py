"""On a developer's machine and for `make run`: embedded servers, keys made once, no mail sent."""

from veterans_portal import embedded
from veterans_portal.dev_keys import load, load_signing

from .base import *  # noqa: F403
from .base import (
    DATABASE_OPTIONS,
    MESSAGE_GATEWAYS,
    VAR_DIR,
    broker,
    caches,
    env,
    key_pairs,
    logs,
    redis_database,
)

# `make run` turns it off, so that a visitor sees the pages people will see.
DEBUG = env.bool("DEBUG", default=True)
ALLOWED_HOSTS = [
    *env.list("ALLOWED_HOSTS", default=[]), "localhost", "127.0.0.1", "[::1]", "testserver",
]  # fmt: skip
DEMONSTRATION = True
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="Wuxi-Demo-2025")
STYLEGUIDE = DEBUG
INTERNAL_IPS = ["127.0.0.1"]

_keys = load(VAR_DIR / "dev_keys.json")
SECRET_KEY = env.str("SECRET_KEY", default="") or _keys["SECRET_KEY"]
_given = key_pairs(env.str("CRYPTO_KEYS", default=""))
CRYPTO_KEYS = _given or _keys["CRYPTO_KEYS"]
CRYPTO_KEY_ID = env.str("CRYPTO_KEY_ID", default="") if _given else _keys["CRYPTO_KEY_ID"]
BLIND_INDEX_KEY = env.str("BLIND_INDEX_KEY", default="") or _keys["BLIND_INDEX_KEY"]
AUDIT_SEAL_KEY = env.str("AUDIT_SEAL_KEY", default="") or _keys["AUDIT_SEAL_KEY"]
_signing = load_signing(VAR_DIR / "dev_signing_key.json")
_given_signing = key_pairs(env.str("SIGNING_KEYS", default=""))
SIGNING_KEYS = _given_signing or _signing["SIGNING_KEYS"]
SIGNING_KEY_ID = (
    env.str("SIGNING_KEY_ID", default="") if _given_signing else _signing["SIGNING_KEY_ID"]
)

DATABASES = {
    "default": env.db("DATABASE_URL")
    if env.str("DATABASE_URL", default="")
    else embedded.database("run")
}
DATABASES["default"] |= DATABASE_OPTIONS

REDIS_URL = env.str("REDIS_URL", default=embedded.redis_url("run"))
CACHES = caches(env.str("CACHE_URL", default=redis_database(REDIS_URL, 1)), prefix="portal")
CELERY_BROKER_URL = broker(REDIS_URL)

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
LOGGING = logs.logging_settings(json=False, level=env.str("LOG_LEVEL", default="INFO"))
MESSAGE_GATEWAYS["SMS"] = env.str("SMS_GATEWAY", default="accounts.gateways.ConsoleGateway")
LOCAL_OUTBOX = True
PORTAL_BASE_URL = PORTAL_BASE_URL or f"http://127.0.0.1:{env.str('PORT', default='8000')}"

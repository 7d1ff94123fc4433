"""In service: everything comes from the environment, and a missing secret stops the start."""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import DATABASE_OPTIONS, broker, caches, env, key_pairs, redis_database

REQUIRED = {
    "SECRET_KEY": "会话签名密钥",
    "ALLOWED_HOSTS": "对外域名",
    "DATABASE_URL": "数据库地址",
    "REDIS_URL": "Redis 地址",
    "CRYPTO_KEYS": "SM4 数据密钥",
    "CRYPTO_KEY_ID": "当前数据密钥编号",
    "BLIND_INDEX_KEY": "盲索引密钥",
    "AUDIT_SEAL_KEY": "审计封存密钥",
    "SIGNING_KEYS": "文书签名密钥",
    "SIGNING_KEY_ID": "当前签名密钥编号",
}
_missing = [f"{name}（{what}）" for name, what in REQUIRED.items() if not env.str(name, default="")]
if _missing:
    raise ImproperlyConfigured(
        f"平台没有启动：环境变量缺少 {'、'.join(_missing)}。请按 .env.example 的说明补上后再启动。"
    )

SECRET_KEY = env.str("SECRET_KEY")
_hosts = env.list("ALLOWED_HOSTS")
ALLOWED_HOSTS = [*_hosts, "127.0.0.1"]  # the container asks itself whether it lives
CSRF_TRUSTED_ORIGINS = env.list(
    "CSRF_TRUSTED_ORIGINS", default=[f"https://{host.lstrip('.')}" for host in _hosts]
)
CRYPTO_KEYS = key_pairs(env.str("CRYPTO_KEYS"))
CRYPTO_KEY_ID = env.str("CRYPTO_KEY_ID")
BLIND_INDEX_KEY = env.str("BLIND_INDEX_KEY")
AUDIT_SEAL_KEY = env.str("AUDIT_SEAL_KEY")
SIGNING_KEYS = key_pairs(env.str("SIGNING_KEYS"))
SIGNING_KEY_ID = env.str("SIGNING_KEY_ID")
for _keys, _id, _name in (
    (CRYPTO_KEYS, CRYPTO_KEY_ID, "CRYPTO_KEY"),
    (SIGNING_KEYS, SIGNING_KEY_ID, "SIGNING_KEY"),
):
    if _id not in _keys:
        raise ImproperlyConfigured(
            f"平台没有启动：{_name}S 里没有编号为 {_id} 的密钥（{_name}_ID）。"
        )

DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"] |= DATABASE_OPTIONS
REDIS_URL = env.str("REDIS_URL")
CACHES = caches(env.str("CACHE_URL", default=redis_database(REDIS_URL, 1)), prefix="portal")
CELERY_BROKER_URL = broker(REDIS_URL)

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        # nginx reads them as another user; what people upload stays closed
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)

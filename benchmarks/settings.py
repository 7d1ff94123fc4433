"""The portal as in service (no debugging, its whole middleware), on a database of its own."""

from veterans_portal.settings.base import broker, logs, redis_database
from veterans_portal.settings.development import *  # noqa: F403
from veterans_portal.settings.development import DATABASES, REDIS_URL

DEBUG = False
STYLEGUIDE = False
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES["default"]["NAME"] = "portal_bench"
DATABASES["default"].pop("OPTIONS", None)
WHITENOISE_AUTOREFRESH = False
CELERY_BROKER_URL = broker(redis_database(REDIS_URL, 9))
CELERY_TASK_DEFAULT_QUEUE = "bench"
LOGGING = logs.logging_settings(json=True, level="ERROR")
MESSAGES_PER_DAY = 10**6
URGENT_MESSAGES_PER_DAY = 10**6

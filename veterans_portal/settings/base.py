"""What holds in every surrounding. `.env.example` explains each variable."""

import re
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from veterans_portal import environment, logs

environment.load()
env = environ.Env()

from veterans_portal.settings.promises import *  # noqa: E402, F403  they read what was loaded

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env.str("PORTAL_VAR_DIR", default="") or BASE_DIR / "var")

DEBUG = False
ALLOWED_HOSTS: list[str] = []
# Demonstration data, its sign-ins and the local outbox page: never on a real site.
DEMONSTRATION = False
ROOT_URLCONF = "veterans_portal.urls"
WSGI_APPLICATION = "veterans_portal.wsgi.application"
ASGI_APPLICATION = "veterans_portal.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

INSTALLED_APPS = [
    "accounts",
    "services",
    "placement",
    "preferential",
    "memorials",
    "reports",
    "veterans_portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "rules",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.audit.audit_address_middleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "veterans_portal.readonly.read_only_get",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.SessionLimits",
    "accounts.middleware.KeptForms",
    "accounts.middleware.PasswordDue",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

TEMPLATES: list[dict] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "veterans_portal.context_processors.page",
            ],
            "builtins": ["veterans_portal.templatetags.portal"],
        },
    }
]
STYLEGUIDE = False  # the living component page; development and tests turn it on
FORM_RENDERER = "veterans_portal.form_renderer.PortalFormRenderer"

# The footer: who stands behind the site. An empty one is shown as 待核发.
PORTAL_ICP_NUMBER = env.str("PORTAL_ICP_NUMBER", default="")
PORTAL_POLICE_NUMBER = env.str("PORTAL_POLICE_NUMBER", default="")
PORTAL_SITE_CODE = env.str("PORTAL_SITE_CODE", default="")
PORTAL_PHONE = env.str("PORTAL_PHONE", default="")
PORTAL_ADDRESS = env.str("PORTAL_ADDRESS", default="")

# 请帮我办: so many call-backs may be asked for from one address.
HELP_REQUESTS_PER_HOUR = env.int("HELP_REQUESTS_PER_HOUR", default=10)

# The sketch map's outlines: GeoJSON by district; an approved file can take its place.
DISTRICT_SHAPES = Path(
    env.str("DISTRICT_SHAPES", default="") or BASE_DIR / "services/data/wuxi_districts.geojson"
)

# --- data -----------------------------------------------------------------------------------

DATABASE_OPTIONS = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

PRIVATE_FILES_DIR = Path(env.str("PRIVATE_FILES_DIR", default="") or VAR_DIR / "files")
MEDIA_ROOT = PRIVATE_FILES_DIR  # never served by URL: views hand files out after asking for rights
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=50 * 1024 * 1024)


def redis_database(url: str, number: int) -> str:
    """The same Redis server with another database number (redis://, rediss:// and unix://)."""
    if url.startswith("unix://"):
        return f"{url.split('?')[0]}?db={number}"
    return re.sub(r"^(rediss?://[^/?]+)(/\d*)?", rf"\1/{number}", url)


def caches(url: str, *, prefix: str) -> dict:
    """The cache. When Redis is away, reads find nothing and writes are lost: pages still work."""
    return {
        "default": {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": url,
            "KEY_PREFIX": prefix,
            "TIMEOUT": 300,
            "OPTIONS": {
                "IGNORE_EXCEPTIONS": True,
                "SOCKET_CONNECT_TIMEOUT": 0.5,
                "SOCKET_TIMEOUT": 1,
            },
        }
    }


def broker(url: str) -> str:
    """The address as Celery writes it (it has a scheme of its own for Unix sockets)."""
    match = re.match(r"unix://([^?]+)\?db=(\d+)", url)
    return f"redis+socket://{match[1]}?virtual_host={match[2]}" if match else url


# --- crypto ---------------------------------------------------------------------------------
# CRYPTO_KEYS, CRYPTO_KEY_ID, BLIND_INDEX_KEY, AUDIT_SEAL_KEY, SIGNING_KEYS and SIGNING_KEY_ID stand
# in each surrounding's file.

CRYPTO_PROVIDER = env.str("CRYPTO_PROVIDER", default="veterans_portal.crypto.SoftwareProvider")

# --- background work ------------------------------------------------------------------------

CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True  # results live in accounts.Job and in the records themselves
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 30 * 60
CELERY_TASK_SOFT_TIME_LIMIT = 25 * 60
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker for ever
CELERY_BROKER_CONNECTION_TIMEOUT = 1
# A caller gives up at once when the broker is away: the outbox and the sweeps send later.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 60 * 60,  # longer than any task's limit, or it would run twice
    "socket_connect_timeout": 0.5,
    "socket_timeout": 5,
    "retry_on_timeout": False,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.2,
    "health_check_interval": 30,
}
CELERY_BEAT_SCHEDULER = "celery.beat:PersistentScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- messages, jobs, files --------------------------------------------------------------------

MESSAGE_GATEWAYS = {
    "SMS": env.str("SMS_GATEWAY", default="accounts.gateways.HttpGateway"),
    "EMAIL": "accounts.gateways.MailGateway",
}
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_KEY_ID = env.str("SMS_GATEWAY_KEY_ID", default="")
SMS_GATEWAY_SECRET = env.str("SMS_GATEWAY_SECRET", default="")
SMS_GATEWAY_IDEMPOTENT = env.bool("SMS_GATEWAY_IDEMPOTENT", default=False)
SMS_GATEWAY_TIMEOUT = env.float("SMS_GATEWAY_TIMEOUT", default=5)  # seconds
MESSAGES_MAIL_DOMAIN = env.str("MESSAGES_MAIL_DOMAIN", default="portal.invalid")
MESSAGES_PER_DAY = env.int("MESSAGES_PER_DAY", default=5)  # SMS per phone, sign-in codes apart
URGENT_MESSAGES_PER_DAY = env.int("URGENT_MESSAGES_PER_DAY", default=10)
CODES_PER_DAY = env.int("CODES_PER_DAY", default=10)
MESSAGES_NUDGE_SECONDS = 1  # a process wakes the delivery at most this often
LOCAL_OUTBOX = False  # the page that shows SMS with their codes: development only
ROSTER_MAX_BYTES = env.int("ROSTER_MAX_BYTES", default=40 * 1024 * 1024)
ROSTER_ROW_DAYS = env.int("ROSTER_ROW_DAYS", default=30)  # rows that nobody mended go
PRIVATE_FILE_DAYS = env.int("PRIVATE_FILE_DAYS", default=7)
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# --- papers: what people hand in, and what the portal issues ------------------------------------

MATTER_FILE_MAX_BYTES = env.int("MATTER_FILE_MAX_BYTES", default=15 * 1024 * 1024)
MATTER_FILES_MAX = env.int("MATTER_FILES_MAX", default=20)  # kept files of one matter
VIRUS_SCANNER = env.str("VIRUS_SCANNER", default="")  # a function of bytes; empty: none
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="127.0.0.1:3310")
CLAMD_TIMEOUT = env.float("CLAMD_TIMEOUT", default=20)  # seconds
VERIFY_TRIES = env.int("VERIFY_TRIES", default=5)  # wrong codes and files a minute; 0: any

# --- sign-in --------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "accounts.backends.PortalBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
CSRF_FAILURE_VIEW = "accounts.views.sign_in.csrf_refused"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.validators.LongEnough"},
    {"NAME": "accounts.validators.ThreeOfFourClasses"},
    {"NAME": "accounts.validators.WithoutOwnNumber"},
    {"NAME": "accounts.validators.NotUsedLately"},
    {"NAME": "accounts.validators.NotCommon"},
]
SESSION_ENGINE = "accounts.sessions"  # rows are encrypted and know their account

# domain.md D.1; minutes, hours, days and counts as the names say
SIGN_IN_FAILURES = env.int("SIGN_IN_FAILURES", default=5)
SIGN_IN_FAILURES_PER_ADDRESS = env.int("SIGN_IN_FAILURES_PER_ADDRESS", default=50)
SIGN_IN_WINDOW_MINUTES = env.int("SIGN_IN_WINDOW_MINUTES", default=15)
SIGN_IN_LOCK_MINUTES = env.int("SIGN_IN_LOCK_MINUTES", default=30)
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=15)
CITIZEN_IDLE_MINUTES = env.int("CITIZEN_IDLE_MINUTES", default=30)
SESSION_ABSOLUTE_HOURS = env.int("SESSION_ABSOLUTE_HOURS", default=8)
PASSWORD_MIN_LENGTH = env.int("PASSWORD_MIN_LENGTH", default=10)
PASSWORD_MAX_AGE_DAYS = env.int("PASSWORD_MAX_AGE_DAYS", default=90)
PASSWORD_HISTORY = env.int("PASSWORD_HISTORY", default=5)
SESSION_IDLE_SECONDS_STAFF = STAFF_IDLE_MINUTES * 60
SESSION_IDLE_SECONDS_CITIZEN = CITIZEN_IDLE_MINUTES * 60
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_HOURS * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # counters and libraries share their computers
KEPT_FORM_MINUTES = env.int("KEPT_FORM_MINUTES", default=60)

SIGN_IN_CODE_MINUTES = env.int("SIGN_IN_CODE_MINUTES", default=5)
SIGN_IN_CODE_TRIES = env.int("SIGN_IN_CODE_TRIES", default=3)
SIGN_IN_CODE_PAUSE_SECONDS = env.int("SIGN_IN_CODE_PAUSE_SECONDS", default=60)
SIGN_IN_CODES_PER_PHONE_AND_HOUR = env.int("SIGN_IN_CODES_PER_PHONE_AND_HOUR", default=5)
SIGN_IN_CODES_PER_ADDRESS_AND_HOUR = env.int("SIGN_IN_CODES_PER_ADDRESS_AND_HOUR", default=60)

ACCOUNT_ADAPTER = "accounts.adapter.PortalAdapter"
ACCOUNT_LOGIN_METHODS = {"phone", "username"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "password1"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_MODEL_USERNAME_FIELD = "staff_number"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # ours stand in the database: they hold while Redis is away

# --- end of sign-in -------------------------------------------------------------------------

# --- what browsers are told -----------------------------------------------------------------

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap draws its arrows and ticks from data: pictures
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, str | list] = {
    "geolocation": "self",  # "my station" by the device's position
    "camera": "self",  # scanning codes at the counter
    "accelerometer": [],
    "autoplay": [],
    "display-capture": [],
    "encrypted-media": [],
    "fullscreen": [],
    "gyroscope": [],
    "magnetometer": [],
    "microphone": [],
    "midi": [],
    "payment": [],
    "usb": [],
}

# --- files of the pages -----------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default="") or VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]

# --- API --------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["veterans_portal.parsers.ShallowJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "veterans_portal.pagination.Pages",
    "PAGE_SIZE": 50,
    "DEFAULT_THROTTLE_CLASSES": ["veterans_portal.throttling.PerMinute"],
    "EXCEPTION_HANDLER": "veterans_portal.problems.handler",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
API_RATE_ANON = env.int("API_RATE_ANON", default=60)  # requests a minute by one address; 0: any
API_RATE_USER = env.int("API_RATE_USER", default=600)  # requests a minute by one account; 0: any
SPECTACULAR_SETTINGS = {
    "TITLE": "无锡市退役军人事务综合服务平台接口",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}

# --- logs ---------------------------------------------------------------------------------------

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = logs.logging_settings(json=True, level=LOG_LEVEL)
logs.configure_structlog()
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # bound by accounts, as the audit trail sees it
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True


def key_pairs(text: str) -> dict[str, str]:
    """`k1=hex,k2=hex` as a dictionary of key id and key."""
    return dict(pair.split("=", 1) for pair in text.replace(" ", "").split(",") if "=" in pair)

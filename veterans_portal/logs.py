"""Log lines: JSON or console, with a request id; never a clear ID number, phone or code that opens."""

import logging
import re
from typing import Any

import structlog

ID_NUMBER = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?![\dXx])")
OLD_ID_NUMBER = re.compile(r"(?<!\d)([1-8]\d{5})\d{6}(\d{3})(?!\d)")
PHONE = re.compile(r"(?<!\d)((?:\+?86)?1[3-9]\d)\d{4}(\d{4})(?!\d)")
# Whoever holds such a code may rate, read a paper or cancel: as good as a password in an address.
CODE_IN_PATH = re.compile(
    r"(/(?:rate|rate-screen|verify|papers|photo|bookings)/)[^/\s\"'?.\\]{8,}", re.IGNORECASE
)


def mask_numbers(text: str) -> str:
    """Stars over the middle of whatever looks like an ID number (18 or 15 digits) or a phone."""
    text = ID_NUMBER.sub(r"\1********\2", text)
    text = OLD_ID_NUMBER.sub(r"\1******\2", text)
    return PHONE.sub(r"\1****\2", text)


def mask_codes(text: str) -> str:
    """Stars for the code or token in the addresses that open something to whoever has them."""
    return CODE_IN_PATH.sub(r"\1***", text)


class Masked:
    """A renderer around another one: what leaves it is masked."""

    def __init__(self, renderer):
        self.renderer = renderer

    def __call__(self, logger, method, event):
        return mask_codes(mask_numbers(self.renderer(logger, method, event)))


class OneLine(logging.Filter):
    """A cache that is away is worth one line per miss, not its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info:
            record.msg = f"{record.getMessage()}: {record.exc_info[1]}"
            record.args, record.exc_info = (), None
        return True


def without_query(logger, method, event):
    """A request's address without its query: it may hold a name or an address looked for."""
    if isinstance(request := event.get("request"), str):
        event["request"] = request.split("?", 1)[0]
    return event


BEFORE: list[Any] = [
    structlog.contextvars.merge_contextvars,
    without_query,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=False),
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.StackInfoRenderer(),
]


def configure_structlog() -> None:
    """Send structlog's events through the standard library, where `logging_settings` renders them."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *BEFORE,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


OURS = ("accounts", "services", "placement", "preferential", "memorials", "reports")


def logging_settings(*, json: bool, level: str) -> dict:
    """The LOGGING dictionary. JSON lines carry Chinese unescaped; the console is for developers.

    `level` is for libraries; our own apps speak from INFO on.
    """
    if json:
        last = [
            structlog.processors.format_exc_info,
            Masked(structlog.processors.JSONRenderer(ensure_ascii=False)),
        ]
    else:
        plain = structlog.dev.plain_traceback  # a rich traceback would print local variables
        last = [Masked(structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain))]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": BEFORE,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            }
        },
        "filters": {"one_line": {"()": OneLine}},
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["lines"], "level": level},
        "loggers": {
            **{app: {"level": "INFO"} for app in OURS},
            "django": {"handlers": [], "propagate": True, "level": level},
            "django_redis.cache": {"filters": ["one_line"]},
            "django.server": {"handlers": [], "propagate": True},
        },
    }

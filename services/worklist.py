"""What waits at the work desk; other apps add their own sections when they are loaded.

A section is a function of `(user, below)` that returns a Section or None; `below` widens it from
the reader's own stations to everything under them. Register it in `AppConfig.ready`:
`worklist.register(returns_due)`.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Q, Window
from django.utils import timezone

from services.perms import scope_of

SHOWN = 8
_sections = []


@dataclass(frozen=True)
class Item:
    """One thing to do: who or what, which job, until when, where it is done."""

    title: str
    job: str
    url: str
    due: date | None = None
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True)
class Section:
    """The first things to do of one kind, and how many there are in all."""

    title: str
    url: str
    items: list = field(default_factory=list)
    count: int = 0
    late: int = 0
    today: int = 0
    unit: str = "件"
    empty: str = ""


def register(section):
    """Add a section function (once); returns it, so it can decorate."""
    if section not in _sections:
        _sections.append(section)
    return section


def registered(user, *, below):
    """The sections of other apps for this reader."""
    found = [section(user, below=below) for section in _sections]
    return [each for each in found if each is not None]


def reach(rows, user, *, below, path="station__path"):
    """The rows of exactly the reader's stations; with `below` all that they may see."""
    return rows if below else rows.filter(**{f"{path}__in": scope_of(user).paths})


def first_of(rows, *, due=""):
    """The first rows of an ordered queryset, counted over all of them in the same query.

    Each has `in_all`; with `due`, the name of its day, also how many are `late` and how many `today`.
    """
    counts = {"in_all": Window(Count("pk"))}
    if due:
        today = timezone.localdate()
        counts["late"] = Window(Count("pk", filter=Q(**{f"{due}__lt": today})))
        counts["today"] = Window(Count("pk", filter=Q(**{due: today})))
    return list(rows.annotate(**counts)[:SHOWN])

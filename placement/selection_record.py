"""The public record of a session: canonical lines, each chained to the one before it by SM3.

What is written here is what everybody may download, so it holds no ID number, no unit, no disability,
no staff number: an officer appears as a pseudonym that only tells two of them apart.
"""

import json
from datetime import UTC

from services.actions.documents import canonical
from veterans_portal import crypto

FORMAT = "wuxi-selection-1"


def chained(head, content):
    """The hash of a line: of the hash before it ("" for the first) and its content."""
    return crypto.digest(f"{head}\n{content}".encode())


def instant(moment):
    """A moment as the record writes it: UTC, to the microsecond."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def pseudonym(code, user):
    """What stands for an officer in the record of the session `code`; "" for nobody."""
    if user is None or not user.is_staff_member:
        return ""
    return crypto.blind_index("selection-officer", f"{code}:{user.pk}")[:12]


def lot_of(case_number):
    """Decides between equal ranks: nobody draws it, and whoever knows the number can check it."""
    return crypto.digest(f"lot:{case_number}".encode())[:16]


def result_digest(pairs):
    """The digest of the result, pairs of (turn's position, post's position) in the order of turns."""
    return crypto.digest(canonical(sorted([list(pair) for pair in pairs])).encode())


def frozen_digest(frozen):
    """The digest of what was frozen before the first line: rules, order, posts."""
    return crypto.digest(canonical(frozen).encode())


def frozen(session):
    """What was fixed before it began, as it is published."""
    return {
        "code": session.code,
        "station": session.station.name,
        "year": session.year,
        "rules": session.rules,
        "order": [
            {
                "position": turn.position,
                "total": f"{turn.total:.2f}",
                "rank": turn.rank,
                "lot": turn.lot,
            }
            for turn in session.turns.order_by("position")
        ],
        "posts": [
            {
                "position": post.position,
                "employer": post.employer_name,
                "title": post.title,
                "place": post.place,
                "requirements": post.requirements,
                "places": post.places,
            }
            for post in session.posts.order_by("position")
        ],
    }


def published(session):
    """The whole record as it is published: what was frozen, every line with its hash, the result."""
    rows = session.records.order_by("number").values_list("content", "hash")
    chosen = session.turns.filter(post__isnull=False).order_by("position")
    return {
        "format": FORMAT,
        "frozen": frozen(session),
        "record": [{"line": json.loads(content), "hash": digest} for content, digest in rows],
        "result": [list(pair) for pair in chosen.values_list("position", "post__position")],
        "hash": session.head,
    }

"""Matters, step by step: written, handed in, checked, accepted, handled, done, delivered, archived.

Every act locks the matter first, decides, writes its line of the timeline, its audit row and its
messages in the same transaction (`domain.md` D.8).
"""

from services.actions.matters.clock import resume, suspend
from services.actions.matters.deciding import (
    accept,
    ask_supplement,
    deliver,
    finish,
    hand_over,
    note,
    refuse_acceptance,
)
from services.actions.matters.entering import enter, save_draft, submit, supplement, withdraw
from services.actions.matters.following import end_with_file, move_with_file
from services.actions.matters.sweeping import (
    archive_old,
    forget_drafts,
    return_unsupplemented,
    warn_of_terms,
)
from services.actions.matters.trail import locked, record_event

__all__ = [
    "accept",
    "archive_old",
    "ask_supplement",
    "deliver",
    "end_with_file",
    "enter",
    "finish",
    "forget_drafts",
    "hand_over",
    "locked",
    "move_with_file",
    "note",
    "record_event",
    "refuse_acceptance",
    "resume",
    "return_unsupplemented",
    "save_draft",
    "submit",
    "supplement",
    "suspend",
    "warn_of_terms",
    "withdraw",
]

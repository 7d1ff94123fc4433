"""The placement file, step by step; other subjects move it on through `trail`."""

from placement.actions.cases.evidence import add_evidence, read_evidence, remove_evidence
from placement.actions.cases.opening import (
    begin_check,
    mend,
    note,
    open_case,
    report,
    take_down_wish,
)
from placement.actions.cases.terms import enter_terms
from placement.actions.cases.trail import CaseError, expect, locked, move, record_event

from placement.actions.cases.ending import cancel, convert, waive  # isort: skip

__all__ = [
    "CaseError",
    "add_evidence",
    "begin_check",
    "cancel",
    "convert",
    "enter_terms",
    "expect",
    "locked",
    "mend",
    "move",
    "note",
    "open_case",
    "read_evidence",
    "record_event",
    "remove_evidence",
    "report",
    "take_down_wish",
    "waive",
]

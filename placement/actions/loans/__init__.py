"""Loan referrals: wished for, verified, pushed to one bank, answered by it (`domain.md` B.8)."""

from placement.actions.loans.answering import answer, correct
from placement.actions.loans.applying import (
    consent_purpose,
    delete_draft,
    enter,
    save_draft,
    submit,
    withdraw,
)
from placement.actions.loans.trail import CONSENT_TEXT, LoanError, locked
from placement.actions.loans.verifying import enter_terms, refuse, verify

__all__ = [
    "CONSENT_TEXT",
    "LoanError",
    "answer",
    "consent_purpose",
    "correct",
    "delete_draft",
    "enter",
    "enter_terms",
    "locked",
    "refuse",
    "save_draft",
    "submit",
    "verify",
    "withdraw",
]

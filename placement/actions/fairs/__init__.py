"""Fairs from the plan to the figures: planning, employers and their stands, who came."""

from placement.actions.fairs.attending import session_now, sign_in, walk_in
from placement.actions.fairs.employers import accept, apply, refuse, withdraw
from placement.actions.fairs.planning import (
    FairError,
    cancel_fair,
    hold_fair,
    open_fair,
    save_fair,
)

__all__ = [
    "FairError",
    "accept",
    "apply",
    "cancel_fair",
    "hold_fair",
    "open_fair",
    "refuse",
    "save_fair",
    "session_now",
    "sign_in",
    "walk_in",
    "withdraw",
]

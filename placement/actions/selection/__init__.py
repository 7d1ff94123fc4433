"""Choosing posts, live: prepared, opened, chosen one after the other, closed."""

from placement.actions.selection.choosing import add_authority, choose, give_up
from placement.actions.selection.clock import tick, tick_all
from placement.actions.selection.common import SelectionError
from placement.actions.selection.conducting import close, open_session, pause, resume, take_back
from placement.actions.selection.preparing import cancel, enter_rules, prepare
from placement.actions.selection.undoing import confirm, propose, refuse

__all__ = [
    "SelectionError",
    "add_authority",
    "cancel",
    "choose",
    "close",
    "confirm",
    "enter_rules",
    "give_up",
    "open_session",
    "pause",
    "prepare",
    "propose",
    "refuse",
    "resume",
    "take_back",
    "tick",
    "tick_all",
]

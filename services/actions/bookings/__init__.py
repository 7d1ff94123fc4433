"""The booking engine: every change of a booking or a slot goes through one of these acts."""

from services.actions.bookings.attending import (
    check_in,
    drop_unreviewed,
    mark_no_show,
    normal_code,
    note_no_shows,
    serve,
)
from services.actions.bookings.changing import cancel, cancel_coming, confirm, move, reject
from services.actions.bookings.holding import hold, let_go, take_held
from services.actions.bookings.offerings import (
    close_slot,
    close_slots,
    open_slots,
    reopen_slot,
    save_offering,
)
from services.actions.bookings.reminding import remind
from services.actions.bookings.setting import set_slots
from services.actions.bookings.taking import Contact, book

__all__ = [
    "Contact",
    "book",
    "cancel",
    "cancel_coming",
    "check_in",
    "close_slot",
    "close_slots",
    "confirm",
    "drop_unreviewed",
    "hold",
    "let_go",
    "mark_no_show",
    "move",
    "normal_code",
    "note_no_shows",
    "open_slots",
    "reject",
    "remind",
    "reopen_slot",
    "save_offering",
    "serve",
    "set_slots",
    "take_held",
]

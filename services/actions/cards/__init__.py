"""Preferential cards: guided and tracked from the application to the card's end (`domain.md` B.4).

The `on_…` functions are what a matter with the card form does to a card; they run inside the
matter's own transaction.
"""

from services.actions.cards.applying import (
    on_accepted,
    on_done,
    on_ended,
    on_submitted,
    on_supplement_asked,
    on_supplemented,
)
from services.actions.cards.losing import (
    lose_for_good,
    release,
    release_due,
    report_loss,
)
from services.actions.cards.moving import CardError, advance, advance_many, note_photo_reading

__all__ = [
    "CardError",
    "advance",
    "advance_many",
    "lose_for_good",
    "note_photo_reading",
    "on_accepted",
    "on_done",
    "on_ended",
    "on_submitted",
    "on_supplement_asked",
    "on_supplemented",
    "release",
    "release_due",
    "report_loss",
]

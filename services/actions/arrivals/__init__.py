"""The hall: whoever comes gets a ticket, windows call, serve and hand over, the day is settled.

Locks are taken in this order everywhere: slot and booking (`bookings.changing.held`), the
station's ticket counter, window, arrival. Every act takes `client_key`, the caller's name for the
request: repeated with it, an act answers with what it did before and does nothing.
"""

from services.actions.arrivals.arriving import arrive, arrive_booked
from services.actions.arrivals.calling import (
    back_in_line,
    begin,
    call_next,
    draw_forward,
    finish_and_call,
    hand_over,
    recall,
    skip,
)
from services.actions.arrivals.finishing import finish, finish_booked, leave, settle

__all__ = [
    "arrive",
    "arrive_booked",
    "back_in_line",
    "begin",
    "call_next",
    "draw_forward",
    "finish",
    "finish_and_call",
    "finish_booked",
    "hand_over",
    "leave",
    "recall",
    "settle",
    "skip",
]

"""The waiting list of the booking engine: every change of an entry goes through one of these acts."""

from services.actions.bookings.passing import pass_on, stop_waiting
from services.actions.waiting.answering import accept, decline, leave, prioritise
from services.actions.waiting.joining import join
from services.actions.waiting.sweeping import expire, sweep
from services.actions.waiting.unattended import settle_unattended

__all__ = [
    "accept",
    "decline",
    "expire",
    "join",
    "leave",
    "pass_on",
    "prioritise",
    "settle_unattended",
    "stop_waiting",
    "sweep",
]

"""What every act on an arrival shares: the lock, the line of history, the answer to a repetition."""

from contextlib import contextmanager

from django.db import transaction

from accounts import audit
from services.models import Arrival, ArrivalEvent
from veterans_portal import locking


@contextmanager
def locked(arrival):
    """The arrival, fresh and locked, with all that acts read."""
    with transaction.atomic():
        yield locking.locked(Arrival.objects.with_all(), arrival.pk)


def answered(by, client_key):
    """The arrival that the same request already moved, or None."""
    if not client_key:
        return None
    event = ArrivalEvent.objects.filter(by=by, client_key=client_key).first()
    return Arrival.objects.with_all().get(pk=event.arrival_id) if event else None


def note_open_for(arrival, shut, *, by):
    """Write into the audit trail that a party is received although it is shut, and why."""
    audit.record(
        "services.arrival_while_closed",
        arrival,
        by=by,
        station=arrival.station,
        on_behalf_of=arrival.name,
        detail={"closed": shut.why, "reason": arrival.closed_reason},
    )


def write(arrival, act, *, by, at, window=None, words="", client_key=""):
    """Write the act into the arrival's history and into the audit trail."""
    ArrivalEvent.objects.create(
        arrival=arrival, act=act, at=at, window=window, by=by, note=words,
        client_key=client_key or None,
    )  # fmt: skip
    audit.record(
        f"services.arrival_{act.lower()}",
        arrival,
        by=by,
        station=arrival.station,
        on_behalf_of=arrival.name,
        detail={"window": window.number if window else None, "note": words},
    )

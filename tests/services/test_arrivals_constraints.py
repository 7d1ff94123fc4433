"""What the database refuses about people in the hall."""

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError
from django.utils import timezone

from services.enums import ArrivalState
from services.models import Arrival
from tests.factories.arrivals import ArrivalEventFactory, ArrivalFactory

pytestmark = pytest.mark.django_db


def refused(name, make):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


def test_arrival_ticket_once_per_day():
    first = ArrivalFactory()
    refused(
        "arrival_ticket_once_per_day",
        lambda: ArrivalFactory(station=first.station, ticket=first.ticket),
    )
    ArrivalFactory(ticket=first.ticket)


def test_arrival_client_key_once():
    first = ArrivalFactory()
    refused(
        "arrival_client_key_once",
        lambda: ArrivalFactory(by=first.by, client_key=first.client_key),
    )
    ArrivalFactory(client_key=first.client_key)


def test_arrival_event_client_key_once():
    first = ArrivalEventFactory(client_key="k-1")
    refused(
        "arrival_event_client_key_once", lambda: ArrivalEventFactory(by=first.by, client_key="k-1")
    )
    ArrivalEventFactory(arrival=first.arrival)
    ArrivalEventFactory(arrival=first.arrival)


@pytest.mark.parametrize("trait", ["called", "serving"])
def test_arrival_one_at_a_window(trait):
    first = ArrivalFactory(called=True)
    refused(
        "arrival_one_at_a_window",
        lambda: ArrivalFactory(station=first.station, window=first.window, **{trait: True}),
    )
    ArrivalFactory(station=first.station, window=first.window, served=True)


@pytest.mark.parametrize("missing", ["window", "called_at", "called_by"])
def test_arrival_at_a_window_has_one(missing):
    refused("arrival_at_a_window_has_one", lambda: ArrivalFactory(called=True, **{missing: None}))


@pytest.mark.parametrize(
    ("state", "ended_at"),
    [("SERVED", None), ("LEFT", None), ("WAITING", timezone.now()), ("SKIPPED", timezone.now())],
)
def test_arrival_ended_has_its_time(state, ended_at):
    refused(
        "arrival_ended_has_its_time",
        lambda: ArrivalFactory(state=state, ended_at=ended_at, begun_at=timezone.now()),
    )


def test_arrival_served_was_begun():
    refused("arrival_served_was_begun", lambda: ArrivalFactory(served=True, begun_at=None))


def test_arrival_has_heads():
    refused("arrival_has_heads", lambda: ArrivalFactory(heads=0))


@pytest.mark.parametrize(
    ("trait", "after"),
    [
        ("waiting", "SERVING"), ("waiting", "SKIPPED"), ("served", "WAITING"), ("left", "WAITING"),
        ("skipped", "SERVED"), ("serving", "SKIPPED"), ("serving", "LEFT"),
    ],
)  # fmt: skip
def test_arrival_state_moves_legally(trait, after):
    mine = ArrivalFactory(**({} if trait == "waiting" else {trait: True}))
    with pytest.raises(InternalError), transaction.atomic():
        Arrival.objects.filter(pk=mine.pk).update(state=ArrivalState(after))

"""A file moves to another station while somebody else decides, takes it back, or enters a matter."""

import pytest

from services.actions import transfers
from services.enums import TransferConsent, TransferState
from services.models import Transfer
from tests.factories.network import DivisionFactory, StationFactory
from tests.factories.persons import PersonFactory
from tests.factories.staff import clerk_at
from tests.races.arena import all_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def asked():
    person = PersonFactory()
    other = StationFactory(division=DivisionFactory(code="320281101779"))
    giver = clerk_at(person.station)
    made = transfers.ask(person=person, to_station=other, by=giver, reason="搬家",
                         consent=TransferConsent.PHONE)  # fmt: skip
    return made, giver, clerk_at(other)


def refused(results):
    return sum(isinstance(each, transfers.TransferError) for each in results)


def test_two_accepts__one_moves_the_file():
    made, _, taker = asked()
    deed = lambda: transfers.accept(transfer=made, by=taker)  # noqa: E731
    assert refused(all_at_once(deed, deed)) == 1
    assert Transfer.objects.get().state == TransferState.ACCEPTED


def test_accept_against_withdraw__one_holds_and_the_file_agrees():
    made, giver, taker = asked()
    results = all_at_once(
        lambda: transfers.accept(transfer=made, by=taker),
        lambda: transfers.withdraw(transfer=made, by=giver),
    )
    assert refused(results) == 1
    made = Transfer.objects.select_related("person").get()
    to = made.to_station_id if made.state == TransferState.ACCEPTED else made.station_id
    assert made.person.station_id == to

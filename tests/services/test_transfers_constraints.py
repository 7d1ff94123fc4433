"""Each constraint of transfers, tried against the database itself."""

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.db.models import F
from django.utils import timezone

from services.enums import TransferState
from services.models import Transfer
from tests.factories.accounts import UserFactory
from tests.factories.transfers import TransferFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def change(transfer, **values):
    with transaction.atomic():
        Transfer.objects.filter(pk=transfer.pk).update(**values)


def test_two_open_ones_of_a_person__database_refuses():
    person = TransferFactory().person
    with pytest.raises(IntegrityError, match="transfer_one_open_per_person"), transaction.atomic():
        TransferFactory(person=person)


def test_a_second_one_after_the_first_ended__is_taken():
    first = TransferFactory()
    change(first, state=TransferState.WITHDRAWN, decided_at=NOW, decided_by=first.asked_by)
    assert TransferFactory(person=first.person).pk


def test_to_the_same_station__database_refuses():
    with pytest.raises(IntegrityError, match="transfer_goes_elsewhere"):
        change(TransferFactory(), to_station=F("station"))


@pytest.mark.parametrize("state", [TransferState.ACCEPTED, TransferState.WITHDRAWN])
def test_decided_without_who_and_when__database_refuses(state):
    with pytest.raises(IntegrityError, match="transfer_decided_has_who_and_when"):
        change(TransferFactory(), state=state)


def test_open_with_an_answerer__database_refuses():
    made = TransferFactory()
    with pytest.raises(IntegrityError, match="transfer_decided_has_who_and_when"):
        change(made, decided_at=NOW, decided_by=made.asked_by)


def test_refused_without_a_reason__database_refuses():
    by = UserFactory(staff=True)
    with pytest.raises(IntegrityError, match="transfer_refused_says_why"):
        change(TransferFactory(), state=TransferState.REFUSED, decided_at=NOW, decided_by=by)


@pytest.mark.parametrize("state", [TransferState.ASKED, TransferState.REFUSED])
def test_what_was_accepted__changes_no_more(state):
    made = TransferFactory()
    change(made, state=TransferState.ACCEPTED, decided_at=NOW, decided_by=made.asked_by)
    with pytest.raises((IntegrityError, InternalError), match="transition"):
        change(made, state=state, decided_at=None, decided_by=None)

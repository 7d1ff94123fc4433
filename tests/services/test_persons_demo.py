"""Demonstration files: valid, fictional, the same every time, and the citizens' three cases."""

import pytest
from django.utils import timezone

from accounts.models import User
from services.actions.requests import register
from services.demo import persons as demo
from services.demo import staff
from services.enums import FileState, IdentityCategory
from services.models import ChangeRequest, Identity, Person, RegistrationRequest
from veterans_portal import id_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(network):
    staff.load()
    demo.load()


def test_demonstration__loaded__files_about_3000_persons_with_right_numbers(loaded):
    assert 2800 < Person.objects.count() < 3400
    for person in Person.objects.all()[:300]:
        number = id_number.parse(person.id_number)
        assert (number.birth, number.sex) == (person.birth, person.sex)
    filed = Person.objects.filter(state=FileState.FILED).count()
    assert filed > 0.9 * Person.objects.count()
    assert not Person.objects.filter(birth__year__lt=1930).exists()
    assert not Person.objects.filter(identities=None).exists()
    assert not Person.objects.filter(filed_at__gt=timezone.now()).exists()


def test_demonstration__loaded_twice__adds_nothing(loaded):
    before = (Person.objects.count(), Identity.objects.count(), RegistrationRequest.objects.count())
    demo.load()
    assert before == (
        Person.objects.count(),
        Identity.objects.count(),
        RegistrationRequest.objects.count(),
    )


def test_citizens__one_to_three__have_a_file_one_to_claim_and_nothing(loaded):
    first, second, third = (User.objects.with_phone(phone).get() for phone in staff.PHONES)
    assert first.person.is_filed
    name, number, _ = demo.claimable()
    village = first.person.station
    claimed = register(
        user=second,
        station=village,
        name=name,
        id_number=number,
        address="",
        division=village.division,
        categories=[IdentityCategory.DISCHARGED_SOLDIER],
    )
    assert isinstance(claimed, Person)
    assert not Person.objects.filter(account=third).exists()


def test_requests__at_the_demonstration_stations__are_late_due_and_waiting(loaded):
    today = timezone.localdate()
    dues = set(RegistrationRequest.objects.open().values_list("due_on", flat=True))
    assert min(dues) < today < max(dues)
    assert today in dues
    assert ChangeRequest.objects.open().count() == 4

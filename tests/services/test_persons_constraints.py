"""What the database itself refuses about files, identities and corrections."""

from datetime import date

import pytest
from django.db import IntegrityError
from django.utils import timezone

from services.enums import ChangeState, DisabilityNature, FileState
from services.models import ChangeRequest
from tests.factories.accounts import UserFactory
from tests.factories.persons import IdentityFactory, PersonFactory

pytestmark = pytest.mark.django_db


def change(person=None, **values):
    given = {"person": person or PersonFactory(), "by": UserFactory(staff=True)}
    return ChangeRequest.objects.create(
        wanted='{"name": "新名字"}', reason="更正", **(given | values)
    )


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"filed_at": None}, "person_filed_has_its_time"),
        ({"state": FileState.DRAFT, "filed_at": timezone.now()}, "person_filed_has_its_time"),
        ({"state": FileState.CLOSED}, "person_closed_has_time_and_reason"),
        ({"closed_at": timezone.now()}, "person_closed_has_time_and_reason"),
        (
            {"state": FileState.MOVED, "closed_at": timezone.now(), "closed_reason": ""},
            "person_closed_has_time_and_reason",
        ),
        ({"state": FileState.SUBMITTED, "filed_at": None}, "person_waiting_has_its_time"),
        (
            {"enlisted_on": date(1990, 1, 1), "discharged_on": date(1989, 1, 1)},
            "person_discharged_after_enlisted",
        ),
        (
            {"birth": date(1970, 1, 1), "enlisted_on": date(1969, 1, 1)},
            "person_enlisted_after_birth",
        ),
        ({"disability_grade": 5}, "person_disability_grade_one_to_ten_with_nature"),
        (
            {"disability_grade": 11, "disability_nature": DisabilityNature.WAR},
            "person_disability_grade_one_to_ten_with_nature",
        ),
        (
            {"disability_nature": DisabilityNature.WAR},
            "person_disability_grade_one_to_ten_with_nature",
        ),
    ],
)
def test_person__that_contradicts_itself__is_refused(values, rule):
    with pytest.raises(IntegrityError, match=rule):
        PersonFactory(**values)


def test_person__reviewed_by_the_filler__is_refused():
    clerk = UserFactory(staff=True)
    with pytest.raises(IntegrityError, match="person_reviewer_is_not_the_filler"):
        PersonFactory(submitted_by=clerk, reviewed_by=clerk)


def test_person__with_the_id_number_of_another__is_refused():
    first = PersonFactory()
    with pytest.raises(IntegrityError, match="id_index"):
        PersonFactory(id_number=first.id_number)


def test_account__of_two_persons__is_refused():
    first = PersonFactory(claimed=True)
    with pytest.raises(IntegrityError, match="account_id"):
        PersonFactory(account=first.account)


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        (
            {"valid_from": date(2024, 1, 2), "valid_to": date(2024, 1, 1)},
            "identity_ends_after_it_begins",
        ),
        (
            {"verified_at": timezone.now(), "evidence": ""},
            "identity_verified_has_time_and_evidence",
        ),
    ],
)
def test_identity__that_contradicts_itself__is_refused(values, rule):
    with pytest.raises(IntegrityError, match=rule):
        IdentityFactory(**values)


def test_identity__verified_by_somebody_at_no_time__is_refused():
    with pytest.raises(IntegrityError, match="identity_verified_has_time_and_evidence"):
        IdentityFactory(verified_by=UserFactory(staff=True))


def test_identity__open_twice_in_one_category__is_refused():
    first = IdentityFactory()
    with pytest.raises(IntegrityError, match="identity_open_once_per_category"):
        IdentityFactory(person=first.person, category=first.category)


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"state": ChangeState.ACCEPTED}, "decided_has_who_and_when"),
        ({"decided_at": timezone.now()}, "decided_has_who_and_when"),
        (
            {"state": ChangeState.REFUSED, "decided_at": timezone.now(), "answer": ""},
            "refused_says_why",
        ),
    ],
)
def test_correction__that_contradicts_itself__is_refused(values, rule):
    if rule == "refused_says_why":
        values = values | {"decided_by": UserFactory(staff=True)}
    with pytest.raises(IntegrityError, match=f"change_request_{rule}"):
        change(**values)


def test_correction__decided_by_the_one_who_asked__is_refused():
    clerk = UserFactory(staff=True)
    with pytest.raises(IntegrityError, match="change_request_decided_by_another"):
        change(by=clerk, state=ChangeState.ACCEPTED, decided_by=clerk, decided_at=timezone.now())


def test_correction__second_open_one_of_a_person__is_refused():
    first = change()
    with pytest.raises(IntegrityError, match="change_request_one_open_per_person"):
        change(person=first.person)


def test_correction__reopened__is_refused():
    done = change(
        state=ChangeState.ACCEPTED,
        decided_by=UserFactory(staff=True),
        decided_at=timezone.now(),
    )
    with pytest.raises(Exception, match="transition"):
        ChangeRequest.objects.filter(pk=done.pk).update(
            state=ChangeState.OPEN, decided_by=None, decided_at=None
        )

"""Files that may be one person's: which pairs the nights find, and by what signs."""

from datetime import date

import pytest

from services.actions import duplicates as acts
from services.enums import DuplicateSign
from services.models import Duplicate
from tests.factories.network import StationFactory
from tests.factories.persons import PersonFactory, id_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    return StationFactory()


def test_find__same_name_and_birth__notes_the_pair_once(station):
    first = PersonFactory(station=station, name="陈卫国")
    second = PersonFactory(station=station, name="陈卫国", birth=first.birth)
    PersonFactory(station=station, name="陈卫国")
    assert acts.find() == 1
    assert acts.find() == 0
    pair = Duplicate.objects.get()
    assert (pair.first, pair.second) == (first, second)
    assert DuplicateSign.NAME_BIRTH in pair.signs


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("32028119600101001", "32028119600101001", False),
        ("32028119600101001", "32028119600101007", True),
        ("32028119600101012", "32028119600101021", True),
        ("32028119600101012", "32028119600101034", False),
        ("32028119600101012", "32028119600102013", False),
    ],
)
def test_near__one_digit_or_two_swapped__and_nothing_else(one, other, expected):
    assert acts.near(one, other) is expected
    assert acts.near_pairs([(2, one), (1, other)]) == ({(1, 2)} if expected else set())


def test_find__name_of_very_many__still_meets_its_double(station, monkeypatch):
    monkeypatch.setattr(acts, "MOST_ALIKE", 3)
    for serial in range(4):
        PersonFactory(station=station, name="王建国", birth=date(1950 + serial, 7, 1))
    files = [
        PersonFactory(station=station, name="王建国", birth=birth, id_number=id_number(31, birth))
        for birth in (date(1963, 5, 4), date(1963, 5, 5))
    ]
    acts.find()
    pair = Duplicate.objects.get(first=files[0], second=files[1])
    assert pair.signs == [DuplicateSign.ID_NUMBER]


def test_find__same_phone__signs_say_what_else_is_shared(station):
    first = PersonFactory(station=station, name="陈卫国", phone="19900205555")
    unlike = id_number(birth=first.birth, region="110105")
    PersonFactory(
        station=station, name="陈为国", phone=first.phone, birth=first.birth, id_number=unlike
    )
    PersonFactory(station=station, name="陈卫国", phone=first.phone, birth=date(1931, 2, 3))
    acts.find()
    assert sorted(Duplicate.objects.values_list("signs", flat=True)) == [
        [DuplicateSign.NAME_PHONE],
        [DuplicateSign.PHONE_BIRTH],
    ]


def test_find__ended_files_and_files_without_phone__are_left_alone(station):
    PersonFactory(station=station, name="陈卫国", phone=None, birth=date(1931, 2, 3))
    PersonFactory(station=station, name="陈卫国", phone=None, birth=date(1952, 5, 6))
    PersonFactory(station=station, name="陈卫国", birth=date(1931, 2, 3), closed=True)
    assert acts.find() == 0

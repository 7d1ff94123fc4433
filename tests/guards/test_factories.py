"""Every factory makes a row that the database accepts."""

import inspect
from importlib import import_module

import pytest
from factory.django import DjangoModelFactory

MODULES = [
    "accounts",
    "network",
    "persons",
    "bookings",
    "reports",
    "hours",
    "ratings",
    "duplicates",
    "transfers",
    "proxies",
    "waiting",
    "arrivals",
    "guides",
    "matters",
    "papers",
    "partners",
    "placement_training",
    "placement_cases",
    "placement_fairs",
    "placement_plans",
    "placement_selection",
    "placement_loans",
    "placement_startups",
    "rules",
    "placement_outreach",
]


def all_factories():
    for name in MODULES:
        module = import_module(f"tests.factories.{name}")
        for _, thing in inspect.getmembers(module, inspect.isclass):
            if issubclass(thing, DjangoModelFactory) and thing.__module__ == module.__name__:
                yield thing


@pytest.mark.django_db
@pytest.mark.parametrize("factory", list(all_factories()), ids=lambda f: f.__name__)
def test_factory__makes_a_row__accepted_by_the_database(factory):
    assert factory().pk

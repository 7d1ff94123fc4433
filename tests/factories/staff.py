"""People of the four tiers around one station, as the tests of its files need them."""

from services.enums import Role
from tests.factories.network import PostingFactory


def clerk_at(station):
    """A clerk posted at the station."""
    return PostingFactory(station=station, role=Role.CLERK).user


def reviewer_at(station):
    """A reviewer posted at the station."""
    return PostingFactory(station=station, role=Role.REVIEWER).user


def head_at(station):
    """A head posted at the station."""
    return PostingFactory(station=station, role=Role.HEAD).user

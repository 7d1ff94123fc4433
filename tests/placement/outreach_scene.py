"""A village with its clerk, the city's writers, a rule in force, and people it fits."""

from datetime import date
from types import SimpleNamespace

from services.enums import Role
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.persons import PersonFactory
from tests.factories.rules import RuleVersionFactory

DAY = date(2026, 11, 24)


def scene(**version):
    """Two people of 76, one of 56; the rule says 70."""
    s = SimpleNamespace()
    s.station = StationFactory()
    s.city = s.station.parent.parent.parent
    s.clerk = PostingFactory(station=s.station, role=Role.CLERK).user
    s.writer = PostingFactory(station=s.city, role=Role.CLERK).user
    s.head = PostingFactory(station=s.city, role=Role.HEAD).user
    s.version = RuleVersionFactory(**{"rule__station": s.city, "visiting": True} | version)
    s.old = PersonFactory(name="王德才", birth=date(1950, 3, 4), station=s.station, claimed=True)
    s.phoneless = PersonFactory(
        name="李福生", birth=date(1950, 5, 6), station=s.station, phone=None
    )
    s.young = PersonFactory(name="赵子豪", birth=date(1970, 1, 1), station=s.station)
    return s

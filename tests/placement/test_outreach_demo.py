"""The demonstration's rules come out as their cases say, and loading twice adds nothing."""

from datetime import date

import pytest

from placement.demo import outreach
from placement.models import OutreachLead, OutreachTask
from services.demo import staff
from services.enums import RuleState
from services.models import GoldenCase, Rule, RuleVersion
from services.rules.golden import judged
from tests.factories.network import StationFactory
from tests.factories.persons import PersonFactory

pytestmark = pytest.mark.django_db


def test_demo__loaded_twice__has_its_rules_once_and_all_cases_right():
    station = StationFactory()
    staff.load()
    PersonFactory(birth=date(1940, 1, 1), station=station)
    outreach.load()
    outreach.load()
    assert Rule.objects.count() == len(outreach.RULES)
    assert RuleVersion.objects.filter(state=RuleState.DRAFT).count() == 1
    for case in GoldenCase.objects.select_related("version__rule__station"):
        assert judged(case.version, case).answer == case.expected, case
    assert OutreachLead.objects.count() == OutreachTask.objects.count() == 1

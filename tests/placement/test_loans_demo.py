"""The demonstration year gives A124 exactly, five banks together, and may be loaded again."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from placement.demo import loans as demo
from placement.demo import startups
from placement.enums.loans import BankReturnState, Finding
from placement.loan_indicators import EMP_14
from placement.models import (
    BankReturn,
    BankReturnLine,
    LoanReferral,
    StartupBundle,
    VeteranEnterprise,
)
from reports import counting
from services.demo.partners import SAMPLES, credit_code
from services.enums import PartnerRole
from tests.factories.accounts import UserFactory
from tests.factories.network import DivisionFactory
from tests.factories.partners import PartnerFactory, PartnerMemberFactory
from tests.factories.persons import IdentityFactory
from veterans_portal.indicators import Span

pytestmark = pytest.mark.django_db


@pytest.fixture
def _world():
    UserFactory(staff=True, staff_number="CS003")
    for number, sample in enumerate(SAMPLES):
        if PartnerRole.BANK in sample.roles:
            bank = PartnerFactory(bank=True, name=sample.name, credit_code=credit_code(number))
            PartnerMemberFactory(partner=bank)
    for _ in range(150):
        IdentityFactory(verified=True)


@pytest.mark.usefixtures("_world")
def test_demo__half_year_of_2025__is_60000_wan_over_the_five_banks():
    demo.load()
    lines = BankReturnLine.objects.filter(
        counts=True, counted_on__range=(date(2025, 1, 1), date(2025, 6, 30))
    )
    assert lines.aggregate(sum=Sum("counted"))["sum"] == Decimal(600_000_000)
    assert lines.values("bank").distinct().count() == 5
    city = BankReturn.objects.first().station
    while city.parent is not None:
        city = city.parent
    span = Span(date(2025, 1, 1), date(2025, 6, 30))
    assert EMP_14.printed(counting.total(span, city, EMP_14).value) == "6亿元"


@pytest.mark.usefixtures("_world")
def test_demo__loaded_twice__is_there_once__with_work_left_to_do():
    demo.load()
    counts = (BankReturnLine.objects.count(), LoanReferral.objects.count())
    demo.load()
    assert (BankReturnLine.objects.count(), LoanReferral.objects.count()) == counts
    assert BankReturn.objects.filter(state=BankReturnState.SUBMITTED).count() == 2
    assert BankReturnLine.objects.filter(finding=Finding.DIFFERS).count() == 2
    assert LoanReferral.objects.filter(green_channel=True, due_on__isnull=False).exists()


@pytest.mark.usefixtures("_world")
def test_demo__start_ups__are_there_once__one_waits():
    DivisionFactory(code="320200000000")
    UserFactory(staff=True, staff_number="CS001")
    startups.load()
    startups.load()
    assert VeteranEnterprise.objects.listed().count() == len(startups.ENTERPRISES) - 1
    assert VeteranEnterprise.objects.filter(featured=True).count() == 3
    assert StartupBundle.objects.get().items.count() == 4

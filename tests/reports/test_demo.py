"""The demonstration year."""

import pytest
from django.db.models import Count

from reports import demo
from reports.catalogue import CODES
from reports.enums import ReturnState
from reports.models import Figure, ReportingPeriod, Return
from services.demo import staff as demo_staff
from services.models import Posting
from tests.reports.conftest import JUNE  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(city, calendar, monkeypatch):
    monkeypatch.setattr(demo, "MONTHS", 3)
    demo_staff.load()
    demo.load()


def test_demo__older_months_are_locked_and_the_last_one_waits_for_the_demonstration_clerks(loaded):
    last, *older = ReportingPeriod.objects.all()
    assert len(older) == 2
    assert set(Return.objects.filter(period__in=older).values_list("state", flat=True)) == {
        "LOCKED"
    }
    assert older[0].locked_at is not None
    village = Posting.objects.get(user__staff_number="JYC01").station
    assert last.returns.get(station=village).state == ReturnState.NOT_STARTED
    district = Posting.objects.get(user__staff_number="JY001").station
    returned = last.returns.get(station=district)
    assert returned.state == ReturnState.RETURNED
    assert returned.versions.count() == 3


def test_demo__run_again__changes_nothing(loaded):
    before = list(Figure.objects.order_by("pk").values_list()), Return.objects.count()
    demo.load()
    assert (list(Figure.objects.order_by("pk").values_list()), Return.objects.count()) == before


def test_demo__figures__obey_the_checks_of_a_return(loaded):
    from reports import checks
    from reports.actions.returns import last_month_values

    for of in Return.objects.filter(state__in=["LOCKED", "ACCEPTED"]).select_related("period"):
        last = last_month_values(of)
        lines = [checks.line_of(figure, last.get(figure.code)) for figure in of.figures.all()]
        assert checks.of_cells(lines) == {}
        assert checks.of_filing(lines) == {}, of
    assert Figure.objects.values("of").annotate(n=Count("pk")).exclude(n=len(CODES)).count() == 0

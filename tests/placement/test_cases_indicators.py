"""EMP-01 to EMP-05 against counts made by hand, and over a new version of the plan."""

from datetime import date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from placement.case_indicators import INDICATORS
from placement.models import PlacementCase, PlacementPlan
from reports import counting
from services.enums import PlacementWay, Role
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.placement_cases import PlacementCaseFactory
from tests.factories.placement_plans import (
    PlacementPlanFactory,
    PlacementPostFactory,
    published,
)
from tests.factories.reports import ReportingPeriodFactory
from veterans_portal.indicators import Span

pytestmark = pytest.mark.django_db
MAY, JUNE = Span.month(date(2025, 5, 1)), Span.month(date(2025, 6, 1))
BY_CODE = {each.code: each for each in INDICATORS}


def case(station, left, reported, **kwargs):
    return PlacementCaseFactory(
        station=station, discharged_on=left, reported_on=reported, late_cause="路远",
        place_by=date(2026, 12, 31), **kwargs,
    )  # fmt: skip


def value(code, span, station):
    return counting.total(span, station, BY_CODE[code])


@pytest.fixture
def station():
    return StationFactory(district=True)


def test_emp_01_02_05__recounted_by_hand(station):
    case(station, date(2025, 4, 1), date(2025, 5, 10))
    case(station, date(2025, 4, 1), date(2025, 6, 3))
    case(station, date(2025, 5, 1), date(2025, 6, 4), way=PlacementWay.SELF_EMPLOYMENT, grounds=[])
    seated = case(station, date(2024, 11, 1), date(2024, 12, 1), onboard=True)
    PlacementCase.objects.filter(pk=seated.pk).update(
        letter_on=date(2025, 3, 1), seat_by=date(2025, 3, 31), onboard_on=date(2025, 3, 20)
    )
    before = case(station, date(2023, 11, 1), date(2023, 12, 1), onboard=True)
    PlacementCase.objects.filter(pk=before.pk).update(
        letter_on=date(2024, 3, 1), seat_by=date(2024, 3, 31), onboard_on=date(2024, 3, 20)
    )
    gave_up = case(station, date(2025, 3, 1), date(2025, 4, 1), waived=True)
    PlacementCase.objects.filter(pk=gave_up.pk).update(ended_on=date(2025, 6, 15))
    assert [value("EMP-01", span, station).value for span in (MAY, JUNE)] == [1, 2]
    # May: the first, the seated one of last year, the one who gave up in June; June: without them
    assert [value("EMP-02", span, station).value for span in (MAY, JUNE)] == [3, 3]
    rate = value("EMP-05", JUNE, station)
    assert (rate.numerator, rate.denominator, str(rate.value)) == (1, 3, "33.33")


def test_emp_03_04__posts_count_once_and_the_ratio_is_of_sums(station):
    plan = PlacementPlanFactory(station=station, year=2025)
    post = PlacementPostFactory(plan=plan, headcount=5)
    published(plan, people=2)
    in_june = timezone.make_aware(datetime(2025, 6, 10, 9))
    PlacementPlan.objects.filter(pk=plan.pk).update(published_at=in_june)
    assert value("EMP-03", JUNE, station).value == 5
    assert value("EMP-03", MAY, station).value == 0
    ratio = value("EMP-04", JUNE, station.parent)
    assert (ratio.numerator, ratio.denominator, str(ratio.value)) == (5, 2, "250.00")
    assert value("EMP-04", MAY, station).value is None
    PlacementPlan.objects.filter(pk=plan.pk).update(state="SUPERSEDED")
    second = PlacementPlanFactory(station=station, year=2025, version=2)
    PlacementPostFactory(plan=second, employer=post.employer, headcount=6,
                         first_published_on=date(2025, 6, 10))  # fmt: skip
    PlacementPostFactory(plan=second, headcount=1)
    published(second, people=2)
    in_july = timezone.make_aware(datetime(2025, 7, 10, 9))
    PlacementPlan.objects.filter(pk=second.pk).update(published_at=in_july)
    july = Span.month(date(2025, 7, 1))
    assert [value("EMP-03", span, station).value for span in (JUNE, july)] == [6, 1]
    assert str(value("EMP-04", july, station).value) == "350.00"


def test_records__of_every_code__are_listed_on_its_page(client, station):
    case(station, date(2025, 5, 20), date(2025, 6, 3))
    plan = PlacementPlanFactory(station=station, year=2025)
    PlacementPostFactory(plan=plan, title="设备维护岗")
    published(plan, people=1)
    PlacementPlan.objects.filter(pk=plan.pk).update(
        published_at=timezone.make_aware(datetime(2025, 6, 10, 9))
    )
    ReportingPeriodFactory(month=date(2025, 6, 1))
    client.force_login(PostingFactory(station=station, role=Role.HEAD).user)
    for code in BY_CODE:
        address = reverse("reports:records", args=[code])
        page = client.get(address, {"first": "2025-06", "last": "2025-06", "station": station.code})
        assert page.status_code == 200, code
        if code == "EMP-03":
            assert "设备维护岗" in page.content.decode()


def test_records_behind__are_those_counted(station):
    case(station, date(2025, 5, 20), date(2025, 6, 3))
    for code in ("EMP-01", "EMP-02", "EMP-05"):
        counted = BY_CODE[code].counted
        rows = list(counted.behind(JUNE))
        assert len(rows) == 1
        assert all(str(show(row)) for _, show in counted.columns for row in rows)
        assert counted.link(rows[0])

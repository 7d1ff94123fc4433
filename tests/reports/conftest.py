"""A small city: two districts, three towns, four villages and a campus; staff where needed."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from reports.actions import periods
from services.enums import DivisionLevel, Role, StationKind, Tier
from services.models import CalendarDay, Division, Station
from services.models.calendar import CalendarSource
from tests.factories.accounts import UserFactory
from tests.factories.network import PostingFactory

PROVINCE, CITY = "320000000000", "320200000000"
ROWS = [
    ("a", "320281000000", "江阴市", "city", DivisionLevel.DISTRICT),
    ("b", "320282000000", "宜兴市", "city", DivisionLevel.DISTRICT),
    ("a1", "320281101000", "澄东镇", "a", DivisionLevel.TOWN),
    ("a2", "320281102000", "澄西镇", "a", DivisionLevel.TOWN),
    ("b1", "320282101000", "宜南镇", "b", DivisionLevel.TOWN),
    ("a1x", "320281101201", "东一村", "a1", DivisionLevel.VILLAGE),
    ("a1y", "320281101202", "东二村", "a1", DivisionLevel.VILLAGE),
    ("a2x", "320281102201", "西一村", "a2", DivisionLevel.VILLAGE),
    ("b1x", "320282101201", "南一村", "b1", DivisionLevel.VILLAGE),
]
TIERS = {
    DivisionLevel.DISTRICT: Tier.DISTRICT,
    DivisionLevel.TOWN: Tier.TOWN,
    DivisionLevel.VILLAGE: Tier.VILLAGE,
}
MAY = date(2025, 5, 1)
JUNE = date(2025, 6, 1)


@pytest.fixture
def city(db):
    """Stations by short names: city, a, b, a1, a2, b1, a1x, a1y, a2x, b1x, campus."""
    made = SimpleNamespace()
    province = Division.objects.create(code=PROVINCE, name="江苏省", level=DivisionLevel.PROVINCE)
    divisions = {
        "city": Division.objects.create(
            code=CITY, name="无锡市", level=DivisionLevel.CITY, parent=province
        )
    }
    made.city = _station(
        CITY, "无锡市退役军人服务中心", Tier.CITY, None, divisions["city"], "3202/"
    )
    for key, code, name, parent, level in ROWS:
        divisions[key] = Division.objects.create(
            code=code, name=name, level=level, parent=divisions[parent]
        )
        above = getattr(made, parent)
        path = f"{above.path}{code.rstrip('0')}/"
        title = f"{name}退役军人服务{'中心' if level == DivisionLevel.DISTRICT else '站'}"
        setattr(made, key, _station(code, title, TIERS[level], above, divisions[key], path))
    made.campus = Station.objects.create(
        code="320281-G1",
        name="某学院退役军人服务站",
        kind=StationKind.CAMPUS,
        parent=made.a,
        division=divisions["a"],
        path=f"{made.a.path}320281-G1/",
        active_from=date(2019, 1, 1),
    )
    return made


def _station(code, name, tier, parent, division, path):
    return Station.objects.create(
        code=code,
        name=name,
        tier=tier,
        parent=parent,
        division=division,
        path=path,
        head_name="负责人甲",
        active_from=date(2019, 1, 1),
    )


@pytest.fixture
def calendar(db):
    """Working days by the week from 2024 to 2026, without holidays."""
    day, days = date(2024, 1, 1), []
    while day.year < 2027:
        days.append(
            CalendarDay(day=day, is_workday=day.weekday() < 5, source=CalendarSource.EXPECTED)
        )
        day += timedelta(days=1)
    CalendarDay.objects.bulk_create(days, ignore_conflicts=True)


@pytest.fixture
def staff(city):
    """`staff("a1x", Role.CLERK)` makes a staff member posted there."""

    def make(key, role=Role.CLERK, name=None):
        user = UserFactory(staff=True, **({"name": name} if name else {}))
        PostingFactory(user=user, station=getattr(city, key), role=role)
        return user

    return make


@pytest.fixture
def june(city, calendar):
    """The opened June 2025; `june.of("a1x")` is a station's return."""
    periods.open_period(month=MAY)
    period = periods.open_period(month=JUNE)
    period.of = lambda key, month=JUNE: period.returns.model.objects.get(
        station=getattr(city, key), period__month=month
    )
    return period

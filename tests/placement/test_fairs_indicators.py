"""EMP-09 to 12 against SQL written by hand from `domain.md` C.5, and the demonstration's printed figures."""

from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from placement.demo import fairs as demo
from placement.enums.fairs import FairEmployerState, FairState, IntentStage, PostKind
from placement.fair_indicators import INDICATORS
from placement.models import (
    Applicant,
    DirectedRecruitment,
    EmploymentIntent,
    FairVacancy,
    JobFair,
    Vacancy,
)
from reports import counting
from services.actions.network import lay_down_network
from services.demo import network, partners, staff
from services.enums import HOLDING_STATES, FileState
from services.models import Booking, Person, Slot, Station
from tests.factories.network import StationFactory
from tests.factories.persons import PersonFactory
from tests.factories.placement_fairs import (
    DirectedRecruitmentFactory,
    EmploymentIntentFactory,
    FairEmployerFactory,
    FairVacancyFactory,
    JobFairFactory,
    VacancyFactory,
)
from veterans_portal.indicators import Span

pytestmark = pytest.mark.django_db
BY_CODE = {each.code: each for each in INDICATORS}
JUNE = Span(date(2025, 6, 1), date(2025, 6, 30))
HALF = Span(date(2025, 1, 1), date(2025, 6, 30))


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def at(*parts):
    return timezone.make_aware(datetime(*parts))


def held(station, on, **more):
    return JobFairFactory(station=station, held=True, held_on=on, apply_by=on, **more)


def value(code, span, station):
    return counting.total(span, station, BY_CODE[code]).value or 0


def test_fairs__held_in_the_month__count_at_their_station():
    station = StationFactory()
    held(station, date(2025, 6, 1))
    held(station, date(2025, 6, 30))
    held(station, date(2025, 5, 31))
    JobFairFactory(station=station, held_on=date(2025, 6, 10), apply_by=date(2025, 6, 1))
    by_hand = sql(
        "SELECT count(*) FROM placement_jobfair WHERE state = 'HELD'"
        " AND held_on BETWEEN '2025-06-01' AND '2025-06-30'"
    )
    assert value("EMP-09", JUNE, station) == by_hand == 2
    assert value("EMP-09", JUNE, station.parent) == 2


def test_posts__of_accepted_employers_at_fairs_held__are_summed_as_offered():
    fair = held(StationFactory(), date(2025, 6, 14))
    for state, headcount in (("ACCEPTED", 7), ("ACCEPTED", 5), ("REFUSED", 90)):
        more = {"applied": True, "state": state, "reason": "薪资不明"} if state == "REFUSED" else {}
        if more:
            more |= {"decided_by": fair.opened_by, "decided_at": timezone.now()}
        employer = FairEmployerFactory(fair=fair, **more)
        FairVacancyFactory(employer=employer, headcount=headcount)
    FairVacancyFactory(headcount=100)  # at a fair that is still to come
    by_hand = sql(
        "SELECT sum(v.headcount) FROM placement_fairvacancy v"
        " JOIN placement_fairemployer e ON e.id = v.employer_id"
        " JOIN placement_jobfair f ON f.id = e.fair_id"
        " WHERE e.state = 'ACCEPTED' AND f.state = 'HELD'"
        " AND f.held_on BETWEEN '2025-06-01' AND '2025-06-30'"
    )
    assert value("EMP-10", JUNE, fair.station) == by_hand == 12


def test_intentions__reached_in_the_month__count_whatever_became_of_them():
    vacancy = VacancyFactory()
    reached = {"vacancy": vacancy, "reached_on": date(2025, 6, 14)}
    first = EmploymentIntentFactory(**reached)
    EmploymentIntentFactory(
        person=first.person, station=first.station, reached_on=date(2025, 6, 15)
    )
    EmploymentIntentFactory(
        stage=IntentStage.ENDED, ended_on=date(2025, 7, 1), ended_as="EMPLOYER", **reached
    )
    EmploymentIntentFactory(wished=True, vacancy=vacancy)
    EmploymentIntentFactory(vacancy=vacancy, reached_on=date(2025, 7, 1))
    by_hand = sql(
        "SELECT count(*) FROM placement_employmentintent"
        " WHERE reached_on BETWEEN '2025-06-01' AND '2025-06-30'"
    )
    assert value("EMP-11", JUNE, vacancy.station) == by_hand == 3


def test_reserved_posts__of_notices_published_in_the_month__count_unless_called_off():
    kept = DirectedRecruitmentFactory(published_at=at(2025, 6, 30, 23, 50))
    called_off = DirectedRecruitmentFactory(
        station=kept.station, published_at=at(2025, 6, 2), state="CANCELLED", reason="计划调整",
        ended_at=at(2025, 6, 20),
    )  # fmt: skip
    later = DirectedRecruitmentFactory(station=kept.station, published_at=at(2025, 7, 1))
    for notice, headcount in ((kept, 8), (kept, 4), (called_off, 30), (later, 60)):
        VacancyFactory(directed=True, recruitment=notice, headcount=headcount)
    VacancyFactory(headcount=500)
    by_hand = sql(
        "SELECT sum(v.headcount) FROM placement_vacancy v"
        " JOIN placement_directedrecruitment r ON r.id = v.recruitment_id"
        " WHERE r.published_at AT TIME ZONE 'Asia/Shanghai' >= '2025-06-01'"
        " AND r.published_at AT TIME ZONE 'Asia/Shanghai' < '2025-07-01'"
        " AND NOT (r.state = 'CANCELLED' AND r.ended_at < '2025-07-01')"
    )
    assert value("EMP-12", JUNE, kept.station) == by_hand == 12


def test_records_behind__a_figure__show_no_whole_name():
    intent = EmploymentIntentFactory(person__name="王建国", reached_on=date(2025, 6, 14))
    counted = BY_CODE["EMP-11"].counted
    (row,) = counted.behind(JUNE)
    assert row.pk == intent.pk
    assert counted.columns[0][1](row) == "王*国"
    assert counted.link(row).startswith("/desk/")


@pytest.mark.slow
def test_demo__first_half_of_2025__gives_the_printed_figures():
    call_command("load_calendar")
    lay_down_network()
    network.load()
    staff.load()
    partners.load()
    city = Station.objects.get(parent=None)
    for number in range(40):
        PersonFactory(
            station=Station.objects.filter(tier=4).order_by("pk")[number],
            birth=date(1980, 1, 1) + timedelta(days=number),
        )
    demo.load()
    printed = {code: BY_CODE[code].printed(value(code, HALF, city)) for code in BY_CODE}
    assert printed["EMP-09"] == "10场"
    assert printed["EMP-10"] == "2714个"
    assert printed["EMP-11"] == "125人次"
    assert sum(plan.posts for plan in demo.HELD) == 2714
    notices = DirectedRecruitment.objects.filter(published_at__lt=at(2025, 7, 1))
    kinds = set(notices.values_list("kind", "division__short_name"))
    assert {kind for kind, _ in kinds} == {PostKind.SOLDIER_TEACHER, PostKind.COMMUNITY_WORKER}
    april = notices.get(kind=PostKind.COMMUNITY_WORKER)
    assert (april.division.code[:6], timezone.localdate(april.published_at).month) == ("320281", 4)
    assert {each.division.code[:6] for each in notices.filter(kind=PostKind.SOLDIER_TEACHER)} == {
        "320281", "320282"
    }  # fmt: skip
    _hangs_together()
    counts = [model.objects.count() for model in (JobFair, Vacancy, EmploymentIntent, Applicant)]
    demo.load()
    assert counts == [
        model.objects.count() for model in (JobFair, Vacancy, EmploymentIntent, Applicant)
    ]


def _hangs_together():
    """Counts of slots agree with their bookings, and something comes that people can register for."""
    slots = Slot.objects.filter(offering__is_event=True).annotate(
        held=Sum("bookings__heads", filter=Q(bookings__state__in=HOLDING_STATES), default=0)
    )
    assert not slots.exclude(taken=F("held")).exists()
    coming = JobFair.objects.to_come().get()
    assert coming.held_on > timezone.localdate()
    assert coming.employers.filter(state=FairEmployerState.APPLIED).exists()
    assert JobFair.objects.filter(state=FairState.DRAFT).exists()
    assert Vacancy.objects.open().filter(recruitment__isnull=False).exists()
    filled = FairVacancy.objects.filter(employer__fair__state=FairState.HELD)
    assert not filled.exclude(headcount=F("vacancy__headcount")).exists()
    assert not Booking.objects.values("code").annotate(n=Count("pk")).filter(n__gt=1).exists()
    assert Person.objects.filter(state=FileState.FILED).exists()

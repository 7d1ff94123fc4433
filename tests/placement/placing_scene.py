"""A district centre with a clerk, a second clerk, a reviewer and a head; a scheme; a person counted."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

from django.utils import timezone

from placement.actions import cases
from placement.actions.scoring import answers, publications, sheets
from placement.enums import EvidenceKind, QuantitySource, RuleGroup
from services.enums import PlacementWay, Role
from services.models import CalendarDay
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.persons import PersonFactory
from tests.factories.placement_cases import (
    PlacementTermsFactory,
    ScoringRuleFactory,
    ScoringSchemeFactory,
    TieStepFactory,
    approved,
)


def calendar(*holidays, days=120, first=None, make_up=()):
    """The working-day calendar around today: weekends and `holidays` are days of rest."""
    first = first or timezone.localdate() - timedelta(days=60)
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(
                day=day,
                is_workday=(day.weekday() < 5 or day in make_up) and day not in holidays,
                source="STATE_COUNCIL",
            )
            for day in (first + timedelta(days=n) for n in range(days))
        ]
    )


def centre(station=None, **kwargs):
    """A district station with its staff, terms in force, and a scheme with a tie chain."""
    place = SimpleNamespace(station=station or StationFactory(district=True))
    for name, role in (
        ("clerk", Role.CLERK), ("second", Role.CLERK), ("reviewer", Role.REVIEWER),
        ("head", Role.HEAD),
    ):  # fmt: skip
        setattr(place, name, PostingFactory(station=place.station, role=role).user)
    place.terms = PlacementTermsFactory(**kwargs)
    scheme = ScoringSchemeFactory(station=place.station.parent)
    place.years = ScoringRuleFactory(
        scheme=scheme, group=RuleGroup.SERVICE, name="服现役年限", points=Decimal(3), unit="年",
        source=QuantitySource.SERVICE_YEARS, from_year=0, to_year=12, position=10,
    )  # fmt: skip
    place.long_years = ScoringRuleFactory(
        scheme=scheme, group=RuleGroup.SERVICE, name="满12年以后", points=Decimal(4), unit="年",
        source=QuantitySource.SERVICE_YEARS, from_year=12, position=20,
    )  # fmt: skip
    place.third = ScoringRuleFactory(
        scheme=scheme, name="平时三等功", points=Decimal(10), cap=Decimal(25), position=30
    )
    place.war = ScoringRuleFactory(
        scheme=scheme, group=RuleGroup.AWARD_WAR, name="战时三等功", points=Decimal(20), position=40
    )
    place.medal = ScoringRuleFactory(
        scheme=scheme, group=RuleGroup.COMMENDATION, name="荣誉称号", points=Decimal(0),
        places_first=True, position=50,
    )  # fmt: skip
    place.fault = ScoringRuleFactory(
        scheme=scheme, group=RuleGroup.DEDUCTION, name="记过", points=Decimal(5),
        is_deduction=True, position=60,
    )  # fmt: skip
    TieStepFactory(scheme=scheme, position=1, group=RuleGroup.AWARD_WAR)
    TieStepFactory(scheme=scheme, position=2, group=RuleGroup.SERVICE)
    place.scheme = approved(scheme)
    return place


def soldier(place, **kwargs):
    """A filed person under the centre with an account."""
    kwargs = {"enlisted_on": date(2012, 9, 1), "birth": date(1994, 5, 6), "claimed": True} | kwargs
    return PersonFactory(station=StationFactory(parent=_town(place)), **kwargs)


def _town(place):
    return StationFactory(town=True, parent=place.station)


def checked_in(place, person=None, *, discharged_on=None, **kwargs):
    """A case whose original file is being looked at, with one sheet of evidence."""
    discharged_on = discharged_on or timezone.localdate() - timedelta(days=20)
    case = cases.open_case(
        person=person or soldier(place, **kwargs), station=place.station, by=place.clerk,
        discharged_on=discharged_on, way=PlacementWay.ARRANGED_JOB, grounds=["LONG_SERVICE"],
    )  # fmt: skip
    cases.report(case=case, by=place.clerk, on=timezone.localdate() - timedelta(days=5))
    case = cases.begin_check(case=case, by=place.clerk)
    case.paper = cases.add_evidence(
        case=case, by=place.clerk, kind=EvidenceKind.SERVICE, title="入伍批准书", place="第1卷第2页"
    )
    return case


def counted(place, case, *rules, finish=True):
    """A sheet with the years of service and one of each of `rules`, checked by two."""
    sheet = sheets.start(case=case, by=place.clerk)
    sheets.add_line(sheet=sheet, by=place.clerk, rule=place.years, evidence=case.paper)
    for rule in rules:
        sheets.add_line(
            sheet=sheet, by=place.clerk, rule=rule, evidence=case.paper, quantity=Decimal(1)
        )
    sheets.check(sheet=sheet, by=place.clerk)
    sheets.check(sheet=sheet, by=place.second)
    if finish:
        sheets.finish(sheet=sheet, by=place.clerk)
    sheet.refresh_from_db()
    return sheet


def confirmed(place, *rules, **kwargs):
    """A sheet the person has confirmed."""
    case = checked_in(place, **kwargs)
    sheet = counted(place, case, *rules)
    answers.confirm(sheet=sheet, by=case.person.account)
    sheet.refresh_from_db()
    return sheet


def published(place, *all_sheets, **kwargs):
    """A publication that runs."""
    year = all_sheets[0].case.year
    made = publications.prepare(station=place.station, year=year, by=place.clerk, **kwargs)
    return publications.approve(publication=made, by=place.reviewer)

"""The terms, and a scoring scheme whose figures are sample rows of superseded measures (`domain.md` B.5)."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from placement.enums import QuantitySource, RuleGroup, SchemeState
from placement.models import PlacementTerms, ScoringRule, ScoringScheme, TieStep
from services.enums import DisabilityNature

NAME = "安排工作退役士兵量化评分示例办法"
PEACE, WAR = (("嘉奖", "0.5"), ("三等功", "10"), ("二等功", "20"), ("一等功", "40")), (
    ("嘉奖", "3"), ("三等功", "20"), ("二等功", "40"), ("一等功", "80"))  # fmt: skip
DISABILITY = (
    (DisabilityNature.WAR, (50, 40, 30, 20, 10, 5)),
    (DisabilityNature.DUTY, (40, 30, 20, 10, 5, 2)),
)
TIES = (RuleGroup.AWARD_WAR, RuleGroup.DISABILITY, RuleGroup.SERVICE)


def terms():
    """The terms since the regulations of 2024 are in force."""
    PlacementTerms.objects.get_or_create(
        effective_from=date(2024, 9, 1),
        defaults={
            "report_days": 30, "placement_months": 6, "seat_days": 30, "confirm_workdays": 5,
            "publicity_workdays": 5, "answer_workdays": 10, "warn_days": 30,
            "basis": "《退役军人安置条例》（示例：确认、复核和提醒的天数由本市自定）",
        },
    )  # fmt: skip


def scheme(station, writer, approver):
    """The sample scheme of the city, in force; returns it."""
    made, fresh = ScoringScheme.objects.get_or_create(
        station=station, name=NAME, version=1,
        defaults={
            "basis": "示例数据：取自2018年暂行办法，已停止执行，只供演示",
            "effective_from": date(2018, 8, 1), "short_part": Decimal("0.5"), "is_sample": True,
            "written_by": writer,
        },
    )  # fmt: skip
    if not fresh:
        return made
    rules = list(_rules())
    for position, rule in enumerate(rules, start=1):
        rule.scheme, rule.position = made, position * 10
    ScoringRule.objects.bulk_create(rules)
    TieStep.objects.bulk_create(
        TieStep(scheme=made, position=place, group=group) for place, group in enumerate(TIES, 1)
    )
    for state in (SchemeState.SUBMITTED, SchemeState.IN_FORCE):
        made.state = state
        if state == SchemeState.IN_FORCE:
            made.approved_by, made.approved_at = approver, timezone.now()
        made.save()
    return made


def _rules():
    for name, points, since, until in (
        ("服现役12年以内", 3, 0, 12),
        ("服现役满12年以后", 4, 12, None),
    ):
        yield ScoringRule(
            group=RuleGroup.SERVICE, name=name, points=Decimal(points), unit="年",
            source=QuantitySource.SERVICE_YEARS, from_year=since, to_year=until,
        )  # fmt: skip
    for group, words, rows in (
        (RuleGroup.AWARD_PEACE, "平时", PEACE), (RuleGroup.AWARD_WAR, "战时", WAR),
    ):  # fmt: skip
        for award, points in rows:
            yield ScoringRule(group=group, name=f"{words}{award}", points=Decimal(points))
    yield ScoringRule(group=RuleGroup.COMMENDATION, name="中央军委表彰", points=Decimal(20))
    yield ScoringRule(group=RuleGroup.COMMENDATION, name="全军性表彰", points=Decimal(10))
    yield ScoringRule(
        group=RuleGroup.COMMENDATION,
        name="八一勋章、荣誉称号",
        points=Decimal(0),
        places_first=True,
    )
    for nature, points in DISABILITY:
        for grade, each in enumerate(points, start=5):
            yield ScoringRule(
                group=RuleGroup.DISABILITY, name=f"{nature.label}致残{grade}级",
                points=Decimal(each), per_unit=False, unit="项", nature=nature, grade=grade,
                source=QuantitySource.DISABILITY,
            )  # fmt: skip

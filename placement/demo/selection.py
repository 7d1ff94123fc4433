"""Choosing posts in Jiangyin: a finished session of last year, and one of today that can be started."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from stdnum.cn.ric import calc_check_digit

from accounts.models import User
from placement.actions import selection
from placement.actions.cases.opening import months_later
from placement.actions.selection.preparing import freeze
from placement.enums import (
    CaseAct,
    CaseState,
    ConfirmedHow,
    EstablishmentKind,
    PlacementGround,
    PlanState,
    SheetState,
)
from placement.enums.selection import MissedRule, SessionState
from placement.models import (
    CaseEvent,
    PlacementCase,
    PlacementPlan,
    PlacementPost,
    ScoreSheet,
    ScoringScheme,
    SelectionRules,
    SelectionSession,
)
from services.demo.staff import JIANGYIN
from services.enums import FileSource, FileState, PartnerNature, PlacementWay, Sex, Tier
from services.models import Partner, Person, Station

PEOPLE = (("严守中", 71), ("沙一帆", "66.5"), ("卞长青", 58), ("郁文达", 52))
POSTS = ("档案管理岗", "安全巡查岗", "设备维护岗", "综合管理岗", "后勤保障岗")
CHOICES = (2, 1, 5, 3)
PLACING = list(PartnerNature)[:4]


@transaction.atomic
def load():
    """Make both once; needs the cases and the plan of this year."""
    staff = {
        user.staff_number: user
        for user in User.objects.filter(staff_number__in=["JY001", "JY002", "JY003"])
    }
    if SelectionRules.objects.exists() or len(staff) < 3:
        return
    rules()
    centre = Station.objects.get(division_id=JIANGYIN, tier=Tier.DISTRICT)
    _last_year(centre, staff)
    plan = PlacementPlan.objects.published().filter(station=centre, year=timezone.localdate().year)
    if plan.exists():
        selection.prepare(
            plan=plan.get(), by=staff["JY001"], venue="江阴市民中心三楼报告厅",
            title=f"江阴市{timezone.localdate().year}年度退役军人选岗会",
            starts_at=timezone.now() + timedelta(minutes=30),
        )  # fmt: skip


def rules():
    """Sample rules, in force since the regulations are."""
    SelectionRules.objects.create(
        effective_from=date(2024, 9, 1), turn_minutes=5, late_minutes=30, missed=MissedRule.LAST,
        wage_percent=80, living_allowance=Decimal("2490.00"), visit_days=90,
        basis="退役军人安置条例；时间和金额为示例",
    )  # fmt: skip


def _last_year(centre, staff):
    clerk, reviewer = staff["JY001"], staff["JY002"]
    year = timezone.localdate().year - 1
    sheets = [_sheet(centre, clerk, year, n) for n in range(len(PEOPLE))]
    plan = _plan(centre, clerk, reviewer, year)
    starts = timezone.make_aware(datetime.combine(date(year, 10, 16), time(9)))
    session = SelectionSession.objects.create(
        code="XGDEMQ25", station=centre, plan=plan, year=year, prepared_by=clerk,
        title=f"江阴市{year}年度退役军人选岗会", venue="江阴市民中心三楼报告厅", starts_at=starts,
        rules={
            "turn_seconds": 300, "late_seconds": 1800, "missed": "LAST", "outage_seconds": 20,
            "basis": "示例", "ties": [],
        },
    )  # fmt: skip
    freeze(session, sheets, [(post, 1) for post in plan.posts.order_by("position")])
    _hold(session, clerk, starts)
    _settle(session, staff, year)


def _hold(session, clerk, now):
    """Four choices, on phones and at the desk."""
    selection.open_session(session=session, by=clerk, now=now)
    for turn, at in zip(session.turns.order_by("position"), CHOICES, strict=True):
        now += timedelta(seconds=15)
        own = turn.case.person.account if at % 2 else clerk
        selection.choose(turn=turn, post=session.posts.get(position=at), by=own, now=now)
    selection.close(session=session, by=clerk, now=now + timedelta(seconds=15))


def _settle(session, staff, year):
    session.refresh_from_db()
    session.state, session.published_by = SessionState.PUBLISHED, staff["JY002"]
    session.publicity_from, session.publicity_until = date(year, 10, 17), date(year, 10, 23)
    session.save()
    session.state = SessionState.SETTLED
    session.settled_at = session.starts_at + timedelta(days=8)
    session.save()
    for turn in session.turns.select_related("case"):
        case = turn.case
        case.refresh_from_db()
        case.letter_on, case.seat_by = date(year, 10, 27), date(year, 11, 26)
        for state in (CaseState.RESULT_PUBLICITY, CaseState.LETTER_ISSUED, CaseState.ONBOARD):
            case.state = state
            if state == CaseState.ONBOARD:
                case.onboard_on = date(year, 11, 3)
            case.save()
        CaseEvent.objects.create(
            case=case, act=CaseAct.ONBOARD, by=staff["JY001"], by_name=staff["JY001"].name,
            public_words="已上岗。",
        )  # fmt: skip


def _sheet(centre, clerk, year, n):
    name, total = PEOPLE[n]
    villages = Station.objects.active().ordinary().filter(
        path__startswith=centre.path, tier=Tier.VILLAGE
    ).order_by("path")  # fmt: skip
    village = villages[n * 11 % villages.count()]
    birth = date(1988 + n, 2 + n, 9 + n)
    body = f"320219{birth:%Y%m%d}{611 + n * 2:03d}"
    left = date(year, 3, 1 + n)
    phone = str(19900000341 + n)
    account = User(kind="CITIZEN", name=name, phone=phone, phone_verified_at=timezone.now())
    account.set_unusable_password()
    account.save()
    person = Person.objects.create(
        name=name, sex=Sex.MALE, birth=birth, id_number=body + calc_check_digit(body + "0"),
        phone=phone, account=account, station=village, division=village.division,
        address=f"{village.division.name}学前路{n + 1}号", source=FileSource.COUNTER,
        state=FileState.FILED, filed_at=timezone.now() - timedelta(days=500),
        placement_way=PlacementWay.ARRANGED_JOB, discharged_on=left,
        enlisted_on=left - timedelta(days=4500),
    )  # fmt: skip
    reported = left + timedelta(days=9)
    case = PlacementCase.objects.create(
        number=f"AZ{left:%Y%m%d}L{n:03d}", person=person, station=centre, year=year,
        way=PlacementWay.ARRANGED_JOB, state=CaseState.READY, handler=clerk, created_by=clerk,
        grounds=[PlacementGround.LONG_SERVICE], discharged_on=left,
        report_by=left + timedelta(days=30), reported_on=reported,
        place_by=months_later(reported, 6),
    )  # fmt: skip
    scheme = ScoringScheme.objects.for_discharge(left, centre) or ScoringScheme.objects.first()
    return ScoreSheet.objects.create(
        case=case, scheme=scheme, state=SheetState.FINAL, total=Decimal(total), rank=n + 1,
        tie_points=[], counted_by=clerk, confirm_by=date(year, 8, 1),
        confirmed_at=timezone.now() - timedelta(days=460), confirmed_how=ConfirmedHow.ONLINE,
        confirmed_by=account,
    )  # fmt: skip


def _plan(centre, clerk, reviewer, year):
    employers = list(
        Partner.objects.filter(station=centre, nature__in=PLACING).order_by("pk")
    ) or list(Partner.objects.filter(nature__in=PLACING).order_by("pk"))
    plan = PlacementPlan.objects.create(station=centre, year=year, made_by=clerk)
    for n, title in enumerate(POSTS):
        PlacementPost.objects.create(
            plan=plan, employer=employers[n % len(employers)], position=n + 1, title=title,
            kind=EstablishmentKind.INSTITUTION, headcount=1, place="江阴市",
        )  # fmt: skip
    plan.state = PlanState.SUBMITTED
    plan.save()
    approved = timezone.make_aware(datetime.combine(date(year, 9, 20), time(10)))
    plan.state, plan.approved_by, plan.approved_at = PlanState.APPROVED, reviewer, approved
    plan.save()
    plan.state, plan.published_at = PlanState.PUBLISHED, approved
    plan.people, plan.headcount = len(PEOPLE), len(POSTS)
    plan.save()
    return plan

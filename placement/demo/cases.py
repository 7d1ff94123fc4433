"""A placement year in Jiangyin and a running publication in Liangxi; everybody in it is made up."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from stdnum.cn.ric import calc_check_digit

from accounts.enums import UserKind
from accounts.models import User
from placement import points
from placement.actions.cases.opening import months_later
from placement.actions.scoring.publications import last_day
from placement.demo import plan, scheme
from placement.enums import (
    CaseAct,
    CaseState,
    ConfirmedHow,
    EvidenceKind,
    PlacementGround,
    PublicationState,
    SheetState,
)
from placement.models import (
    CaseEvent,
    CaseEvidence,
    PlacementCase,
    PublishedScore,
    ScoreLine,
    ScoreObjection,
    ScorePublication,
    ScoreSheet,
)
from services.actions.workdays import due_day
from services.demo.staff import CITY, JIANGYIN, LIANGXI
from services.enums import (
    DisabilityNature,
    FileSource,
    FileState,
    IdentityCategory,
    PartnerNature,
    PlacementWay,
    Sex,
    Tier,
)
from services.models import CalendarDay, Identity, Person, Station

FIRST_PHONE = 19900000301
NAMES = [
    "程远帆",
    "沈立航",
    "顾明川",
    "陆海峰",
    "曹一鸣",
    "薛长河",
    "华正阳",
    "缪致远",
    "过江平",
    "浦建勋",
    "荣定国",
    "尤思齐",
    "许安澜",
    "邓子昂",
    "包怀瑾",
    "糜承志",
    "周望舒",
    "徐凌云",
    "秦守义",
    "季春生",
    "祝同舟",
    "闵若谷",
    "钱维岳",
    "吴向北",
    "蒋天宇",
    "史宏图",
    "贝文远",
    "祁少华",
]
READY, JUDGED = CaseState.READY, CaseState.SCORE_PUBLICITY
# Where each of Jiangyin's twenty-four stands; Liangxi's four are being published.
STANDS = (
    [READY] * 13 + [CaseState.TRANSFERRED_IN] * 2 + [CaseState.REPORTED] * 2
    + [CaseState.FILE_CHECK] * 3 + [CaseState.SCORED] * 2 + [CaseState.OBJECTION, CaseState.WAIVED]
)  # fmt: skip
AWARDS = (
    ("平时三等功", 2), ("平时三等功", 1), ("战时三等功", 1), ("平时二等功", 1), ("平时嘉奖", 3),
    ("平时三等功", 1), ("平时嘉奖", 2), (None, 0), ("全军性表彰", 1), ("平时嘉奖", 1), (None, 0),
    ("平时三等功", 1), ("平时嘉奖", 4),
)  # fmt: skip
DISABLED = {2: (DisabilityNature.WAR, 8), 6: (DisabilityNature.DUTY, 9)}
# How many days ago somebody who stands here left the army.
LEFT = {
    CaseState.TRANSFERRED_IN: 26, CaseState.REPORTED: 34, CaseState.FILE_CHECK: 60,
    CaseState.SCORED: 75, CaseState.OBJECTION: 78, CaseState.WAIVED: 90, READY: 118, JUDGED: 100,
}  # fmt: skip
COUNTED = [CaseState.SCORED, CaseState.OBJECTION, READY, JUDGED]


@dataclass(frozen=True)
class Desk:
    """The centre with who works there, and the scheme they count by."""

    station: Station
    clerk: User
    reviewer: User
    head: User
    scheme: object


@transaction.atomic
def load():
    """Make the year once; needs network, staff, partners and the calendar."""
    scheme.terms()
    city = Station.objects.filter(division_id=CITY, tier=Tier.CITY).first()
    staff = {u.staff_number: u for u in User.objects.filter(kind=UserKind.STAFF)}
    if city is None or PlacementCase.objects.exists() or not {"CS001", "CS002"} <= staff.keys():
        return
    rules = scheme.scheme(city, staff["CS001"], staff["CS002"])
    jiangyin, liangxi = (
        Desk(station, *(staff[f"{code}00{n}"] for n in (1, 2, 3)), rules)
        for code, station in (("JY", _centre(JIANGYIN)), ("LX", _centre(LIANGXI)))
    )
    made = [_case(jiangyin, n, state) for n, state in enumerate(STANDS)]
    published = [_case(liangxi, len(STANDS) + n, JUDGED) for n in range(4)]
    _settled(jiangyin, [each for each in made if each.state == READY])
    _running(liangxi, published)
    _objected(jiangyin, next(each for each in made if each.state == CaseState.OBJECTION))
    plan.load(jiangyin)


def _centre(division):
    return Station.objects.get(division_id=division, tier=Tier.DISTRICT)


def _person(desk, n):
    birth = date(1990 + n % 9, 1 + n % 12, 1 + n * 3 % 28)
    body = f"320219{birth:%Y%m%d}{501 + n * 2:03d}"
    villages = Station.objects.active().ordinary().filter(
        path__startswith=desk.station.path, tier=Tier.VILLAGE
    ).order_by("path")  # fmt: skip
    village = villages[n * 7 % villages.count()]
    phone = str(FIRST_PHONE + n)
    account = User(
        kind=UserKind.CITIZEN, name=NAMES[n], phone=phone, phone_verified_at=timezone.now()
    )
    account.set_unusable_password()
    account.save()
    nature, grade = DISABLED.get(n, (None, None))
    return Person(
        name=NAMES[n], sex=Sex.MALE, birth=birth, id_number=body + calc_check_digit(body + "0"),
        phone=phone, account=account, station=village, division=village.division,
        address=f"{village.division.name}幸福路{n + 1}号", source=FileSource.COUNTER,
        state=FileState.FILED, filed_at=timezone.now() - timedelta(days=90),
        disability_nature=nature, disability_grade=grade, placement_way=PlacementWay.ARRANGED_JOB,
    )  # fmt: skip


def _case(desk, n, state):
    """A person with their placement file in a state, with what belongs to it."""
    today = timezone.localdate()
    near = 60 if n == 12 else 0  # one whose term of placement is near its end
    left = today - timedelta(days=LEFT[state] + n % 5 + near)
    person = _person(desk, n)
    person.discharged_on = left
    person.enlisted_on = left - timedelta(days=365 * (12 + n % 5) + 100 * (n % 3))
    person.save()
    Identity.objects.create(
        person=person, category=IdentityCategory.DISCHARGED_SOLDIER, evidence="退出现役证",
        verified_at=person.filed_at, verified_by=desk.clerk, valid_from=left,
    )  # fmt: skip
    reported = None if state == CaseState.TRANSFERRED_IN else left + timedelta(days=6 + n % 9)
    ended = state == CaseState.WAIVED
    natures = list(PartnerNature)[n % 4 : n % 4 + 2][:2]
    case = PlacementCase.objects.create(
        number=f"AZ{left:%Y%m%d}D{n:03d}", person=person, station=desk.station,
        way=PlacementWay.ARRANGED_JOB, year=today.year, state=state, handler=desk.clerk,
        grounds=[PlacementGround.LONG_SERVICE, *([PlacementGround.WAR_DISABLED] if n == 2 else [])],
        created_by=desk.clerk, discharged_on=left, report_by=left + timedelta(days=30),
        reported_on=reported, place_by=months_later(reported, 6) if reported else None,
        ended_on=today - timedelta(days=40) if ended else None,
        ended_reason="本人书面申请放弃安排工作" if ended else "",
        wish_natures=[each for each in natures if each in list(PartnerNature)[:4]] if reported else [],
        wish_words="希望离家近，愿意做技术岗位" if reported and n % 3 == 0 else "",
        wished_at=timezone.now() - timedelta(days=20) if reported else None,
    )  # fmt: skip
    if reported:
        CaseEvent.objects.create(case=case, act=CaseAct.REPORTED, by=desk.clerk,
                                 by_name=desk.clerk.name, public_words="已报到。",
                                 at=timezone.now() - (today - reported))  # fmt: skip
    if state in (*COUNTED, CaseState.FILE_CHECK):
        _sheet(desk, case, n)
    return case


def _sheet(desk, case, n):
    """A counted sheet; of those whose file is still checked, one signed once and one not begun."""
    paper = CaseEvidence.objects.create(
        case=case,
        kind=EvidenceKind.SERVICE,
        title="入伍和退役登记表",
        place="第1卷第2页",
        by=desk.clerk,
    )
    checking = case.state == CaseState.FILE_CHECK
    if checking and n % 3 == 0:
        return
    sheet = ScoreSheet.objects.create(case=case, scheme=desk.scheme, counted_by=desk.clerk)
    lines = []
    rules = {rule.name: rule for rule in desk.scheme.rules.all()}
    for rule in rules.values():
        quantity, why = points.quantity_from_file(
            rule, case.person, desk.scheme, discharged_on=case.discharged_on
        )
        if quantity:
            lines.append((rule, quantity, why, paper))
    award, times = AWARDS[n % len(AWARDS)]
    if award:
        proof = CaseEvidence.objects.create(
            case=case,
            kind=EvidenceKind.AWARD,
            title=f"{award}登记表",
            place="第1卷第18页",
            by=desk.clerk,
        )
        lines.append((rules[award], Decimal(times), "", proof))
    _count(desk, sheet, lines, signed=not checking)
    if checking:
        return
    silent = case.state == CaseState.SCORED and n % 2
    sheet.state = SheetState.TO_CONFIRM
    sheet.confirm_by = due_day(5)
    sheet.save()
    if case.state != CaseState.OBJECTION and not silent:
        sheet.state, sheet.confirmed_how = SheetState.CONFIRMED, ConfirmedHow.ONLINE
        sheet.confirmed_at, sheet.confirmed_by = timezone.now(), case.person.account
        sheet.save()


def _count(desk, sheet, lines, *, signed):
    now = timezone.now()
    found = points.counted([(rule, quantity) for rule, quantity, _, _ in lines])
    rows = [
        ScoreLine(
            sheet=sheet, rule=rule, quantity=quantity, why=why[:120], evidence=paper, points=each,
            checker1=desk.clerk, checked1_at=now,
            checker2=desk.reviewer if signed else None, checked2_at=now if signed else None,
        )
        for (rule, quantity, why, paper), each in zip(lines, found, strict=True)
    ]  # fmt: skip
    ScoreLine.objects.bulk_create(rows)
    chain = [step.group for step in desk.scheme.tie_steps.all()]
    sheet.total, sheet.places_first, sheet.tie_points = points.sums(rows, chain)
    sheet.save()


def _publish(desk, cases, starts_on):
    """A publication of these files' sheets that began on a day."""
    now = timezone.now()
    publication = ScorePublication.objects.create(
        station=desk.station, year=cases[0].year, state=PublicationState.RUNNING,
        prepared_by=desk.clerk, approved_by=desk.reviewer, approved_at=now, starts_on=starts_on,
        ends_on=last_day(starts_on, 5),
    )  # fmt: skip
    sheets = ScoreSheet.objects.current().filter(case__in=cases).select_related("case__person")
    ranks = points.ranked(list(sheets))
    PublishedScore.objects.bulk_create(
        PublishedScore(publication=publication, sheet=sheet, name=sheet.case.person.name,
                       total=sheet.total, rank=rank)
        for rank, sheet in ranks
    )  # fmt: skip
    for _, sheet in ranks:
        sheet.state = SheetState.PUBLISHED
        sheet.save()
    return publication, ranks


def _settled(desk, cases):
    """A publication that is over, with its ranks final."""
    publication, ranks = _publish(desk, cases, timezone.localdate() - timedelta(days=30))
    for rank, sheet in ranks:
        sheet.state, sheet.rank = SheetState.FINAL, rank
        sheet.save()
        CaseEvent.objects.create(case=sheet.case, act=CaseAct.READY,
                                 public_words=f"公示期满，总分{sheet.total}分，名次第{rank}。")  # fmt: skip
    publication.state, publication.settled_at = PublicationState.SETTLED, timezone.now()
    publication.save()


def _running(desk, cases):
    """A publication that began on the last working day."""
    today = timezone.localdate()
    day = CalendarDay.objects.filter(day__lte=today, is_workday=True).order_by("-day").first()
    _publish(desk, cases, day.day if day else today)


def _objected(desk, case):
    sheet = case.sheets.current().get()
    sheet.state = SheetState.OBJECTED
    sheet.save()
    ScoreObjection.objects.create(
        sheet=sheet, by=case.person.account, objector_name=case.person.name,
        words="入伍时间应当从批准入伍之日算起，少算了半年。", due_on=due_day(6),
    )  # fmt: skip
    CaseEvent.objects.create(case=case, act=CaseAct.OBJECTED, by=case.person.account, by_name="本人",
                             public_words="对分数提出异议，正在复核。")  # fmt: skip

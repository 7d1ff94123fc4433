"""Demonstration matters: in every state, at the demonstration desks' stations, some late."""

from bisect import bisect_right
from datetime import datetime, time
from random import Random

from django.db import transaction
from django.utils import timezone

from services import matter_kinds
from services.demo.days import morning, workdays
from services.demo.staff import DESKS, PHONES, station_of
from services.enums import (
    Delivery,
    FileState,
    MatterAct,
    MatterChannel,
    MatterState,
    Outcome,
    Role,
)
from services.models import Matter, MatterEvent, MatterKind, Person, Posting

State = MatterState
COUNT = 200
KEY = "demo-matter-"
DAYS_BACK = 120
# Of a hundred: how many stand where.
STANDS = {
    State.SUBMITTED: 12, State.SUPPLEMENT: 8, State.ACCEPTED: 24, State.SUSPENDED: 5,
    State.DONE: 7, State.DELIVERED: 32, State.NOT_ACCEPTED: 3, State.RETURNED: 3,
    State.WITHDRAWN: 4, State.ARCHIVED: 2,
}  # fmt: skip
QUESTIONS = [
    ("PENSION", "我1985年退伍，现在60多岁，有没有生活补助？"),
    ("BENEFITS", "坐公交怎样免费？要带什么证件？"),
    ("EMPLOYMENT", "想开一家小店，有没有创业贷款？"),
    ("RETIRED", "父亲是军休干部，住院有没有绿色通道？"),
]
SITUATIONS = [
    (["MEDICAL"], "去年做了手术，家里没有人能上班"),
    (["LIVING", "HOUSING"], "老房子漏雨，一个人住，修不起"),
    (["EDUCATION"], "孩子考上大学，学费一时凑不齐"),
]
RESULTS = {
    matter_kinds.POLICY: (Outcome.ANSWERED, "已电话逐条答复，并把政策原文发到“我的”。"),
    matter_kinds.HARDSHIP: (Outcome.GRANTED, "已上门核实，纳入本季度帮扶，补助按期发放。"),
}
MISSING = "居民身份证（正面和背面）\n与困难有关的证明，例如医疗费单据"
WAITS = ["等待上级批复", "等待其他部门核查：已请社区和医院核对"]
ENDS = {
    State.NOT_ACCEPTED: "不属于退役军人事务部门办理，请到人社部门窗口",
    State.RETURNED: "到期没有补齐材料",
    State.WITHDRAWN: "不用办了",
}


@transaction.atomic
def load(*, seed=2031):
    """Make them once; needs the kinds, network, staff, persons and the calendar."""
    kinds = list(MatterKind.objects.filter(code__in=RESULTS).order_by("position"))
    if not kinds or Matter.objects.filter(client_key__startswith=KEY).exists():
        return
    random, clerks = Random(seed), _clerks()
    people = [person for person in _people() if clerks.get(person.station_id)]
    states = random.choices(list(STANDS), weights=STANDS.values(), k=COUNT)
    days = workdays(back=DAYS_BACK * 2, ahead=DAYS_BACK)
    made = [
        _made(number, people[number % len(people)], state, kinds, clerks, days, random)
        for number, state in enumerate(states)
        if people
    ]
    Matter.objects.bulk_create(made)
    MatterEvent.objects.bulk_create(event for matter in made for event in _events(matter))


def _clerks():
    """The demonstration clerk of each station, by its id."""
    posted = Posting.objects.in_force().filter(
        role=Role.CLERK, user__staff_number__in=[desk.number for desk in DESKS]
    )
    return {posting.station_id: posting.user for posting in posted.select_related("user")}


def _people():
    """Filed people of the demonstration stations; those who can sign in first."""
    stations = {station.pk for desk in DESKS if (station := station_of(desk))}
    found = Person.objects.filter(state=FileState.FILED, station__in=stations)
    found = list(found.select_related("station", "account").order_by("station__path", "pk"))
    return sorted(found, key=lambda p: getattr(p.account, "phone", None) not in PHONES)


def _made(number, person, state, kinds, clerks, days, random):
    """One matter, its history told backwards from where it stands today."""
    clerk, kind = clerks[person.station_id], random.choice(kinds)
    here = bisect_right(days, timezone.localdate()) - 1
    begun = here - _age(state, kind, random)
    online = person.account_id is not None and random.random() < 0.6
    at = morning(days[begun], random)
    matter = Matter(
        number=f"{timezone.localdate(at):%Y%m%d}DM{number:04d}", kind=kind, station=person.station,
        person=person, applicant_name=person.name, applicant_phone=person.phone,
        by=person.account if online else clerk, client_key=f"{KEY}{number:04d}",
        channel=MatterChannel.WEB if online else MatterChannel.COUNTER,
        state=state, created_at=at, submitted_at=at, check_by=days[begun + 2],
    )  # fmt: skip
    matter.answers = _answers(kind, random)
    if state in (State.SUPPLEMENT, State.RETURNED):
        _ask(matter, days, begun)
    if state in ENDS:
        matter.ended_at = _after(matter.supplement_by or matter.check_by)
        matter.ended_reason = ENDS[state]
    if state in (State.ACCEPTED, State.SUSPENDED, State.DONE, State.DELIVERED, State.ARCHIVED):
        _accept(matter, clerk, days, begun + 1)
    if state == State.SUSPENDED:
        matter.suspended_at = _after(days[here - 1])
        matter.suspended_reason = random.choice(WAITS)
    if state in (State.DONE, State.DELIVERED, State.ARCHIVED):
        _finish(matter, days, here, random)
    if state == State.ARCHIVED:
        matter.archived_at = timezone.now()
    return matter


def _age(state, kind, random):
    """Working days since it came in: young where it waits, at times too long."""
    promise = kind.promised_days
    return {
        State.SUBMITTED: lambda: random.choice([0, 0, 1, 1, 2, 3]),
        State.SUPPLEMENT: lambda: random.randint(1, 10),
        State.ACCEPTED: lambda: random.randint(1, promise + (3 if random.random() < 0.2 else 0)),
        State.SUSPENDED: lambda: random.randint(3, max(4, promise)),
        State.DONE: lambda: promise + random.randint(2, 6),
        State.RETURNED: lambda: random.randint(22, 40),
    }.get(state, lambda: random.randint(promise + 8, 75))()


def _after(day):
    return min(timezone.make_aware(datetime.combine(day, time(15, 30))), timezone.now())


def _ask(matter, days, begun):
    matter.supplement_asked_at = _after(days[begun])
    matter.supplement_list, matter.supplement_by = MISSING, days[begun + 15]


def _accept(matter, clerk, days, day):
    matter.accepted_at, matter.handler = _after(days[day]), clerk
    matter.due_on = days[day + matter.kind.promised_days]
    matter.statutory_due_on = days[day + matter.kind.statutory_days]


def _finish(matter, days, here, random):
    """Mostly in time; one in twelve some working days late."""
    due = days.index(matter.due_on)
    late = random.randint(1, 3) if random.random() < 1 / 12 and due + 3 <= here else 0
    done = min(due + late if late else due - random.randint(0, 2), here)
    matter.done_at, matter.late_days = _after(days[done]), late
    matter.outcome, matter.result = RESULTS[matter.kind_id]
    if matter.state != State.DONE:
        matter.delivered_at = matter.done_at
        matter.delivery = random.choice([Delivery.ONLINE, Delivery.COUNTER, Delivery.HOME])


def _answers(kind, random):
    if kind.pk == matter_kinds.POLICY:
        topic, question = random.choice(QUESTIONS)
        return {"topic": topic, "question": question, "reply_by": "PHONE"}
    kinds, situation = random.choice(SITUATIONS)
    return {"kinds": kinds, "situation": situation, "visit": "PHONE"}


def _events(matter):
    """The timeline that would have been written."""
    told = [
        (MatterAct.SUBMITTED, matter.submitted_at, matter.by, "申请已收到。"),
        (MatterAct.SUPPLEMENT_ASKED, matter.supplement_asked_at, None, f"请补齐：{MISSING}"),
        (MatterAct.ACCEPTED, matter.accepted_at, matter.handler, "已受理，正在办。"),
        (MatterAct.SUSPENDED, matter.suspended_at, matter.handler, matter.suspended_reason),
        (MatterAct.DONE, matter.done_at, matter.handler, matter.result),
        (MatterAct.DELIVERED, matter.delivered_at, matter.handler, "结果已送达。"),
        (matter.state, matter.ended_at, None, matter.ended_reason),
        (MatterAct.ARCHIVED, matter.archived_at, None, "已存档，随时可以查看。"),
    ]
    for act, at, by, words in told:
        if at is not None:
            yield MatterEvent(
                matter=matter, act=act, at=at, by=by, by_name=_name(by), public_words=words
            )


def _name(by):
    if by is None:
        return ""
    return by.name if by.is_staff_member else "本人"

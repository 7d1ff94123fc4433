"""Demonstration of those who act for others, of ratings, and of files that may be one person's."""

from datetime import datetime, time, timedelta
from random import Random

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from stdnum.cn.ric import calc_check_digit

from accounts.models import Message, User
from services.actions import duplicates, ratings
from services.actions.workdays import due_day
from services.demo.matters import KEY
from services.demo.staff import DESKS, PHONES, station_of
from services.enums import (
    FileState,
    Grade,
    MatterState,
    ProxyProof,
    ProxyState,
    RatingChannel,
    RectificationOutcome,
    RectificationState,
    Relation,
    Role,
)
from services.models import Matter, Person, Posting, Proxy, Rating, RatingInvitation

DONE = RectificationOutcome.MENDED
RATED = 60  # of a hundred finished matters
GRADES = [Grade.VERY_SATISFIED] * 11 + [Grade.SATISFIED] * 6 + [Grade.FAIR] * 2
BAD = {0: Grade.DISSATISFIED, 30: Grade.VERY_DISSATISFIED}  # by place, the newest is 0
WORDS = ["态度好，讲得明白。", "不用跑第二趟。", "等的时间长了一点。", "", "", ""]
AGENTS = [
    ("李小梅", Relation.CHILD, ProxyProof.HOUSEHOLD),
    ("孙国英", Relation.SPOUSE, ProxyProof.MARRIAGE),
    ("周志明", Relation.GRANDCHILD, ProxyProof.LETTER),
]


@transaction.atomic
def load(*, seed=2033):
    """Make them once; needs persons and matters."""
    random = Random(seed)
    if not Proxy.objects.exists():
        _act_for_others()
    if not Rating.objects.exists():
        _rate(random)
    _alike()


def _act_for_others():
    """At each demonstration station: some confirmed; the third citizen's request waits."""
    asking = User.objects.with_phone(PHONES[2]).first()
    for station in {station_of(desk): None for desk in DESKS}:
        clerk = _posted(station, Role.CLERK) if station else None
        if clerk is None:
            continue
        people = Person.objects.filter(station=station, state=FileState.FILED, account=None)
        old = list(people.order_by("birth", "pk")[: len(AGENTS) + 1])
        for person, (name, relation, proof) in zip(old, AGENTS, strict=False):
            _proxy(person, clerk, agent_name=name, relation=relation, proof=proof)
        if len(old) > len(AGENTS) and asking is not None:
            Proxy.objects.create(
                person=old[-1], agent=asking, agent_name=asking.name or "何建平",
                agent_phone=asking.phone, relation=Relation.CHILD, proof=ProxyProof.HOUSEHOLD,
                ends_on=timezone.localdate() + timedelta(days=300), asked_by=asking,
                proof_note="父亲行动不便，由我代办。",
            )  # fmt: skip


def _proxy(person, clerk, **facts):
    Proxy.objects.create(
        person=person, ends_on=timezone.localdate() + timedelta(days=365), asked_by=clerk,
        state=ProxyState.ACTIVE, decided_by=clerk, decided_at=timezone.now(), **facts,
    )  # fmt: skip


def _posted(station, role):
    posting = Posting.objects.in_force().filter(station=station, role=role).select_related("user")
    found = posting.order_by("user__staff_number").first()
    return found.user if found else None


def _rate(random):
    """Most finished matters were rated, the newest first; two badly, of which the later one waits
    for the call and the earlier one was mended in time."""
    finished = Matter.objects.filter(
        state__in=[MatterState.DONE, MatterState.DELIVERED], client_key__startswith=KEY
    )
    related = "station__parent", "kind", "person__account", "by"
    finished = finished.select_related(*related).order_by("-done_at", "pk")
    for number, matter in enumerate(finished):
        bad = BAD.get(number)
        if bad is None and random.randrange(100) >= RATED:
            continue
        rated_at = matter.done_at + timedelta(hours=random.randrange(1, 60))
        rated_at = min(timezone.now(), rated_at)
        # Made without the act that invites: nobody is to get an SMS about made-up matters.
        invitation = RatingInvitation.objects.create(
            code=f"DEMO{number:08d}", matter=matter, station=matter.station,
            created_at=matter.done_at,
            expires_at=matter.done_at + timedelta(days=settings.RATING_DAYS),
        )  # fmt: skip
        rating = ratings.rate(
            invitation=invitation, grade=bad or random.choice(GRADES), channel=RatingChannel.SMS,
            words=random.choice(WORDS), now=rated_at,
        )  # fmt: skip
        if rating.is_bad and number:
            _mend(rating)


def _mend(rating):
    """Called back on the next working day and closed a week after."""
    mender = _mender(rating.station)
    if mender is None:
        return
    day = timezone.localdate(rating.rated_at)
    called, closed = (_office(due_day(days, after=day)) for days in (1, 6))
    rectification = rating.rectification
    rectification.state, rectification.satisfied = RectificationState.CALLED_BACK, True
    rectification.called_by, rectification.called_at = mender, called
    rectification.call_note = "已打电话道歉并说明，本人表示理解。"
    rectification.save()
    rectification.state, rectification.outcome = RectificationState.CLOSED, DONE
    rectification.closed_by, rectification.closed_at = mender, closed
    rectification.measure = "增加一个窗口，高峰时由负责人在大厅引导。"
    rectification.save()
    told = {"about_type": rectification._meta.label_lower, "about_id": str(rectification.pk)}
    Message.objects.filter(**told).update(read_at=closed)


def _office(day):
    return min(timezone.make_aware(datetime.combine(day, time(10))), timezone.now())


def _mender(station):
    """Who mends at the station, else at the one above."""
    at = (station, station.parent) if station.parent_id else (station,)
    found = (_posted(each, role) for each in at for role in (Role.HEAD, Role.REVIEWER))
    return next((user for user in found if user is not None), None)


def _alike():
    """A second file of somebody at each demonstration station, with one digit of the number wrong."""
    for station in {station_of(desk): None for desk in DESKS}:
        # The last one: the first ones are on their way to another station (demo/transfers.py).
        people = Person.objects.filter(station=station, state=FileState.FILED, account=None)
        known = people.order_by("pk").last() if station else None
        if known is None or Person.objects.filter(name=known.name, birth=known.birth).count() > 1:
            continue
        number = _wrong(known.id_number)
        if Person.objects.with_id_number(number).exists():
            continue
        Person.objects.create(
            name=known.name, id_number=number, birth=known.birth, sex=known.sex, station=station,
            phone=known.phone, source=known.source, state=FileState.DRAFT,
        )  # fmt: skip
    duplicates.find()


def _wrong(number):
    """The number with its 16th digit changed by one, and the check digit that goes with it."""
    digit = (int(number[15]) + 1) % 10
    front = f"{number[:15]}{digit}{number[16]}"
    return front + calc_check_digit(f"{front}0")

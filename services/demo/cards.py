"""Demonstration cards: some on every step of their way, most handed out, one lost for a while."""

from bisect import bisect_right
from itertools import accumulate
from random import Random

from django.db import transaction
from django.utils import timezone

from services import card_rules, matter_kinds
from services.demo.days import morning, workdays
from services.demo.staff import DESKS, PHONES, station_of
from services.enums import (
    CardState,
    Delivery,
    FileState,
    MatterAct,
    MatterChannel,
    MatterState,
    Outcome,
    Role,
)
from services.models import Card, CardStep, Identity, Matter, MatterEvent, MatterKind, Posting

COUNT = 240
DAYS_BACK, DAYS_AHEAD = 400, 120  # of the calendar; the oldest cards are 220 working days old
RESULT = "材料齐全，已报县（市、区）审核，之后的进度会随时告诉您。"
# How many of a hundred stand on each step; the rest have their card.
STANDS = {
    CardState.SUBMITTED: 6, CardState.TOWN_ACCEPTED: 8, CardState.COUNTY_OK: 6,
    CardState.CITY_OK: 5, CardState.PROVINCE_OK: 5, CardState.PRODUCING: 8,
    CardState.AT_COUNTY: 5, CardState.AT_TOWN: 7,
}  # fmt: skip


@transaction.atomic
def load(*, seed=2030):
    """Give people with a right to one a card, or an application on its way; needs the calendar."""
    kind = MatterKind.objects.filter(code=matter_kinds.CARD_APPLY).first()
    if kind is None or Card.objects.exists():
        return
    random = Random(seed)
    clerks = _clerks()
    days = workdays(back=DAYS_BACK, ahead=DAYS_AHEAD)
    made = [each for each in (_made(p, kind, clerks, days, random) for p in _people()) if each]
    Matter.objects.bulk_create([matter for matter, _, _ in made])
    Card.objects.bulk_create([card for _, card, _ in made])
    CardStep.objects.bulk_create([step for _, _, steps in made for step in steps])
    MatterEvent.objects.bulk_create(
        MatterEvent(
            matter=matter, act=MatterAct.SUBMITTED, at=matter.submitted_at, by=matter.by,
            by_name=matter.by.name, public_words="申请已收到。",
        )
        for matter, _, _ in made
    )  # fmt: skip


def _people():
    """People with an identity that gives a right, at the demonstration desks' stations first."""
    rights = set().union(*card_rules.ELIGIBLE.values())
    held = Identity.objects.filter(
        category__in=rights, valid_to__isnull=True, person__state=FileState.FILED
    ).select_related("person__station", "person__account")
    desks = [station.path for desk in DESKS if (station := station_of(desk))]
    chosen = {}
    for identity in held.order_by("person__station__path", "person_id"):
        chosen.setdefault(identity.person_id, identity)
    near = sorted(
        chosen.values(),
        key=lambda i: (
            getattr(i.person.account, "phone", None) not in PHONES,
            not any(i.person.station.path.startswith(path) for path in desks if len(path) > 12),
        ),
    )
    return near[:COUNT]


def _clerks():
    postings = Posting.objects.in_force().filter(role=Role.CLERK).order_by("pk")
    found = {}
    for posting in postings.select_related("station", "user"):
        found.setdefault(posting.station.path, posting.user)
    return found


def _made(identity, kind, clerks, days, random):
    person = identity.person
    town = card_rules.path_of_tier(person.station.path, card_rules.TOWN)
    clerk = clerks.get(town) or clerks.get(person.station.path) or _above(clerks, town)
    if clerk is None:
        return None
    [card_kind, *_] = card_rules.kinds_for([identity.category])
    state = _state(person, random)
    way = card_rules.WAY[: card_rules.WAY.index(state) + 1]
    stops = _stops(len(way), state, days, random)
    times = [morning(days[stop], random) for stop in stops]
    matter = _matter(person, kind, clerk, state, days, stops, times)
    matter.answers = {"card_kind": str(card_kind), "home_reason": "", "note": ""}
    card = Card(
        person=person, station=person.station, matter=matter, kind=card_kind, state=state,
        home_visit=person.age() >= card_rules.HOME_VISIT_AGE and random.random() < 0.3,
        created_at=times[0],
    )  # fmt: skip
    steps = [
        CardStep(card=card, state=each, at=at, by=clerk)
        for each, at in zip(way, times, strict=True)
    ]
    if state == CardState.ISSUED:
        card.issued_on = timezone.localdate(steps[-1].at)
    return matter, card, steps


def _state(person, random):
    """A demonstration citizen's card is ready to be fetched; the others stand anywhere."""
    if getattr(person.account, "phone", None) in PHONES:
        return CardState.AT_TOWN
    thrown = random.randrange(100)
    for state, share in STANDS.items():
        if thrown < share:
            return state
        thrown -= share
    return CardState.ISSUED


def _stops(count, state, days, random):
    """On which working days (as places in `days`) each step was noted, one to three apart; of a card
    on its way the last not long ago."""
    gaps = [random.randint(1, 3) for _ in range(count - 1)]
    today = bisect_right(days, timezone.localdate()) - 1
    ago = random.randint(30, 220) if state == CardState.ISSUED else sum(gaps) + random.randint(0, 2)
    return list(accumulate(gaps, initial=max(today - ago, 0)))


def _above(clerks, path):
    parts = path.rstrip("/").split("/")
    paths = ("/".join(parts[:depth]) + "/" for depth in range(len(parts), 0, -1))
    return next((clerks[each] for each in paths if each in clerks), None)


def _matter(person, kind, clerk, state, days, stops, times):
    asked_at = times[0]
    matter = Matter(
        number=f"{timezone.localdate(asked_at):%Y%m%d}C{person.pk:05d}", kind=kind,
        station=person.station, person=person, applicant_name=person.name,
        by=person.account or clerk, on_behalf=person.account is None,
        channel=MatterChannel.WEB if person.account else MatterChannel.COUNTER,
        client_key=f"demo-card-{person.pk}", created_at=asked_at, submitted_at=asked_at,
        check_by=days[stops[0] + 3], state=MatterState.SUBMITTED,
    )  # fmt: skip
    if state == CardState.SUBMITTED:
        return matter
    matter.state, matter.accepted_at, matter.handler = MatterState.ACCEPTED, times[1], clerk
    matter.due_on = days[stops[1] + kind.promised_days]
    matter.statutory_due_on = days[stops[1] + kind.statutory_days]
    if state != CardState.TOWN_ACCEPTED:
        # the town's part is done when the county has it
        matter.state, matter.outcome, matter.result = MatterState.DELIVERED, Outcome.GRANTED, RESULT
        matter.done_at = matter.delivered_at = times[2]
        matter.late_days, matter.delivery = 0, Delivery.ONLINE
    return matter

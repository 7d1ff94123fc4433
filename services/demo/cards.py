"""Demonstration cards: some on every step of their way, most handed out, one lost for a while."""

from datetime import timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from services import card_rules, matter_kinds
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
RESULT = "材料齐全，已报县（市、区）审核，之后的进度会随时告诉您。"
# How many of a hundred stand on each step; the rest have their card.
STANDS = {
    CardState.SUBMITTED: 6, CardState.TOWN_ACCEPTED: 8, CardState.COUNTY_OK: 6,
    CardState.CITY_OK: 5, CardState.PROVINCE_OK: 5, CardState.PRODUCING: 8,
    CardState.AT_COUNTY: 5, CardState.AT_TOWN: 7,
}  # fmt: skip


@transaction.atomic
def load(*, seed=2030):
    """Give people with a right to one a card, or an application on its way."""
    kind = MatterKind.objects.filter(code=matter_kinds.CARD_APPLY).first()
    if kind is None or Card.objects.exists():
        return
    random = Random(seed)
    clerks = _clerks()
    made = [each for each in (_made(p, kind, clerks, random) for p in _people()) if each]
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


def _made(identity, kind, clerks, random):
    person = identity.person
    town = card_rules.path_of_tier(person.station.path, card_rules.TOWN)
    clerk = clerks.get(town) or clerks.get(person.station.path) or _above(clerks, town)
    if clerk is None:
        return None
    [card_kind, *_] = card_rules.kinds_for([identity.category])
    state = _state(person, random)
    asked_at = timezone.now() - timedelta(days=_days_ago(state, random), hours=random.randint(0, 6))
    matter = _matter(person, kind, clerk, card_kind, state, asked_at, random)
    card = Card(
        person=person, station=person.station, matter=matter, kind=card_kind, state=state,
        home_visit=person.age() >= card_rules.HOME_VISIT_AGE and random.random() < 0.3,
        created_at=asked_at,
    )  # fmt: skip
    steps, at = [], asked_at
    for each in card_rules.WAY[: card_rules.WAY.index(state) + 1]:
        steps.append(CardStep(card=card, state=each, at=at, by=clerk))
        at = min(at + timedelta(days=random.randint(1, 4)), timezone.now())
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


def _days_ago(state, random):
    """How long ago it was asked for: about as long as the way to its state takes."""
    if state == CardState.ISSUED:
        return random.randint(40, 320)
    return 4 * card_rules.WAY.index(state) + random.randint(0, 2)


def _above(clerks, path):
    parts = path.rstrip("/").split("/")
    paths = ("/".join(parts[:depth]) + "/" for depth in range(len(parts), 0, -1))
    return next((clerks[each] for each in paths if each in clerks), None)


def _matter(person, kind, clerk, card_kind, state, asked_at, random):
    matter = Matter(
        number=f"{timezone.localdate(asked_at):%Y%m%d}C{person.pk:05d}", kind=kind,
        station=person.station, person=person, applicant_name=person.name,
        by=person.account or clerk, on_behalf=person.account is None,
        channel=MatterChannel.WEB if person.account else MatterChannel.COUNTER,
        client_key=f"demo-card-{person.pk}", created_at=asked_at, submitted_at=asked_at,
        check_by=timezone.localdate(asked_at) + timedelta(days=3), state=MatterState.SUBMITTED,
    )  # fmt: skip
    matter.answers = {"card_kind": str(card_kind), "home_reason": "", "note": ""}
    if state == CardState.SUBMITTED:
        return matter
    accepted = asked_at + timedelta(days=1)
    matter.state, matter.accepted_at, matter.handler = MatterState.ACCEPTED, accepted, clerk
    matter.due_on = timezone.localdate(accepted) + timedelta(days=14)
    matter.statutory_due_on = timezone.localdate(accepted) + timedelta(days=28)
    if state != CardState.TOWN_ACCEPTED:
        matter.state, matter.outcome, matter.result = MatterState.DELIVERED, Outcome.GRANTED, RESULT
        matter.done_at = accepted + timedelta(days=random.randint(2, 9))
        matter.late_days, matter.delivery = 0, Delivery.ONLINE
        matter.delivered_at = matter.done_at
    return matter

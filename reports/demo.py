"""A demonstration year of returns: every station, thirteen months up to the last one.

Automatic figures are counted from the demonstration records; what stations type is made up, the
same for the same seed. Months before the last are locked. In the last one the stations that a
demonstration account works at wait for their clerk, the others stand in mixed states.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.db import connection, transaction
from django.utils import timezone

from reports import bulk, counting
from reports.actions import returns as acts
from reports.actions.periods import deadlines
from reports.actions.returns import Entry
from reports.checks import JUMP
from reports.enums import ReturnAct, ReturnState
from reports.models import Figure, ReportingPeriod, Return
from services.demo import staff
from services.enums import Role, StationKind, Tier
from services.models import Posting, Station
from veterans_portal.indicators import Span, next_month, previous_month, ratio

MONTHS = 13
LAST_MONTH_STATES = (
    (ReturnState.ACCEPTED, 58),
    (ReturnState.FILED, 22),
    (ReturnState.RETURNED, 5),
    (ReturnState.DRAFT, 6),
    (ReturnState.NOT_STARTED, 9),
)
ACTS = {
    ReturnState.NOT_STARTED: ReturnAct.OPENED,
    ReturnState.DRAFT: ReturnAct.SAVED,
    ReturnState.FILED: ReturnAct.FILED,
    ReturnState.RETURNED: ReturnAct.RETURNED,
    ReturnState.ACCEPTED: ReturnAct.ACCEPTED,
    ReturnState.LOCKED: ReturnAct.LOCKED,
}
# A typical month by tier (None: special stations); cadre stations do the work with cadres.
TYPICAL = {
    "SVC-05": {Tier.CITY: 900, Tier.DISTRICT: 2400, Tier.TOWN: 420, Tier.VILLAGE: 60, None: 0},
    "SVC-06": {Tier.CITY: 60, Tier.DISTRICT: 140, Tier.TOWN: 48, Tier.VILLAGE: 14, None: 9},
    "SVC-07": {Tier.CITY: 20, Tier.DISTRICT: 36, Tier.TOWN: 12, Tier.VILLAGE: 4, None: 3},
    "SVC-09": {Tier.CITY: 4, Tier.DISTRICT: 6, Tier.TOWN: 1, Tier.VILLAGE: 0, None: 2},
    "SVC-12": {Tier.CITY: 260, Tier.DISTRICT: 120, Tier.TOWN: 0, Tier.VILLAGE: 0, None: 0},
    "SVC-14": {Tier.CITY: 1, Tier.DISTRICT: 0, Tier.TOWN: 0, Tier.VILLAGE: 0, None: 0},
    "SVC-15": {Tier.CITY: 4, Tier.DISTRICT: 2, Tier.TOWN: 0, Tier.VILLAGE: 0, None: 0},
}
CADRE_CONTACTS = 420
BEFORE_THE_PORTAL = "含启用平台以前发放的卡，按台账填。"
WHY = "当月工作安排与上月不同，已核对台账。"
SENT_BACK = {"SVC-06": "与走访台账不一致，请核对后重报。"}


@dataclass
class Place:
    """A station with who fills and who reviews its returns: its own people, or those above."""

    station: Station
    filler: int
    reviewer: int


@transaction.atomic
def load(*, seed=2025, today=None):
    """Make the months that are not there yet; needs the network, staff, persons and bookings."""
    today = today or timezone.localdate()
    month = previous_month(today)
    months = []
    for _ in range(MONTHS):
        months.insert(0, month)
        month = previous_month(month)
    places = _places()
    known = set(ReportingPeriod.objects.values_list("month", flat=True))
    if not places or months[-1] in known:
        return
    open_to = {desk_station.pk for desk in staff.DESKS if (desk_station := staff.station_of(desk))}
    past = {}
    for position, month in enumerate(months):
        random = Random(f"{seed}:{month}")  # noqa: S311
        typed = {
            (place.station.pk, code): entry
            for place in places
            for code, entry in _typed(place.station, position, random, past).items()
        }
        if month in known:
            continue
        if position < MONTHS - 1:
            _locked_month(month, places, typed, random)
        else:
            _last_month(month, places, typed, random, open_to)
    with connection.cursor() as cursor:  # so that the first page after it is planned well
        cursor.execute(f"ANALYZE {bulk.RETURN}, {bulk.FIGURE}, {bulk.VERSION}")


def _locked_month(month, places, typed, random):
    period = _period(month)
    Return.objects.bulk_create(
        _return(period, place, ReturnState.LOCKED, random) for place in places
    )
    bulk.create_figures(period, counting.by_station(Span.month(month)), typed)
    closed = _moment(period.due_city + timedelta(days=1), 16)
    ids = period.returns.values_list("pk", flat=True)
    bulk.keep_versions(ids, act=ReturnAct.LOCKED, at=closed)
    period.locked_at = closed
    period.save(update_fields=["locked_at"])


def _last_month(month, places, typed, random, open_to):
    period = _period(month)
    states = [state for state, weight in LAST_MONTH_STATES for _ in range(weight)]
    made = []
    for place in places:
        state = random.choice(states)
        if place.station.pk in open_to:
            state = ReturnState.NOT_STARTED
        made.append(_return(period, place, state, random))
        if state in (ReturnState.NOT_STARTED, ReturnState.DRAFT):
            dropped = [
                code for code in TYPICAL if state == ReturnState.NOT_STARTED or code > "SVC-09"
            ]
            for code in [*dropped, "SVC-10", "SVC-11", "SVC-13"]:
                typed.pop((place.station.pk, code), None)
    Return.objects.bulk_create(made)
    bulk.create_figures(period, counting.by_station(Span.month(month)), typed)
    returned = Figure.objects.filter(of__period=period, of__state=ReturnState.RETURNED)
    for code, why in SENT_BACK.items():
        returned.filter(code=code).update(returned_reason=why)
    for state, act in ACTS.items():
        ids = period.returns.filter(state=state).values_list("pk", flat=True)
        bulk.keep_versions(ids, act=act, at=period.opened_at)
    _walk_through(period)


def _walk_through(period):
    """Real acts where people look first: a town in draft, a district sent back by the city."""
    town, district = (_desk(number) for number in ("JYZ01", "JY001"))
    reviewer = _desk("CS002")
    if not (town and district and reviewer):
        return
    of = period.returns.get(station=town[1])
    draft = {"SVC-06": Entry(Decimal(46)), "SVC-09": Entry(Decimal(1))}
    acts.save_return(of=of, version=of.version, entries=draft, by=town[0])
    of = period.returns.get(station=district[1])
    last = acts.last_month_values(of)
    entries = {
        figure.code: Entry(
            value=last.get(figure.code) or Decimal(0),
            reason="" if last.get(figure.code) is not None else WHY,
        )
        for figure in of.figures.filter(system_value__isnull=True)
        if figure.code not in ("SVC-07", "SVC-16")
    }
    for figure in of.figures.filter(system_value__isnull=False):
        before = last.get(figure.code)
        if before and abs(figure.system_value - before) > before * JUMP:
            entries[figure.code] = Entry(reason=WHY)
    entries["SVC-05"] = Entry(last.get("SVC-05") or Decimal(0), reason=BEFORE_THE_PORTAL)
    filed = acts.file_return(of=of, version=of.version, entries=entries, by=district[0])
    acts.send_back(of=filed, version=filed.version, reasons=SENT_BACK, by=reviewer[0])


def _desk(number):
    """The account and station of a demonstration posting."""
    posting = (
        Posting.objects.filter(user__staff_number=number).select_related("user", "station").first()
    )
    return (posting.user, posting.station) if posting else None


def _period(month):
    return ReportingPeriod.objects.create(
        month=month,
        opened_at=_moment(next_month(month), 0) + timedelta(minutes=30),
        **deadlines(Span.month(month).last),
    )


def _return(period, place, state, random):
    """A return as it would stand in a state: mostly in time, a few late or sent back once."""
    due = period.due(place.station.tier)
    of = Return(period=period, station=place.station, state=state, due_on=due)
    late = random.random() < 0.06
    filed = _moment(
        due + timedelta(days=random.randint(1, 3) if late else 0), random.randint(9, 16)
    )
    if state in (ReturnState.NOT_STARTED, ReturnState.DRAFT):
        return of
    of.filler_id, of.filed_at, of.first_filed_at = place.filler, filed, filed
    of.head_name = place.station.head_name
    of.times_returned = int(random.random() < 0.05 or state == ReturnState.RETURNED)
    if state != ReturnState.FILED:
        of.reviewer_id, of.reviewed_at = place.reviewer, filed + timedelta(hours=20)
    return of


def _typed(station, position, random, past):
    """What a station typed in a month: smooth, by tier, with a reason where it jumps."""
    values = {code: _amount(code, station, position, random) for code in TYPICAL}
    visits = int(values["SVC-12"] * Decimal("0.45"))
    paid = station.tier in (Tier.CITY, Tier.DISTRICT) and random.random() < 0.3
    values |= {
        "SVC-10": Decimal(random.randint(1, 2) if paid else 0),
        "SVC-11": Decimal(random.randint(80, 900)) / 100 if paid else Decimal(0),
        "SVC-13": Decimal(visits),
    }
    made = {}
    for code, value in values.items():
        if code == "SVC-07":
            done = value - (random.random() < 0.2 if value else 0)
            made[code] = Entry(ratio(done, value), Decimal(done), value)
            continue
        if code == "SVC-05":
            made[code] = Entry(value, reason=BEFORE_THE_PORTAL)
            continue
        before = past.get((station.pk, code))
        jump = before and abs(value - before) > before * JUMP
        made[code] = Entry(value, reason=WHY if jump else "")
        past[station.pk, code] = value
    return made


def _amount(code, station, position, random):
    typical = TYPICAL[code][station.tier]
    if code == "SVC-12" and station.kind == StationKind.RETIRED_CADRE:
        typical = CADRE_CONTACTS
    if code == "SVC-05":
        return Decimal(int(typical * (1 + position * 0.02)))
    return Decimal(round(typical * random.uniform(0.85, 1.2)))


def _places():
    """Every station in service with the people nearest to it."""
    clerks, reviewers = {}, {}
    postings = (
        Posting.objects.in_force().order_by("pk").values_list("station__path", "role", "user_id")
    )
    for path, role, user in postings:
        if role == Role.CLERK:
            clerks.setdefault(path, user)
        elif role == Role.REVIEWER:
            reviewers.setdefault(path, user)
    places = []
    for station in Station.objects.active().order_by("path"):
        filler, reviewer = _nearest(clerks, station.path), _nearest(reviewers, station.path)
        if filler and reviewer:
            places.append(Place(station, filler, reviewer))
    return places


def _nearest(people, path):
    parts = path.rstrip("/").split("/")
    for depth in range(len(parts), 0, -1):
        found = people.get("/".join(parts[:depth]) + "/")
        if found:
            return found
    return None


def _moment(day, hour):
    return timezone.make_aware(datetime.combine(day, time(hour)))

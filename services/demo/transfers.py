"""Demonstration transfers: some to answer, one late, some accepted, refused and taken back."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from services.actions.workdays import due_day
from services.demo.staff import DESKS, station_of
from services.enums import FileState, Role, TransferConsent, TransferState
from services.models import Person, Posting, Transfer

State = TransferState
# Where each stands, how many days ago it was asked, why, and what was answered.
WANTED = [
    (State.ASKED, 1, "搬到女儿家附近住", ""),
    (State.ASKED, 2, "换了工作，住在单位旁边", ""),
    (State.ASKED, 3, "老房子拆迁，已搬到安置小区", ""),
    (State.ASKED, 12, "随儿子一起住", ""),
    (State.ACCEPTED, 20, "搬家", "已电话核对，住在本社区"),
    (State.ACCEPTED, 31, "买了新房", ""),
    (State.ACCEPTED, 45, "户口迁到本镇", "欢迎本人带身份证来站里认个门"),
    (State.ACCEPTED, 60, "到养老院居住", ""),
    (State.REFUSED, 25, "搬家", "本人说还没有搬，搬好以后再转"),
    (State.REFUSED, 38, "离得近", "住址不在本站范围，请转到隔壁社区"),
    (State.WITHDRAWN, 15, "搬家", ""),
    (State.WITHDRAWN, 50, "方便办事", "本人改了主意"),
]


@transaction.atomic
def load():
    """Make them once, between the demonstration desks; needs network, staff and persons."""
    if Transfer.objects.exists():
        return
    clerks = _clerks()
    stations = list(clerks)
    keepers = [each for each in stations if _free(each).exists()]
    if len(stations) < 2 or not keepers:
        return
    for number, (state, days, reason, answer) in enumerate(WANTED):
        keeper = keepers[number % len(keepers)]
        other = stations[(stations.index(keeper) + 1) % len(stations)]
        # An accepted file lies where it went to.
        sides = (other, keeper) if state == State.ACCEPTED else (keeper, other)
        person = _free(keeper).first()
        if person is not None:
            _make(person, *sides, clerks, state, days, reason, answer)


def _clerks():
    """The clerk of each demonstration station that has one, by station."""
    posted = Posting.objects.in_force().filter(role=Role.CLERK).select_related("user")
    stations = {station.pk: station for desk in DESKS if (station := station_of(desk))}
    found = {}
    for posting in posted.filter(station__in=stations).order_by("pk"):
        found.setdefault(stations[posting.station_id], posting.user)
    return found


def _free(station):
    """Files there of people without an account whom no other demonstration transfer is about."""
    people = Person.objects.filter(station=station, state=FileState.FILED, account=None)
    return people.filter(transfers=None).order_by("pk")


def _make(person, giving, taking, clerks, state, days, reason, answer):
    asked_at = timezone.now() - timedelta(days=days)
    decided = {}
    if state != State.ASKED:
        by = clerks[giving if state == State.WITHDRAWN else taking]
        decided = {"decided_by": by, "decided_at": asked_at + timedelta(days=2), "answer": answer}
    Transfer.objects.create(
        person=person, station=giving, to_station=taking, asked_at_station=giving, reason=reason,
        consent=TransferConsent.PHONE if days % 2 else TransferConsent.IN_PERSON,
        consent_on=timezone.localdate(asked_at), state=state, asked_by=clerks[giving],
        asked_at=asked_at, due_on=due_day(settings.TRANSFER_WORKDAYS, after=timezone.localdate(asked_at)), **decided,
    )  # fmt: skip

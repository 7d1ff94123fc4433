"""Matters follow their file: to another station, or to their end with it."""

from django.db import transaction

from accounts import messages
from services.actions.matters import effects
from services.actions.matters.trail import end, locked, record, record_event
from services.enums import (
    ON_THE_CLOCK,
    OPEN_MATTERS,
    UNDECIDED,
    FileState,
    MatterAct,
    MatterState,
)
from services.matter_kinds import MOVING_AWAY
from services.models import Matter
from services.notices import matters as notices
from veterans_portal.errors import DomainError


def move_with_file(*, person, to_station, by):
    """Give a person's open matters to another station, inside the transfer; returns how many.

    Terms stay as they were promised. The handler is whoever takes it up there: until then the one
    who decided the transfer.
    """
    moved = 0
    for pk in _open_of(person):
        matter = locked(pk)
        if matter.state not in OPEN_MATTERS or matter.station_id == to_station.pk:
            continue
        before, matter.station = matter.station, to_station
        if matter.handler_id is not None:
            matter.handler = by
        matter.save()
        record_event(
            matter, MatterAct.TRANSFERRED, by=by,
            public=f"随档案转到{to_station.name}继续办理，期限不变。", staff=f"由{before.name}转来。",
        )  # fmt: skip
        record(MatterAct.TRANSFERRED, matter, by=by, before=before.code, after=to_station.code)
        moved += 1
    return moved


def end_with_file(*, person, by, reason, quietly=False):
    """End what is undecided for a closed file, drafts too; returns how many. Done ones stay done.

    `quietly` tells nobody (a death). What the form's own act would rather keep (a card under
    review) does not hold the file open: the timeline says so to the desk.
    """
    ended = 0
    for pk in _undecided_of(person):
        matter = locked(pk)
        if matter.state not in UNDECIDED:
            continue
        was_draft = matter.state == MatterState.DRAFT
        end(matter, MatterState.ENDED, reason)
        left = "" if was_draft else _effect_left(matter, by)
        record_event(matter, MatterAct.ENDED, by=by, public=f"已终止：{reason}", staff=left)
        record(MatterAct.ENDED, matter, by=by, reason=reason)
        messages.withdraw(matter)
        if not quietly and not was_draft:
            notices.tell(matter, notices.ended_with_file(matter), last=True, urgent=True)
        ended += 1
    return ended


def _effect_left(matter, by):
    """Run what the form does at an end; the words of its refusal, which holds nothing up."""
    try:
        with transaction.atomic():
            effects.run("ended", matter, by=by)
    except DomainError as refused:
        return refused.message
    return ""


def _open_of(person):
    return _keys(Matter.objects.open().filter(person=person))


def _undecided_of(person):
    """All but the accepted request to move away itself, which the moving fulfils."""
    undecided = Matter.objects.filter(person=person, state__in=UNDECIDED)
    if person.state == FileState.MOVED:
        undecided = undecided.exclude(kind=MOVING_AWAY, state__in=ON_THE_CLOCK)
    return _keys(undecided)


def _keys(matters):
    return list(matters.order_by("pk").values_list("pk", flat=True))

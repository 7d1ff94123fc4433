"""Matters follow their file: to another station, or to their end with it."""

from django.utils import timezone

from accounts import messages
from services.actions.matters import effects
from services.actions.matters.trail import locked, record, record_event
from services.enums import OPEN_MATTERS, MatterAct, MatterState
from services.models import Matter
from services.notices import matters as notices


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
    """End a closed file's open matters; returns how many. `quietly` tells nobody (a death)."""
    ended = 0
    for pk in _open_of(person):
        matter = locked(pk)
        if matter.state not in OPEN_MATTERS or matter.state == MatterState.DONE:
            continue
        matter.state, matter.ended_at = MatterState.WITHDRAWN, timezone.now()
        matter.ended_reason, matter.suspended_at = reason, None
        matter.save()
        effects.run("ended", matter, by=by)
        record_event(matter, MatterAct.WITHDRAWN, by=by, public=f"已终止：{reason}")
        record(MatterAct.WITHDRAWN, matter, by=by, reason=reason)
        messages.withdraw(matter)
        if not quietly:
            notices.tell(matter, notices.ended_with_file(matter))
        ended += 1
    return ended


def _open_of(person):
    mine = Matter.objects.open().filter(person=person)
    return list(mine.order_by("pk").values_list("pk", flat=True))

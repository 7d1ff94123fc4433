"""What every act on a matter shares: the lock, the timeline, the refusals."""

from django.utils import timezone

from accounts import audit
from services import perms
from services.matter_rules import MatterError, may_act_for_oneself
from services.models import Matter, MatterEvent
from veterans_portal import locking


def locked(matter):
    """Return the matter's row, locked until the transaction ends, with all that acts read."""
    rows = Matter.objects.with_all().select_related("proxy", "person__station")
    return locking.locked(rows, getattr(matter, "pk", matter))


def record_event(matter, act, *, by, public="", staff=""):
    """Write a line of the timeline: `public` for the person, `staff` for the desk. Kept for good."""
    return MatterEvent.objects.create(
        matter=matter, act=act, by=by, by_name=_name(matter, by), public_words=public,
        staff_words=staff,
    )  # fmt: skip


def record(act, matter, *, by, **detail):
    """Audit an act on a matter: `act` is a MatterAct."""
    audit.record(
        f"services.matter_{act.lower()}", matter, by=by, station=matter.station,
        on_behalf_of="" if _is_own(matter, by) else matter.applicant_name, detail=detail,
    )  # fmt: skip


def did(matter, act, by):
    """Whether `by` has done this to the matter before: a double tap finds its own deed."""
    return matter.events.filter(act=act, by=by).exists()


def end(matter, state, reason):
    """Set a locked matter to an early end, its clock off, and save it."""
    matter.state, matter.ended_at, matter.ended_reason = state, timezone.now(), reason
    matter.suspended_at = None
    matter.save()


def expect(matter, states, deed):
    """Raise MatterError unless the matter is in one of `states`."""
    if matter.state not in states:
        raise MatterError(
            f"这件事现在是“{matter.get_state_display()}”，不能{deed}。可能刚有人办过，请刷新页面查看。",
            code="wrong_state",
        )


def require_handler(matter, by):
    """Raise MatterError unless `by` may handle matters of the station."""
    if not perms.may_handle_matters(by, matter.station):
        raise MatterError("您不是这个站点的经办人，不能办理这件事。", code="not_allowed")


def require_owner(matter, by):
    """Raise MatterError unless `by` is the person, acts for them now, or handles it for them."""
    if by.is_staff_member:
        require_handler(matter, by)
    elif not may_act_for_oneself(matter, by):
        raise MatterError("您现在不能代这位亲友办理，代办关系已到期或已解除。", code="not_allowed")


def required(text, field, sentence, *, longest=300):
    """The stripped text, cut; raises MatterError beside `field` when there is none."""
    text = (text or "").strip()
    if not text:
        raise MatterError(sentence, code=f"{field}_missing", field=field)
    return text[:longest]


def _is_own(matter, by):
    return by is None or (by.is_citizen and matter.proxy_id is None)


def _name(matter, by):
    """How the timeline names who did it: staff by name, the person as 本人, an agent as such."""
    if by is None:
        return ""
    if by.is_staff_member:
        return by.name
    if matter.proxy_id is not None and by.pk == matter.by_id:
        return f"代办人{by.name}"[:50]
    return "本人"

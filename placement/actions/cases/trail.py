"""What every act on a placement file shares: the lock, the timeline, the refusals."""

from accounts import audit
from placement import perms
from placement.models import CaseEvent, PlacementCase
from veterans_portal import locking
from veterans_portal.errors import DomainError


class CaseError(DomainError):
    """A rule of the placement file refuses."""

    code = "case_refused"


def locked(case):
    """Return the file's row, locked until the transaction ends, with person and station."""
    return locking.locked(PlacementCase.objects.with_all(), getattr(case, "pk", case))


def locked_all(pks):
    """Lock several files in the order of their ids; returns them with person and station."""
    rows = PlacementCase.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=pks)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    return list(PlacementCase.objects.with_all().filter(pk__in=keys).order_by("pk"))


def move(case, state, act, *, by, public="", staff=""):
    """Bring a locked file to `state` with its line in the timeline, and save it."""
    case.state = state
    case.save()
    record_event(case, act, by=by, public=public, staff=staff)


def record_event(case, act, *, by, public="", staff=""):
    """Write a line of the timeline: `public` for the person, `staff` for the desk. Kept for good."""
    return CaseEvent.objects.create(
        case=case, act=act, by=by, by_name=_name(by), public_words=public, staff_words=staff
    )


def record(act, case, *, by, request=None, **detail):
    """Audit an act on a file: `act` without the app's name."""
    own = by is not None and by.is_citizen
    audit.record(
        f"placement.{act}", case, by=by, station=case.station, request=request,
        on_behalf_of="" if own else case.person.name, detail=detail or None,
    )  # fmt: skip


def expect(case, states, deed):
    """Raise CaseError unless the file is in one of `states`."""
    if case.state not in states:
        raise CaseError(
            f"这份安置档案现在是“{case.get_state_display()}”，不能{deed}。"
            "可能刚有人办过，请刷新页面查看。",
            code="wrong_state",
        )


def require_handler(case, by):
    """Raise CaseError unless `by` may handle files of the centre."""
    if not perms.may_handle_cases(by, case.station):
        raise CaseError("请由接收单位的经办人或负责人办理。", code="not_allowed")


def require_decider(case, by):
    """Raise CaseError unless `by` may decide on files of the centre."""
    if not perms.may_decide_cases(by, case.station):
        raise CaseError("请由接收单位的审核人或负责人办理。", code="not_allowed")


def required(text, field, sentence, *, longest=300):
    """The stripped text, cut; raises CaseError beside `field` when there is none."""
    text = (text or "").strip()
    if not text:
        raise CaseError(sentence, code=f"{field}_missing", field=field)
    return text[:longest]


def _name(by):
    if by is None:
        return ""
    return by.name if by.is_staff_member else "本人"

"""What the acts of training share: the refusal, rights, the trail."""

from accounts import audit
from placement import perms
from placement.models import CourseRun, Enrolment
from veterans_portal import locking
from veterans_portal.errors import DomainError


class TrainingError(DomainError):
    """A rule about training refuses."""

    code = "training_refused"


def locked_run(run):
    """Return the run, locked until the transaction ends, with its course."""
    rows = CourseRun.objects.select_related(
        "course__station", "course__provider", "slot__offering__station", "station"
    )
    return locking.locked(rows, getattr(run, "pk", run))


def locked_enrolment(enrolment):
    """Return the enrolment, locked until the transaction ends, with all that acts read."""
    return locking.locked(Enrolment.objects.with_all(), getattr(enrolment, "pk", enrolment))


def require_keeper(by, station):
    """Raise TrainingError unless `by` keeps training at the station."""
    if not perms.may_keep_training(by, station):
        raise TrainingError("请由主办站点的经办人或负责人办理。", code="not_yours")


def record(act, target, by, *, station, on_behalf_of="", **detail):
    audit.record(
        f"placement.{act}", target, by=by, station=station, on_behalf_of=on_behalf_of,
        detail=detail or None,
    )  # fmt: skip

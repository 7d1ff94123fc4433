"""Who should attend adaptive training: found every night, exempt for a reason, fulfilled (A113)."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from placement import perms
from placement.actions.training.common import TrainingError, record
from placement.enums.training import TRAINED_WAYS, DutyState
from placement.models import TrainingDuty
from services.models import Person
from services.models.person import IN_FORCE
from veterans_portal import locking

BATCH = 1000


def locked(duty):
    """Return the duty, locked until the transaction ends, with its person and station."""
    rows = TrainingDuty.objects.select_related("person__account", "station")
    return locking.locked(rows, getattr(duty, "pk", duty))


def find_duties(*, today=None):
    """Note who came back from the army within the span and is not noted yet; returns how many.

    Within TRAINING_LOOK_BACK_DAYS, so that nobody is asked to a first course years after. May run as
    often as one likes: one duty for each discharge.
    """
    today = today or timezone.localdate()
    known = TrainingDuty.objects.filter(
        person=OuterRef("pk"), arose_on__gte=OuterRef("discharged_on")
    )
    found = Person.objects.filter(
        ~Exists(known),
        state__in=IN_FORCE,
        placement_way__in=TRAINED_WAYS,
        discharged_on__gt=today - timedelta(days=settings.TRAINING_LOOK_BACK_DAYS),
        discharged_on__lte=today,
    ).values_list("pk", "station_id", "placement_way", "discharged_on")
    made = 0
    rows = []
    for person, station, way, discharged in found.iterator(chunk_size=BATCH):
        due = max(discharged, today) + timedelta(days=settings.TRAINING_DUE_DAYS)
        rows.append(
            TrainingDuty(
                person_id=person, station_id=station, way=way, arose_on=discharged, due_on=due
            )
        )
        if len(rows) == BATCH:
            made += _keep(rows)
            rows = []
    return made + _keep(rows)


def _keep(rows):
    before = len(rows)
    TrainingDuty.objects.bulk_create(rows, ignore_conflicts=True)
    return before


def follow_files(*, today=None):
    """Let open duties stand at the station that their file is kept at now; returns how many moved."""
    moved = TrainingDuty.objects.open().exclude(station=F("person__station"))
    rows = list(moved.select_related("person")[:BATCH])
    for each in rows:
        each.station_id = each.person.station_id
    TrainingDuty.objects.bulk_update(rows, ["station"])
    return len(rows)


def note_trained(*, enrolment):
    """An adaptive course was passed: the person's latest duty from before its end is fulfilled."""
    duty = (
        TrainingDuty.objects.filter(
            person=enrolment.person_id, arose_on__lte=enrolment.completed_on
        )
        .exclude(state=DutyState.TRAINED)
        .select_for_update(of=("self",), no_key=True)
        .order_by("-arose_on")
        .first()
    )
    if duty is None:
        return None
    duty.state, duty.trained_on = DutyState.TRAINED, enrolment.completed_on
    duty.enrolment = enrolment
    duty.save()
    return duty


@transaction.atomic
def ask_exemption(*, duty, reason, words, by):
    """Ask that somebody need not attend, with the reason: by the person, or staff of the station."""
    duty = locked(duty)
    if by.is_staff_member:
        if not perms.may_keep_training(by, duty.station):
            raise TrainingError("请由本站点的经办人或负责人办理。", code="not_yours")
    elif duty.person.account_id != by.pk:
        raise TrainingError("请本人申请。", code="not_yours")
    if duty.state != DutyState.DUE:
        raise TrainingError(f"现在是“{duty.get_state_display()}”，不用再申请。", code="decided")
    if not words.strip():
        raise TrainingError("请写明具体情况。", field="words")
    duty.state, duty.reason, duty.words = DutyState.ASKED, reason, words.strip()[:200]
    duty.asked_by, duty.asked_at, duty.refused_words = by, timezone.now(), ""
    duty.save()
    _record("exemption_asked", duty, by, reason=str(reason))
    return duty


@transaction.atomic
def exempt(*, duty, by):
    """Approve it. Never by the one who asked."""
    duty = _to_decide(duty, by)
    duty.state, duty.decided_by, duty.decided_on = DutyState.EXEMPT, by, timezone.localdate()
    duty.save()
    _record("exemption_approved", duty, by)
    return duty


@transaction.atomic
def refuse_exemption(*, duty, by, reason):
    """Not approve it, with a reason: the person should still attend."""
    duty = _to_decide(duty, by)
    if not reason.strip():
        raise TrainingError("请写明原因，对方会看到。", field="reason")
    duty.state, duty.refused_words = DutyState.DUE, reason.strip()[:200]
    duty.reason = duty.asked_by = duty.asked_at = None
    duty.words = ""
    duty.save()
    _record("exemption_refused", duty, by, reason=duty.refused_words)
    return duty


def _to_decide(duty, by):
    duty = locked(duty)
    if not perms.may_check_training(by, duty.station):
        raise TrainingError("请由本站点或上级的审核人、负责人办理。", code="not_yours")
    if duty.state != DutyState.ASKED:
        raise TrainingError(f"现在是“{duty.get_state_display()}”，请刷新页面再看。", code="decided")
    if duty.asked_by_id == by.pk:
        raise TrainingError("您申请的免训请由另一位同事批准。", code="own_asking")
    return duty


def _record(act, duty, by, **detail):
    record(act, duty, by, station=duty.station, on_behalf_of=duty.person.name, **detail)

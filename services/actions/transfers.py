"""A file goes to another station: asked by one side with the person's consent, decided by the other.

Until it is accepted the old station keeps the file and serves the person; then file, open matters and
card go in one transaction, so nothing is lost in between. What was booked stays where it was booked.
"""

import contextlib

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from services import perms
from services.actions import matters
from services.actions.disclosure import note_search
from services.actions.persons import locked as locked_person
from services.actions.workdays import due_day
from services.enums import FileState, TransferConsent, TransferState
from services.models import Booking, Person, Transfer
from services.notices import transfers as notices
from veterans_portal import id_number as id_numbers
from veterans_portal import locking
from veterans_portal.errors import DomainError

MOVABLE = [FileState.DRAFT, FileState.FILED]


class TransferError(DomainError):
    """A rule of transfers refuses."""

    code = "transfer_refused"


@transaction.atomic
def ask(*, person, to_station, by, reason, consent, consent_on=None):
    """Ask that a file goes to `to_station`; returns the Transfer.

    By a clerk of either station, or by the person themselves (`consent` SELF). Whoever may decide
    for the other side too decides it in a second step. Raises TransferError.
    """
    person = locked_person(person)
    side = _asking_side(person, to_station, by)
    _refuse_unmovable(person, to_station)
    _refuse_unsaid(reason, consent, consent_on, by)
    transfer = Transfer(
        person=person, station=person.station, to_station=to_station, asked_at_station=side,
        reason=reason.strip()[:200], consent=consent,
        consent_on=consent_on or timezone.localdate(), asked_by=by,
        due_on=due_day(settings.TRANSFER_WORKDAYS),
    )  # fmt: skip
    try:
        with transaction.atomic():
            transfer.save(force_insert=True)
    except IntegrityError as clash:
        raise TransferError(
            "这份档案已有一份转站申请在办，请等对方答复。", code="one_open"
        ) from clash
    _record("asked", transfer, by, to=to_station.code)
    notices.tell_station(transfer, notices.asked(transfer))
    return transfer


def _asking_side(person, to_station, by):
    """At which station it is asked: the other one decides. The person asks at the old one."""
    if by.is_citizen:
        if person.account_id != by.pk:
            raise TransferError("您只能为自己的档案申请换站。", code="not_allowed")
        return person.station
    for side in (person.station, to_station):
        if _stands_for(by, side):
            return side
    raise TransferError("您不是转出或转入站点的经办人，不能申请转站。", code="not_allowed")


def _refuse_unmovable(person, to_station):
    if person.state not in MOVABLE:
        raise TransferError(
            f"档案现在是“{person.get_state_display()}”，办完这一步才能转站。", code="wrong_state"
        )
    if to_station.pk == person.station_id:
        raise TransferError("档案已经在这个站点，请选择另一个站点。", field="station")
    if not to_station.is_active():
        raise TransferError("这个站点已停用，请选择在用的站点。", field="station")


def deciding_station(transfer):
    """The side that did not ask. When the person asked themselves, the receiving one."""
    if transfer.asked_at_station_id == transfer.to_station_id:
        return transfer.station
    return transfer.to_station


def _stands_for(user, station):
    """Clerks and heads of the station or above it, and those who review its files."""
    return perms.may_keep_file(user, station) or perms.may_review_file(user, station)


def may_decide(user, transfer):
    """Who stands for the side that did not ask; who stands for both sides may do both."""
    return user.is_staff_member and _stands_for(user, deciding_station(transfer))


def may_withdraw(user, transfer):
    """Who asked, and whoever stands for the side that asked."""
    if transfer.asked_by_id == user.pk:
        return True
    return user.is_staff_member and _stands_for(user, transfer.asked_at_station)


@transaction.atomic
def ask_unseen(*, name, id_number, to_station, by, reason, consent, consent_on=None):
    """Ask for a file that the receiving station cannot see, by name and ID number; returns nothing.

    The answer is the same whether there is such a file or not, and whatever its state: nobody learns
    who is on file where. Raises TransferError only for what the asker wrote.
    """
    if not _stands_for(by, to_station):
        raise TransferError("您不是转入站点的经办人，不能申请转站。", code="not_allowed")
    _refuse_unsaid(reason, consent, consent_on, by)
    number = id_numbers.parse(id_number).text
    person = Person.objects.filter(name=name).with_id_number(number).first()
    note_search(kind="transfer", found=0, by=by)
    if person is not None:
        with contextlib.suppress(TransferError), transaction.atomic():
            ask(person=person, to_station=to_station, by=by, reason=reason, consent=consent,
                consent_on=consent_on)  # fmt: skip


@transaction.atomic
def ask_and_accept(*, person, to_station, by, reason, consent, consent_on=None):
    """Both steps at once, by whoever stands for both sides."""
    transfer = ask(person=person, to_station=to_station, by=by, reason=reason, consent=consent,
                   consent_on=consent_on)  # fmt: skip
    return accept(transfer=transfer, by=by)


def _refuse_unsaid(reason, consent, consent_on, by):
    if not reason.strip():
        raise TransferError("请写明为什么换站。", field="reason")
    own = consent == TransferConsent.SELF
    if consent not in TransferConsent.values or own != by.is_citizen:
        raise TransferError("请选择本人怎样同意的。", field="consent")
    if consent_on is not None and consent_on > timezone.localdate():
        raise TransferError("同意日期还没有到，请核对。", field="consent_on")


@transaction.atomic
def accept(*, transfer, by, answer=""):
    """Take the file over: person, open matters and card move together; both sides are told."""
    transfer, person = _open(transfer, by)
    _refuse_unmovable(person, transfer.to_station)
    before = transfer.station
    moved = matters.move_with_file(person=person, to_station=transfer.to_station, by=by)
    person.cards.current().update(station=transfer.to_station)
    person.station = transfer.to_station
    person.save()
    transfer.matters_moved = moved
    _decide(transfer, TransferState.ACCEPTED, by, answer)
    _record("accepted", transfer, by, before=before.code, matters=moved)
    ahead = Booking.objects.coming().filter(person=person).count()
    notices.tell_person(transfer, notices.accepted(transfer, ahead))
    notices.tell_asker(transfer, notices.answered(transfer))
    return transfer


@transaction.atomic
def refuse(*, transfer, by, answer):
    """Leave the file where it is, and say why."""
    transfer, _ = _open(transfer, by)
    if not answer.strip():
        raise TransferError("请写明不接收的原因，对方会看到。", field="answer")
    _decide(transfer, TransferState.REFUSED, by, answer)
    _record("refused", transfer, by, reason=transfer.answer)
    notices.tell_asker(transfer, notices.answered(transfer))
    if transfer.consent == TransferConsent.SELF:
        notices.tell_person(transfer, notices.refused(transfer))
    return transfer


@transaction.atomic
def withdraw(*, transfer, by, reason=""):
    """Take the request back: by who asked, or anybody of the side that asked."""
    transfer, _ = _locked(transfer)
    if not may_withdraw(by, transfer):
        raise TransferError("只有提出的一方才能撤回。", code="not_allowed")
    _decide(transfer, TransferState.WITHDRAWN, by, reason)
    _record("withdrawn", transfer, by)
    notices.tell_station(transfer, notices.withdrawn(transfer))
    return transfer


def _locked(transfer):
    """The person first, then the transfer: the order of every act on a file."""
    person = locked_person(transfer.person_id)
    rows = Transfer.objects.select_related(
        "station", "to_station", "asked_at_station", "asked_by", "person__account"
    )
    transfer = locking.locked(rows, transfer.pk)
    if transfer.state != TransferState.ASKED:
        raise TransferError(
            f"这份转站申请{transfer.get_state_display()}，请刷新页面查看。", code="wrong_state"
        )
    return transfer, person


def _open(transfer, by):
    transfer, person = _locked(transfer)
    if not may_decide(by, transfer):
        raise TransferError("由对方站点的经办人答复，您没有这一权限。", code="not_allowed")
    return transfer, person


def _decide(transfer, state, by, answer=""):
    transfer.state, transfer.answer = state, answer.strip()[:200]
    transfer.decided_by, transfer.decided_at = by, timezone.now()
    transfer.save()


def _record(deed, transfer, by, **detail):
    audit.record(
        f"services.transfer_{deed}", transfer.person, by=by, station=transfer.station,
        on_behalf_of=transfer.person, detail=detail,
    )  # fmt: skip

"""How a matter comes in: a draft, handed in online or at the counter, mended, taken back."""

import secrets

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import messages
from services import perms
from services.actions.matters import effects
from services.actions.matters.deciding import conclude, take_up
from services.actions.matters.limits import refuse_too_many
from services.actions.matters.papers import issue
from services.actions.matters.trail import (
    end,
    expect,
    locked,
    record,
    record_event,
    require_owner,
    required,
)
from services.actions.workdays import due_day
from services.enums import (
    UNDECIDED,
    Delivery,
    DocumentKind,
    FileState,
    MatterAct,
    MatterState,
    Outcome,
)
from services.matter_rules import MatterError
from services.models import Arrival, Matter, Person
from services.models.person import ENDED
from services.notices import matters as notices
from veterans_portal import locking

ALPHABET = "2346789ACDEFGHJKMNPQRTWXY"


@transaction.atomic
def save_draft(*, kind, station, by, client_key, applicant_name, channel, answers,
               applicant_phone="", person=None, proxy=None, on_behalf=False, came_for=""):  # fmt: skip
    """Write a matter as a draft, or what changed in it; returns the Matter.

    `client_key` is the caller's name for this matter: the same one finds the draft again, and what
    was handed in already comes back as it is. `answers` are plain values. Raises MatterError,
    `too_many` for a citizen who has as many unfinished as may be (`limits`).
    """
    known = Matter.objects.filter(by=by, client_key=client_key).first()
    if known is not None:
        return _rewrite(locked(known), by, station, applicant_name, applicant_phone, answers)
    _require_open(kind)
    _require_right(by, station, person, proxy)
    if by.is_citizen:
        refuse_too_many(kind=kind, by=by, person=person)
    matter = Matter(
        number=_new_number(), kind=kind, station=station, by=by, client_key=client_key,
        applicant_name=applicant_name, applicant_phone=applicant_phone or None, person=person,
        proxy=proxy, on_behalf=on_behalf or proxy is not None, channel=channel,
        came_for=came_for,
    )  # fmt: skip
    matter.answers = answers
    try:
        with transaction.atomic():
            matter.save(force_insert=True)
    except IntegrityError:
        known = Matter.objects.filter(by=by, client_key=client_key).first()
        if known is None:
            raise
        return _rewrite(locked(known), by, station, applicant_name, applicant_phone, answers)
    return matter


def _rewrite(matter, by, station, name, phone, answers):
    """A draft takes what was changed; whose file it is and its kind stay as they began."""
    if matter.state == MatterState.DRAFT:
        if matter.person_id is None:
            _require_right(by, station, None, None)
            matter.station, matter.applicant_name = station, name
        matter.answers, matter.applicant_phone = answers, phone or matter.applicant_phone
        matter.save()
    return matter


def _require_open(kind):
    if not kind.is_open:
        raise MatterError(f"“{kind.name}”暂停办理，请拨打{kind.phone}咨询。", code="kind_closed")


def _require_right(by, station, person, proxy):
    if person is not None and person.state in ENDED:
        words = FileState(person.state).label
        raise MatterError(
            f"此人的档案{words}，不能再以此档案办事。请与站点核对。", code="file_ended"
        )
    if by.is_staff_member:
        if not perms.may_handle_matters(by, station):
            raise MatterError("您不是这个站点的经办人，不能在这里登记。", code="not_allowed")
        if proxy is not None and (proxy.person != person or not proxy.is_in_force()):
            raise MatterError(
                "这份代办关系已到期、已解除或不是为此人确认的，请先核对代办证明。",
                code="proxy_over",
                field="proxy",
            )
    elif proxy is not None:
        if proxy.agent_id != by.pk or proxy.person != person or not proxy.is_in_force():
            raise MatterError(
                "您现在不能代这位亲友办理，代办关系已到期或已解除。", code="not_allowed"
            )
    elif person is not None and person.account_id != by.pk:
        raise MatterError("您只能为自己，或为已确认代办关系的亲友办理。", code="not_allowed")


def _new_number():
    """The day and six letters: 20261124K7M2Q9. Unlike one another to eye and ear."""
    return f"{timezone.localdate():%Y%m%d}" + "".join(secrets.choice(ALPHABET) for _ in range(6))


@transaction.atomic
def submit(*, matter, by):
    """Hand a draft in, at the station that keeps the file by now; a second tap finds it handed in.

    The file is locked before the matter, as a transfer does it: one sees what the other did.
    Raises MatterError, or the form's refusal.
    """
    _held(matter.person)
    matter = locked(matter)
    require_owner(matter, by)
    if matter.submitted_at is not None:
        return matter
    expect(matter, [MatterState.DRAFT], "提交")
    _require_open(matter.kind)
    if matter.person is not None:
        matter.station = matter.person.station
    return _hand_in(matter, by)


def _hand_in(matter, by, *, quietly=False):
    """Submit a locked draft; `quietly` without a receipt and a message, when more follows at once."""
    matter.state, matter.submitted_at = MatterState.SUBMITTED, timezone.now()
    matter.check_by = due_day(settings.MATTER_CHECK_WORKDAYS)
    effects.run("submitted", matter, by=by)
    matter.save()
    record_event(
        matter, MatterAct.SUBMITTED, by=by,
        public="" if quietly else f"{matter.station.name}已收到，{_until(matter.check_by)}前看完材料并告诉您。",
        staff="当场登记。" if quietly else "",
    )  # fmt: skip
    record(MatterAct.SUBMITTED, matter, by=by, channel=matter.channel)
    if not quietly:
        issue(matter, DocumentKind.RECEIPT, by=by)
        notices.tell(matter, notices.submitted(matter))
    return matter


@transaction.atomic
def enter(*, by, accept=False, answer="", arrival=None, **what):
    """At the counter: written, handed in and, with `accept`, accepted in one transaction.

    Takes what `save_draft` takes, and the `arrival` out of which it came. With `answer` it is
    answered and delivered on the spot: the person gets that one message. A double tap finds the
    matter as it is. When the file went to another station in this very moment, the matter is handed
    in there, for its clerks to accept; what is answered on the spot was done here.
    """
    read, person = what.get("person"), _held(what.get("person"))
    matter = save_draft(by=by, **what | {"person": person})
    if matter.state != MatterState.DRAFT:
        return matter
    matter = locked(matter)
    moved = person is not None and read.station_id == matter.station_id != person.station_id
    if moved and not answer:
        matter.station = person.station
        accept = accept and perms.may_handle_matters(by, person.station)
    if arrival is not None:
        Arrival.objects.filter(pk=arrival.pk, matter__isnull=True).update(matter=matter)
    _hand_in(matter, by, quietly=bool(answer))
    if accept or answer:
        take_up(matter, by, quietly=bool(answer))
    if answer:
        conclude(matter, by, outcome=Outcome.ANSWERED, result=answer, delivery=Delivery.COUNTER)
    return matter


@transaction.atomic
def supplement(*, matter, by):
    """Say that the papers asked for are there; the check's term begins again."""
    matter = locked(matter)
    require_owner(matter, by)
    if matter.state == MatterState.SUBMITTED and matter.supplemented_at is not None:
        return matter
    expect(matter, [MatterState.SUPPLEMENT], "补充材料")
    matter.state, matter.supplemented_at = MatterState.SUBMITTED, timezone.now()
    matter.check_by = due_day(settings.MATTER_CHECK_WORKDAYS)
    matter.save()
    effects.run("supplemented", matter, by=by)
    record_event(
        matter, MatterAct.SUPPLEMENTED, by=by,
        public=f"补充的材料已收到，{_until(matter.check_by)}前看完并告诉您。",
    )  # fmt: skip
    record(MatterAct.SUPPLEMENTED, matter, by=by)
    messages.withdraw(matter)
    notices.tell_handler(matter, notices.supplemented(matter))
    return matter


@transaction.atomic
def withdraw(*, matter, by, reason):
    """Take the matter back before it is done: by the person, their agent, or staff for them."""
    matter = locked(matter)
    require_owner(matter, by)
    expect(matter, UNDECIDED, "撤回")
    reason = required(reason, "reason", "请写明为什么撤回。")
    was_draft = matter.state == MatterState.DRAFT
    end(matter, MatterState.WITHDRAWN, reason)
    if not was_draft:
        effects.run("ended", matter, by=by)
    record_event(matter, MatterAct.WITHDRAWN, by=by, public=f"已撤回：{reason}")
    record(MatterAct.WITHDRAWN, matter, by=by, reason=reason)
    messages.withdraw(matter)
    if not was_draft:
        notices.tell(matter, notices.withdrawn(matter))
    return matter


def _held(person):
    """The file, fresh and locked until the transaction ends; nobody has none."""
    if person is None:
        return None
    return locking.locked(Person.objects.select_related("station", "account"), person.pk)


def _until(day):
    return notices.spoken_day(day)

"""The registration file, step by step: collected, submitted, reviewed, filed, moved, closed.

Every act locks the file's row first and decides after. Who may is `services.perms`; that the
reviewer is not the filler is decided here and kept by the database too (`domain.md` B.2).
"""

import re

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit, messages
from services import perms
from services.actions import bookings, matters, proxies
from services.actions.identities import declare_identity
from services.enums import ChangeState, FileSource, FileState, TransferState
from services.models import Person
from services.notices import transfers as transfer_notices
from veterans_portal import id_number as id_numbers
from veterans_portal.errors import DomainError

# How people write that somebody died: nothing more is sent to that phone.
DEATH = re.compile("去世|逝世|病逝|过世|死亡|身亡|身故|亡故|病故|离世|辞世|故去|已故|牺牲")

# What a clerk may write into a file; everything else follows from acts.
FACTS = (
    "name",
    "phone",
    "address",
    "division_id",
    "enlisted_on",
    "discharged_on",
    "placement_way",
    "disability_grade",
    "disability_nature",
    "honour_plaque_on",
    "lives_alone",
)


class FileError(DomainError):
    """A rule of the registration file refuses."""

    code = "file_refused"


def locked(person):
    """Return the file's row, locked until the transaction ends.

    The station is read after: joined, a file that moved while we waited would not be found.
    """
    rows = Person.objects.select_for_update(no_key=True)
    return rows.get(pk=getattr(person, "pk", person))


def tell_person(person, *, kind, title, body, about=None, url="", dedupe=None):
    """Tell the person of a file: by their account, else by the phone in the file, else nobody."""
    if person.account_id is None and not person.phone:
        return
    to = person.account if person.account_id else None
    messages.tell(
        to=to, phone=person.phone if to is None else None, kind=kind, title=title, body=body,
        about=about or person, url=url, dedupe=dedupe,
    )  # fmt: skip


def where_filed(person, *, to):
    """The sentence for staff that an ID number is on file already, and whom to ask.

    Outside the reader's scope it names the station and its phone, never the person.
    """
    station = person.station
    if perms.may_serve_at(to, station):
        return f"该证件号已建档：{person.name}，在{station.name}。请在“查人建档”里打开。"
    return f"该证件号已在其他站点建档，请联系{station.name}（{station.phone or '12345'}）。"


@transaction.atomic
def create_file(*, by, station, name, id_number, categories, request=None, source=FileSource.COUNTER,
                account=None, **facts):  # fmt: skip
    """Collect a file at a station, also on behalf of someone without a phone; returns the Person.

    `categories` are IdentityCategory values, `facts` any of FACTS. Raises FileError when the ID
    number is wrong (field `id_number`), on file already, or the clerk does not work there.
    """
    _require(perms.may_keep_file(by, station), "您不是这个站点的经办人，不能在这里建档。")
    number = id_numbers.parse(id_number)
    known = Person.objects.with_id_number(number.text).select_related("station").first()
    if known:
        raise FileError(where_filed(known, to=by), code="already_on_file", field="id_number")
    person = Person(
        name=name, id_number=number.text, birth=number.birth, sex=number.sex, station=station,
        source=source, created_by=by, account=account, **facts,
    )  # fmt: skip
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as clash:
        known = Person.objects.with_id_number(number.text).select_related("station").first()
        if known is None:
            raise
        sentence = where_filed(known, to=by)
        raise FileError(sentence, code="already_on_file", field="id_number") from clash
    audit.record("services.file_created", person, by=by, on_behalf_of=person, request=request,
                 detail={"source": source})  # fmt: skip
    for category in categories:
        declare_identity(person=person, category=category, by=by, request=request)
    return person


@transaction.atomic
def correct_draft(*, person, by, request=None, **facts):
    """Change facts of a file that is still being collected; returns the names of what changed."""
    person = locked(person)
    _require(perms.may_keep_file(by, person.station), "您不是这个站点的经办人，不能修改这份档案。")
    _expect(person, FileState.DRAFT, "修改。已提交或已建档的，请用“申请变更”")
    changed = [field for field, value in facts.items() if getattr(person, field) != value]
    if changed:
        for field in changed:
            setattr(person, field, facts[field])
        person.save()
        audit.record("services.file_corrected", person, by=by, on_behalf_of=person,
                     request=request, detail={"fields": changed})  # fmt: skip
    return changed


@transaction.atomic
def submit_file(*, person, by, request=None):
    """Hand a collected file to the reviewer; the one who submits is its filler."""
    person = locked(person)
    _require(perms.may_keep_file(by, person.station), "您不是这个站点的经办人，不能提交这份档案。")
    _expect(person, FileState.DRAFT, "提交")
    if not person.identities.exists():
        raise FileError("请先登记至少一种身份，再提交审核。", code="no_identity")
    person.state = FileState.SUBMITTED
    person.submitted_by, person.submitted_at = by, timezone.now()
    person.reviewed_by, person.returned_reason = None, ""
    person.save()
    audit.record("services.file_submitted", person, by=by, on_behalf_of=person, request=request)
    return person


@transaction.atomic
def return_file(*, person, by, reason, request=None):
    """Send a submitted file back to its station with a reason."""
    person = locked(person)
    _require_reviewer(person, by)
    _expect(person, FileState.SUBMITTED, "退回")
    person.state, person.returned_reason = FileState.DRAFT, reason
    person.save()
    audit.record("services.file_returned", person, by=by, on_behalf_of=person, request=request,
                 detail={"reason": reason})  # fmt: skip
    if person.submitted_by is not None:
        messages.tell(to=person.submitted_by, kind="services.file_returned", title="档案被退回",
                      body=f"您提交的一份档案被退回：{reason}", about=person,
                      url=person.get_absolute_url())  # fmt: skip
    return person


@transaction.atomic
def review_file(*, person, by, request=None):
    """Find a submitted file right. By `settings.FILES_ENTERED_BY` it is filed at once or waits."""
    person = locked(person)
    _require_reviewer(person, by)
    _expect(person, FileState.SUBMITTED, "审核")
    person.state, person.reviewed_by = FileState.REVIEWED, by
    person.save()
    audit.record("services.file_reviewed", person, by=by, on_behalf_of=person, request=request)
    return _enter(person, by, request) if settings.FILES_ENTERED_BY == "TOWN" else person


@transaction.atomic
def enter_file(*, person, by, request=None):
    """File a reviewed file where the district has the last step."""
    person = locked(person)
    _require(
        perms.may_enter_file(by, person.station), "建档由市（县）区审核人办理，您没有这一权限。"
    )
    _refuse_filler(person, by)
    _expect(person, FileState.REVIEWED, "建档")
    return _enter(person, by, request)


def _enter(person, by, request):
    person.state, person.filed_at = FileState.FILED, timezone.now()
    person.save()
    audit.record("services.file_entered", person, by=by, on_behalf_of=person, request=request)
    tell_person(
        person, kind="services.file_entered", title="您的档案已建好",
        body=f"您的建档立卡信息已由{person.station.name}登记完成。如需更正或有疑问，请联系"
             f"{person.station.name}，电话{person.station.phone or '12345'}。",
        dedupe=f"filed:{person.pk}",
    )  # fmt: skip
    return person


@transaction.atomic
def move_out(*, person, by, reason, request=None):
    """Close the file because the person moved away from Wuxi (转出)."""
    return _close(person, FileState.MOVED, by, reason, request)


@transaction.atomic
def close_file(*, person, by, reason, request=None):
    """Close the file for good: death, or the identity was revoked (注销)."""
    return _close(person, FileState.CLOSED, by, reason, request)


def _close(person, state, by, reason, request):
    """Lock the file and close it; a correction still open and bookings ahead end with it."""
    person = locked(person)
    _require(
        perms.may_review_file(by, person.station), "转出和注销由上一级审核人办理，您没有这一权限。"
    )
    allowed = [FileState.FILED]
    if state == FileState.CLOSED:
        allowed.append(FileState.CHANGE_PENDING)
    if person.state not in allowed:
        raise FileError(f"档案现在是“{person.get_state_display()}”，不能转出或注销。")
    now = timezone.now()
    person.change_requests.open().update(
        state=ChangeState.WITHDRAWN, answer=reason, decided_by=by, decided_at=now
    )
    _end_transfers(person, by, reason, now)
    person.state, person.closed_at, person.closed_reason = state, now, reason
    person.save()
    act = "services.file_moved_out" if state == FileState.MOVED else "services.file_closed"
    audit.record(act, person, by=by, on_behalf_of=person, request=request,
                 detail={"reason": reason})  # fmt: skip
    why = "档案已转出无锡" if state == FileState.MOVED else "档案已注销"
    quietly = bool(DEATH.search(reason))
    bookings.cancel_coming(person=person, by=by, now=now, quietly=quietly, reason=why)
    matters.end_with_file(person=person, by=by, reason=why, quietly=quietly)
    proxies.end_with_file(person=person, by=by, reason=why, quietly=quietly)
    return person


def _end_transfers(person, by, reason, now):
    """A transfer still open ends with the file: both sides are told, whoever closed it or not."""
    for transfer in person.transfers.open().select_related(
        "station", "to_station", "asked_by", "person"
    ):
        transfer.state, transfer.answer = TransferState.WITHDRAWN, reason[:200]
        transfer.decided_by, transfer.decided_at = by, now
        transfer.save()
        audit.record("services.transfer_withdrawn", person, by=by, station=transfer.station,
                     on_behalf_of=person, detail={"reason": reason})  # fmt: skip
        transfer_notices.tell_both_sides(transfer)


@transaction.atomic
def unlink_account(*, person, by, reason, request=None):
    """Take a sign-in account off a file that it should not have; the account itself stays."""
    person = locked(person)
    _require(perms.may_review_file(by, person.station), "解除关联由上一级审核人办理。")
    if person.account_id is None:
        raise FileError("这份档案没有关联账号，无需解除。")
    account, person.account = person.account, None
    person.save()
    audit.record("services.account_unlinked", person, by=by, on_behalf_of=person, request=request,
                 detail={"reason": reason})  # fmt: skip
    messages.tell(
        to=account, kind="services.account_unlinked", title="账号与档案已解除关联",
        body=f"您的账号与一份档案已解除关联：{reason} 有疑问请拨打{person.station.phone or '12345'}。",
        about=person,
    )  # fmt: skip
    return person


def _require(allowed, sentence):
    if not allowed:
        raise FileError(sentence, code="not_allowed")


def _require_reviewer(person, by):
    _require(perms.may_review_file(by, person.station), "审核由上一级审核人办理，您没有这一权限。")
    _refuse_filler(person, by)


def _refuse_filler(person, by):
    if person.submitted_by_id == by.pk:
        raise FileError("这份档案是您提交的，填报人与审核人不能是同一个人，请同事审核。",
                        code="same_person")  # fmt: skip


def _expect(person, state, deed):
    if person.state != state:
        raise FileError(
            f"这份档案现在是“{person.get_state_display()}”，不能{deed}。可能同事刚办过，请刷新页面查看。",
            code="wrong_state",
        )

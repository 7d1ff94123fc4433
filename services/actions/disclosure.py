"""Who looked at whom: reading a file, searching by a number, and showing what is masked."""

from django.db import models
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry
from services.models import Person
from veterans_portal.errors import DomainError


class Disclosed(models.TextChoices):
    """What can be shown in clear, one at a time (`domain.md` D.5)."""

    ID_NUMBER = "id_number", "身份证号"
    PHONE = "phone", "手机号"
    ADDRESS = "address", "居住地址"


class DisclosureReason(models.TextChoices):
    CHECK_PAPERS = "CHECK_PAPERS", "核对证件"
    CALL = "CALL", "电话联系本人"
    VISIT = "VISIT", "上门走访"
    HANDLE = "HANDLE", "办理业务"
    OTHER = "OTHER", "其他（请写明）"


def disclose(*, subject, what, by, reason, detail="", request=None):
    """Return the clear value of `what` (a Disclosed) after writing down who asked and why.

    `subject` is a Person or a RegistrationRequest with its station.
    """
    what, reason = Disclosed(what), DisclosureReason(reason)
    if reason == DisclosureReason.OTHER and not detail.strip():
        raise DomainError("请写明查看原因。", field="detail")
    why = "：".join(filter(None, [reason.label, detail.strip()]))
    audit.record("services.person_disclosed", subject, by=by, on_behalf_of=subject, request=request,
                 detail={"what": what, "reason": why})  # fmt: skip
    return getattr(subject, what)


def disclose_own(*, user, request=None):
    """Return the reader's own ID number; written down like every other disclosure."""
    person = Person.objects.select_related("station").get(account=user)
    audit.record("services.own_file_disclosed", person, by=user, request=request)
    return person.id_number


def disclose_contact(*, booking, by, reason, request=None):
    """Return the whole phone of a booking's contact after writing down who asked and why."""
    audit.record("services.booking_phone_shown", booking, by=by, request=request,
                 station=booking.slot.offering.station, detail={"reason": reason})  # fmt: skip
    return booking.contact_phone


def note_reading(*, person, by, request=None):
    """Write down that a file was opened: the one row that a page view of the desk writes."""
    audit.record("services.person_read", person, by=by, request=request)


def note_search(*, kind, found, by, request=None):
    """Write down an exact search by phone or ID number, without the number."""
    audit.record("services.person_searched", by=by, request=request,
                 detail={"by": kind, "found": found})  # fmt: skip


def searches_today(*, kind, by):
    """How many exact searches of a kind somebody has made today."""
    mine = AuditEntry.objects.filter(actor=by, act="services.person_searched", detail__by=kind)
    return mine.filter(at__date=timezone.localdate()).count()

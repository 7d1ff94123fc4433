"""Papers the portal issues: signed content that anyone with the code can verify.

What is printed is kept as canonical JSON with the paper's own code, kind, matter, station and day in
it, so that no row can pass for another. Its SM3 digest is signed; the PDF is drawn from it whenever
it is wanted, and each download ends in a seal over its own bytes (docs/adr/0010).
"""

import json
import re
import secrets
from dataclasses import dataclass
from datetime import date

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from services import perms
from services.models import Document, Matter, Person
from services.notices import documents as notices
from veterans_portal import crypto, signing
from veterans_portal.errors import DomainError
from veterans_portal.locking import locked

CODE_ALPHABET = "2346789ACDEFGHJKMNPQRTWXY"  # nothing that looks like something else
CODE_LENGTH = 16  # 74 bits: nobody finds one by trying
CONTENT = {"name", "title", "paragraphs", "rows", "items_title", "items", "note"}
SEAL = re.compile(rb"\n%Wuxi-Veterans-Portal-Seal ([0-9A-Z]{16}) (\S{1,20}) ([0-9a-f]{2,400})\n\Z")


class DocumentError(DomainError):
    """A rule of issued papers refuses."""

    code = "document_refused"


class Standing(models.TextChoices):
    """What verifying found."""

    VALID = "VALID", "有效"
    EXPIRED = "EXPIRED", "已过有效期"
    REVOKED = "REVOKED", "已作废"
    ALTERED = "ALTERED", "无效：内容与签名不符"
    UNSURE = "UNSURE", "暂时无法核验"


class FileStanding(models.TextChoices):
    """What a PDF that somebody holds is."""

    INTACT = "INTACT", "与平台出具的一致，没有改动"
    CHANGED = "CHANGED", "下载以后被改动过"
    UNSEALED = "UNSEALED", "不是从平台下载的原文件"
    UNSURE = "UNSURE", "暂时无法核验"


@dataclass(frozen=True)
class FileCheck:
    """The standing of a PDF, and the paper it says it is (None: none such)."""

    standing: FileStanding
    document: Document | None


@transaction.atomic
def issue(*, kind, by, content, matter=None, person=None, station=None, number="",
          valid_until=None):  # fmt: skip
    """Issue a paper on a matter, or on a person's file alone; returns the signed Document.

    Without a matter, `person`, the issuing `station` and the paper's own `number` are wanted.
    `kind` is a DocumentKind. `content` is what is printed, all of it text: `name` (of whom it is
    made out to), and any of `title` (default: the kind's), `paragraphs` (list), `rows` (list of
    (label, value)), `items` (list, numbered), `note` (small print). `valid_until` is a date or None.
    """
    unknown = content.keys() - CONTENT
    if unknown or "name" not in content:
        raise ValueError(f"content of a paper: {sorted(unknown)} unknown, name wanted")
    if matter is not None:
        station, number = matter.station, matter.number
    document = Document(
        code=_new_code(),
        kind=kind,
        matter=matter,
        person=person,
        number=number,
        station=station,
        issued_at=timezone.now(),
        issued_by=by,
        valid_until=valid_until,
    )
    document.content = canonical(_envelope(document, body=_plain(content)))
    document.digest = crypto.digest(document.content.encode())
    document.signature, document.key_id = signing.sign(_signed(document))
    document.save(force_insert=True)
    _record("issued", document, by, digest=document.digest[:16])
    return document


@transaction.atomic
def revoke(*, document, by, reason):
    """Declare a paper void, for good; whoever verifies it is told since when, its holder at once."""
    rows = Document.objects.select_related(
        "matter__person__account",
        "matter__station",
        "person__account",
        "person__station",
        "station",
    )
    document = locked(rows, document.pk)
    if not may_revoke(by, document):
        raise DocumentError("作废文书由出具站点的经办人或上级审核人办理。", code="not_allowed")
    if document.revoked_at is not None:
        raise DocumentError("这份文书已经作废，不用再处理。", code="revoked")
    if not reason.strip():
        raise DocumentError("请写明作废原因。", field="reason")
    document.revoked_at, document.revoked_reason = timezone.now(), reason.strip()[:200]
    document.save(update_fields=["revoked_at", "revoked_reason"])
    _record("revoked", document, by, reason=document.revoked_reason)
    notices.tell_holder(document, notices.revoked(document))
    return document


def may_revoke(user, document):
    """Who stands for the station that issued it, or for the one that keeps the matter or file now."""
    keeper = (document.matter or document.person).station
    return any(may_revoke_at(user, station) for station in {document.station, keeper})


def may_revoke_at(user, station):
    """Clerks and heads of the station or above, and those who review its files."""
    return user.is_staff_member and (
        perms.may_handle_matters(user, station) or perms.may_review_file(user, station)
    )


def standing(document):
    """Return the Standing of a paper: is it as it was issued, and does it hold today?"""
    try:
        genuine = _is_genuine(document)
    except signing.UnknownKeyError:
        return Standing.UNSURE
    except crypto.UnreadableValueError:
        return Standing.ALTERED
    if not genuine:
        return Standing.ALTERED
    if document.revoked_at is not None:
        return Standing.REVOKED
    if document.valid_until is not None and document.valid_until < timezone.localdate():
        return Standing.EXPIRED
    return Standing.VALID


def body_of(document):
    """What is printed on it: the `content` it was issued with."""
    return json.loads(document.content)["body"]


def find(text):
    """The paper whose code somebody typed (spaces, dashes and small letters allowed), or None."""
    code = re.sub(r"[\s\-—－]", "", str(text or "")).upper()[: CODE_LENGTH * 2]
    if len(code) != CODE_LENGTH or not code.isalnum() or not code.isascii():
        return None
    found = Document.objects.of_code(code).select_related("matter", "person", "station")
    return found.first()


def grouped(code):
    """The code as people read it: four groups of four."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def visible_to(user):
    """Papers of the matters and files that `user` may see, with all that pages show."""
    matters = Matter.objects.visible_to(user).values("pk")
    files = Person.objects.of_account(user) if user.is_citizen else Person.objects.visible_to(user)
    seen = Q(matter__in=matters) | Q(matter=None, person__in=files.values("pk"))
    return Document.objects.filter(seen).select_related(
        "matter__station", "person__station", "station"
    )


def note_download(*, document, by, request=None):
    """Write down that a member of the staff took a copy; one's own papers are one's own."""
    if by.is_staff_member:
        _record("read", document, by, request=request)


def sealed(pdf, document):
    """Return `pdf` (bytes) with a seal after its end: a signature over these very bytes."""
    signature, key_id = signing.sign(_sealed_message(document.code, pdf))
    return pdf + f"\n%Wuxi-Veterans-Portal-Seal {document.code} {key_id} {signature}\n".encode()


def check_file(data):
    """Say of a PDF (bytes) whether it is as the portal gave it out; returns a FileCheck."""
    found = SEAL.search(data)
    if found is None:
        return FileCheck(FileStanding.UNSEALED, None)
    code, key_id, signature = (part.decode() for part in found.groups())
    document = find(code)
    try:
        intact = signing.verify(_sealed_message(code, data[: found.start()]), signature, key_id)
    except signing.UnknownKeyError:
        return FileCheck(FileStanding.UNSURE, document)
    if not intact or document is None:
        return FileCheck(FileStanding.CHANGED, None)
    return FileCheck(FileStanding.INTACT, document)


def canonical(value):
    """The one way of writing a value as JSON: sorted, without spaces, in UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value):
    """Everything printed as text, whatever the caller had: dates, figures, translated words."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value)


def _record(act, document, by, *, request=None, **detail):
    matter = document.matter
    audit.record(
        f"services.document_{act}",
        matter or document.person,
        by=by,
        station=document.station,
        on_behalf_of=matter.applicant_name if matter else document.person.name,
        request=request,
        detail={"kind": document.kind, **detail},
    )


def _is_genuine(document):
    content = document.content
    if not crypto.same(crypto.digest(content.encode()), document.digest):
        return False
    if not signing.verify(_signed(document), document.signature, document.key_id):
        return False
    written = json.loads(content)
    said = _envelope(document, body=written.get("body"))
    return canonical(said) == content


def _envelope(document, *, body):
    """The whole content: what is printed, and which paper it is. The station by its code, because
    a matter may move on while the paper stays that of its station."""
    valid = document.valid_until
    return {
        "body": body,
        "code": document.code,
        "kind": str(document.kind),
        "matter": document.number,
        "station": document.station.code,
        "issued_at": document.issued_at.isoformat(timespec="microseconds"),
        "valid_until": valid.isoformat() if isinstance(valid, date) else None,
    }


def _signed(document):
    return b"document\x00" + document.digest.encode()


def _sealed_message(code, pdf):
    return f"pdf\x00{code}\x00{crypto.digest(pdf)}".encode()


def _new_code():
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))

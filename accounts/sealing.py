"""The SM3 chain over the audit trail: made in the background, proved by `manage.py verify_audit`.

Each seal is HMAC-SM3 over the seal before it and the whole content of one entry, under a key that
is not in the database. Whoever changes, removes or slips in an entry breaks the chain there.
"""

import json
from dataclasses import dataclass
from datetime import UTC, timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import AuditEntry, AuditSeal
from veterans_portal import crypto

LOCK = 0x5EA1
WAIT = timedelta(minutes=1)
OVERDUE = timedelta(minutes=10)
BATCH = 1000
# The minute's run looks back this far for entries of long transactions; the nightly run over all.
LOOK_BACK_IDS = 20_000
FIELDS = (
    "id", "at", "actor_id", "actor_name", "act", "outcome", "target_type", "target_id",
    "target_name", "on_behalf_of", "station_path", "address", "detail",
)  # fmt: skip


@dataclass(frozen=True)
class Proof:
    """What verifying found: how many seals hold, the head of the chain, and the first fault."""

    seals: int
    head: str
    fault: str = ""


def seal_entries(*, everything=False):
    """Seal the entries older than a minute; returns how many. One process at a time."""
    sealed = 0
    while count := _seal_batch(everything):
        sealed += count
    return sealed


def verify():
    """Walk the whole chain and return a Proof whose `fault` names the first broken row."""
    previous, number = "", 0
    for seal in _chain():
        number += 1
        fault = _fault(seal, number, previous)
        if fault:
            return Proof(number - 1, previous, fault)
        previous = seal.digest
    return Proof(number, previous, _left_out())


def digest_at(number):
    """The digest of the seal with this number, or None: to compare with a copy kept elsewhere."""
    return AuditSeal.objects.filter(number=number).values_list("digest", flat=True).first()


def _seal_batch(everything):
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                return 0
        last = AuditSeal.objects.order_by("-number").first()
        previous, number = (last.digest, last.number) if last else ("", 0)
        waiting = AuditEntry.objects.filter(auditseal=None, at__lt=timezone.now() - WAIT)
        if not everything:
            top = AuditSeal.objects.aggregate(top=Max("entry_id"))["top"] or 0
            waiting = waiting.filter(id__gt=top - LOOK_BACK_IDS)
        seals = []
        for entry in waiting.order_by("id")[:BATCH]:
            number += 1
            digest = _digest(entry, number, previous)
            seals.append(
                AuditSeal(number=number, entry_id=entry.pk, previous=previous, digest=digest)
            )
            previous = digest
        AuditSeal.objects.bulk_create(seals)
        return len(seals)


def _digest(entry, number, previous):
    content = {name: getattr(entry, name) for name in FIELDS}
    content["at"] = entry.at.astimezone(UTC).isoformat()
    content["number"] = number
    text = json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return crypto.seal(f"{previous}\n{text}".encode())


def _chain():
    """All seals with their entries, in order; in pieces, so that memory stays level."""
    number = 0
    while True:
        seals = AuditSeal.objects.filter(number__gt=number).order_by("number")[:BATCH]
        page = list(seals)
        if not page:
            return
        entries = AuditEntry.objects.in_bulk([seal.entry_id for seal in page])
        for seal in page:
            seal.content = entries.get(seal.entry_id)
            number = seal.number
            yield seal


def _fault(seal, number, previous):
    if seal.number != number:
        return f"第{number}号封签不见了"
    if seal.content is None:
        return f"第{number}号封签对应的审计记录（编号{seal.entry_id}）不见了"
    if seal.previous != previous:
        return f"第{number}号封签与前一号接不上（审计记录编号{seal.entry_id}）"
    if not crypto.same(seal.digest, _digest(seal.content, number, previous)):
        return f"审计记录编号{seal.entry_id}的内容与第{number}号封签不符"
    return ""


def _left_out():
    """Entries that should have been sealed long ago and are not."""
    limit = timezone.now() - OVERDUE
    entry = AuditEntry.objects.filter(auditseal=None, at__lt=limit).order_by("id").first()
    return f"审计记录编号{entry.pk}超过10分钟没有封签" if entry else ""

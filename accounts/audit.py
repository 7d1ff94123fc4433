"""Who did what to whom: written in the transaction of the act, readable without secrets.

`record` writes one row. `entry_values` gives the same row's columns to an act that inserts it
inside a statement of its own (the booking engine).
"""

from contextvars import ContextVar
from datetime import datetime
from ipaddress import ip_address
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.enums import AuditOutcome
from accounts.models import AuditEntry
from veterans_portal.fields import EncryptedTextField
from veterans_portal.masking import mask_name, mask_text

TAKEN_AS_IS = {str, int, bool, datetime, UUID}

_address = ContextVar("audit_address", default=None)


def record(act, target=None, **what):
    """Write that `by` did `act` (a key of `accounts.acts`) to `target`; returns the AuditEntry.

    Takes keywords only: `station` is a station or its path (default: the target's own, if it is loaded),
    `on_behalf_of` the person served or their name, `detail` a dictionary of plain values.
    Names of persons, ID numbers and phones are masked here, so a caller cannot forget it
    (`domain.md` D.5). Without `request` the address is that of the request being answered;
    `outcome` is DONE unless it was REFUSED.
    """
    entry = _entry(act, target, **what)
    entry.save(force_insert=True)
    return entry


def entry_values(act, target=None, **what):
    """Return the row `record` would write, given the same keywords, as `{column: database value}`,
    without the id."""
    return column_values(_entry(act, target, **what))


def column_values(row):
    """Return an unsaved row as `{column: value ready for the database driver}`.

    Columns that stay NULL are left out, and with them a primary key the database numbers. It
    stands in the hot path of bookings: what the driver takes as it is goes by unprepared.
    """
    values = {}
    for field in row._meta.concrete_fields:
        value = row.__dict__.get(field.attname)
        if value is None:
            value = field.pre_save(row, True)
        if value is None:
            continue
        if type(value) not in TAKEN_AS_IS or isinstance(field, EncryptedTextField):
            value = field.get_db_prep_save(value, connection)
        values[field.column] = value
    return values


def client_address(request):
    """The address of the browser: behind TRUSTED_PROXY_COUNT proxies the one they saw."""
    proxies = getattr(settings, "TRUSTED_PROXY_COUNT", 0)
    if proxies:
        header = request.META.get("HTTP_X_FORWARDED_FOR", "")
        seen = [part.strip() for part in header.split(",") if part.strip()]
        if len(seen) >= proxies:
            return _valid(seen[-proxies])
    return _valid(request.META.get("REMOTE_ADDR", ""))


def _valid(address):
    """The address, or None for what is none (a Unix socket, a forged header)."""
    try:
        return str(ip_address(address))
    except ValueError:
        return None


def audit_address_middleware(get_response):
    """Remember the browser's address while a request is answered, for acts far from the view."""

    def middleware(request):
        token = _address.set(client_address(request))
        try:
            return get_response(request)
        finally:
            _address.reset(token)

    return middleware


def name_for_trail(target):
    """How an object is called in the trail: people (staff excepted) by their masked name."""
    if target is None:
        return ""
    text = str(target)
    if _is_personal(target):
        for field in ("name", "contact_name"):
            name = getattr(target, field, "")
            if name:
                text = text.replace(name, mask_name(name))
    return mask_text(text)[:120]


def _is_personal(target):
    if getattr(target, "is_staff_member", False) or getattr(target, "is_administrator", False):
        return False
    return any(isinstance(field, EncryptedTextField) for field in target._meta.concrete_fields)


def _entry(
    act,
    target,
    *,
    by=None,
    station=None,
    on_behalf_of="",
    detail=None,
    request=None,
    outcome=AuditOutcome.DONE,
):
    actor = by if getattr(by, "is_authenticated", False) else None
    if station is None and target is not None:
        station = target._state.fields_cache.get("station") or getattr(target, "path", "")
    behalf = on_behalf_of if isinstance(on_behalf_of, str) else on_behalf_of.name
    return AuditEntry(
        at=timezone.now(),
        actor=actor,
        actor_name=name_for_trail(actor)[:80],
        act=act,
        outcome=outcome,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=str(target.pk or "") if target is not None else "",
        target_name=name_for_trail(target),
        on_behalf_of=mask_name(behalf)[:80],
        station_path=getattr(station, "path", station) or "",
        address=client_address(request) if request is not None else _address.get(),
        detail=_masked(detail or {}),
    )


def _masked(value):
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, dict):
        return {str(key): _masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_masked(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**10:
        return mask_text(str(value))
    return value

"""Taking a place: one statement that is lock and check at once (`docs/performance.md`).

The place is taken first and the booking, its audit row and its messages are inserted from it,
so the hot row is locked only while the server works, and nothing can lie between the check and
the write. `slot_never_oversold`, `booking_client_key_once` and
`booking_once_per_person_and_rule` stand behind it in the database.
"""

import secrets
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts import audit, messages
from accounts.audit import column_values
from services import booking_rules as rules
from services import notifications
from services.enums import BookingState, ProxyState
from services.models import Booking, Proxy, Slot
from veterans_portal import crypto

# Digits and letters that are not taken for one another, seen or heard.
CODE_ALPHABET = "2346789ACDEFGHJKMNPQRTWXY"
CODE_LENGTH = 10
CODE_ATTEMPTS = 5


@dataclass(frozen=True)
class Contact:
    """Who comes, when there is no registration file; a phone is wanted but not at a counter."""

    name: str
    phone: str = ""


def book(
    *,
    slot,
    heads,
    by,
    client_key,
    person=None,
    contact=None,
    note="",
    on_behalf=False,
    proxy=None,
    now=None,
):
    """Take `heads` places of `slot` for a person's file or a contact; returns the Booking.

    `slot` comes from `Slot.objects.with_rules()`. `client_key` is the caller's name for this
    request: repeated with the same content it returns the booking made before (`replayed`),
    with another content it is refused (`client_key_reused`). `on_behalf` is for staff, who need
    not keep lead time, horizon or review; `proxy` is by what right a citizen books for another.
    Raises BookingRefusedError (a rule) or
    BookingConflictError (full, closed meanwhile, already booked); nothing is written then.
    """
    now = now or timezone.now()
    if person is None and not (contact and contact.name.strip()):
        raise rules.BookingRefusedError(
            "请填写来办事的人的姓名。", code="contact_missing", field="contact"
        )
    _require_proxy(proxy, by, person)
    wanted = _draft(slot, heads, by, client_key, person, contact, note, on_behalf, now)
    wanted.proxy = proxy
    if earlier := _answer_to_pass(slot, heads, on_behalf, now, person, wanted):
        return earlier
    begins_after = rules.earliest_start(
        slot, lead_minutes=slot.offering.lead_minutes, on_behalf=on_behalf, now=now
    )
    booked = _settled(wanted, begins_after)
    if booked is None:
        if earlier := _replay(wanted):
            return earlier
        _require_proxy(proxy, by, person)
        _refuse(_why_not(slot, heads, begins_after))
    return booked


def _require_proxy(proxy, by, person):
    if proxy is not None and (person is None or Proxy.objects.acting(by, person) != proxy):
        raise rules.no_proxy()


def hold(
    *,
    slot,
    heads,
    by,
    until,
    client_key,
    person=None,
    contact=None,
    on_behalf=False,
    proxy=None,
    now=None,
):
    """Keep `heads` places of `slot` until a moment for somebody who has not said yes; or None.

    `until` is before the slot begins. The same statement as `book`, so nobody can have the place at once. The Booking is OFFERED: it
    counts and holds, but nobody is expected and nobody is told here; `take_held` and `let_go` end
    it. None when there is no room. Repeated with its `client_key` it is the same one. Raises like
    `book` when a rule refuses, and BookingConflictError when the person has booked already.
    """
    now = now or timezone.now()
    wanted = _draft(slot, heads, by, client_key, person, contact, "", on_behalf, now)
    wanted.state, wanted.held_until, wanted.proxy = BookingState.OFFERED, until, proxy
    if earlier := _answer_to_pass(slot, heads, on_behalf, now, person, wanted):
        return earlier
    return _settled(wanted, now) or _replay(wanted)


def _settled(wanted, begins_after):
    """Take the place under a code that is free; None when the place was not to be had."""
    for _ in range(CODE_ATTEMPTS):
        wanted.code = new_code()
        try:
            booked = _take(wanted, begins_after)
        except IntegrityError as error:
            constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
            if constraint == "booking_client_key_once":
                return _same_request(wanted)
            if constraint == "booking_once_per_person_and_rule":
                return _replay(wanted) or _refuse(rules.already_booked(wanted.slot.offering))
            if constraint != "booking_code_once":
                raise
            continue
        if booked is not None:
            messages.nudge()
        return booked
    raise IntegrityError("no free booking code was found")


def new_code():
    """A booking code: ten characters, 25**10 of them, unlike one another to eye and ear."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def _draft(slot, heads, by, client_key, person, contact, note, on_behalf, now):
    phone = (contact.phone if contact else person.phone if person else "") or None
    offering = slot.offering
    reviewed = offering.needs_review and not on_behalf
    return Booking(
        slot=slot,
        station=offering.station,
        person=person,
        contact_name=contact.name if contact else person.name,
        contact_phone=phone,
        contact_phone_index=crypto.blind_index("phone", phone) if phone else None,
        heads=heads,
        note=note,
        state=BookingState.PENDING if reviewed else BookingState.CONFIRMED,
        once_key=rules.once_key(offering, slot, who_is(by, client_key, person, contact, on_behalf)),
        client_key=client_key,
        by=by,
        on_behalf=on_behalf,
        created_at=now,
    )


def who_is(by, client_key, person, contact, on_behalf):
    """Whose bookings are counted together: a file, else a phone, else this request alone."""
    if person is not None:
        return f"p{person.pk}"
    if not on_behalf and by.phone_index:
        return f"c{by.phone_index}"
    if contact.phone:
        return f"c{crypto.blind_index('phone', contact.phone)}"
    return f"k{by.pk}.{client_key}"


def _answer_to_pass(slot, heads, on_behalf, now, person, wanted):
    """Apply the rules; a request repeated after its time still gets its booking."""
    refusal = rules.refusal_to_book(slot, heads=heads, on_behalf=on_behalf, now=now, person=person)
    if refusal is None:
        return None
    return _replay(wanted) or _refuse(refusal)


def _take(booking, begins_after):
    """Run the statement; returns the saved booking, or None when the place was not to be had."""
    sql, params = _statement(booking, begins_after)
    # Alone, the statement is its own transaction; inside one, an error must not spoil the rest.
    if connection.in_atomic_block:
        with transaction.atomic():
            row = _run(sql, params)
    else:
        row = _run(sql, params)
    if row is None:
        return None
    booking.pk = row[0]
    booking._state.adding = False
    booking._state.db = connection.alias
    return booking


def _run(sql, params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()


def _statement(booking, begins_after):
    """The statement and its parameters; each message is one more INSERT of it."""
    params = {"slot": booking.slot_id, "heads": booking.heads, "begins_after": begins_after}
    inserts = [
        _insert("booked", Booking, column_values(booking), params, source="place"),
        _insert("trail", audit.AuditEntry, _trail(booking), params, target_id="booked.id::text"),
    ]
    for number, values in enumerate(_messages(booking)):
        inserts.append(
            _insert(f"told{number}", messages.Message, values, params, about_id="booked.id::text")
        )
    ctes = ",\n".join(inserts)
    sql = f"""WITH place AS (
        UPDATE services_slot SET taken = taken + %(heads)s
        WHERE id = %(slot)s AND closed_at IS NULL AND starts_at > %(begins_after)s
          AND taken + %(heads)s <= capacity {_while_acting(booking, params)}
        RETURNING id
    ),
    {ctes}
    SELECT id FROM booked"""  # noqa: S608  table and column names are our models'
    return sql, params


def _while_acting(booking, params):
    """For another, only while that proxy stands: it may have ended since it was looked at."""
    if booking.proxy_id is None or booking.state == BookingState.OFFERED:
        return ""
    params |= {"proxy": booking.proxy_id, "acting": ProxyState.ACTIVE}
    return "AND EXISTS (SELECT FROM services_proxy WHERE id = %(proxy)s AND state = %(acting)s)"


def _insert(name, model, values, params, *, source="booked", **expressions):
    """`name AS (INSERT INTO … SELECT … FROM source RETURNING id)`; adds its values to `params`."""
    selected = []
    for column, value in values.items():
        if column in expressions:
            selected.append(expressions[column])
            continue
        params[f"{name}_{column}"] = value
        selected.append(f"%({name}_{column})s")
    columns, select = ", ".join(values), ", ".join(selected)
    table = model._meta.db_table
    return f"{name} AS (INSERT INTO {table} ({columns}) SELECT {select} FROM {source} RETURNING id)"  # noqa: S608


def _trail(booking):
    held = booking.state == BookingState.OFFERED
    return audit.entry_values(
        "services.booking_held" if held else "services.booking_booked",
        booking,
        by=None if held else booking.by,
        station=booking.station,
        on_behalf_of=booking.contact_name if held or booking.on_behalf else "",
        detail={"slot": booking.slot_id, "heads": booking.heads, "state": booking.state},
    )


def _messages(booking):
    if booking.state == BookingState.OFFERED:
        return []
    said = notifications.everybody(
        booking,
        notifications.booked,
        kind=notifications.BOOKED,
        about=booking,
        not_after=booking.slot.ends_at,
    )
    return [row for each in said for row in messages.message_values(**each)]


def _replay(wanted):
    """The booking that the same client key made before, or None."""
    made = Booking.objects.with_slot().filter(by=wanted.by, client_key=wanted.client_key)
    earlier = made.first()
    if earlier is None:
        return None
    content = ("slot_id", "heads", "person_id", "contact_name", "contact_phone_index")
    if any(getattr(earlier, name) != getattr(wanted, name) for name in content):
        raise rules.BookingConflictError(
            "这次提交的编号已用于另一个预约。请回到选时段的页面重新开始。",
            code="client_key_reused",
            field="client_key",
        )
    earlier.replayed = True
    return earlier


def _same_request(wanted):
    """The index told us that the key is taken, so its booking is there."""
    return _replay(wanted) or _refuse(
        rules.BookingConflictError("这次提交正在处理，请稍等片刻再看。", code="in_progress")
    )


def _why_not(slot, heads, begins_after):
    """The reason, read afresh after the statement found nothing to take."""
    slot = Slot.objects.with_rules().filter(pk=slot.pk).first()
    if slot is None:
        return rules.BookingConflictError(
            "站点刚刚调整了时间，这个时段没有了，请另选时段。", code="slot_gone", field="slot"
        )
    if slot.closed_at is not None:
        return rules.slot_closed(slot)
    if slot.starts_at <= begins_after:
        return rules.BookingRefusedError(
            "这个时段已经不能预约了，请选择晚一些的时段。", code="too_late", field="slot"
        )
    return rules.slot_full(slot.places_left, heads)


def _refuse(refusal):
    raise refusal

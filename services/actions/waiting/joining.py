"""Getting on the list: only while there is no place, once per person and day."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from services import booking_rules, waiting_rules
from services.actions.bookings.passing import record
from services.actions.bookings.taking import who_is
from services.enums import COUNTED_STATES, OncePer
from services.models import Booking, Proxy, Slot, WaitingEntry
from services.notices import waiting as notices


def join(
    *,
    offering,
    day,
    heads,
    by,
    client_key,
    slot=None,
    person=None,
    contact=None,
    on_behalf=False,
    proxy=None,
    now=None,
):
    """Put a person's file or a contact on the list of a day, or of one slot; returns the entry.

    The slots are locked meanwhile, so that no place becomes free unseen. `client_key` repeated
    with the same content gives the entry made before, with another it is refused (`client_key_reused`). Staff may join somebody without a phone: the station calls them.
    `proxy` is by what right a citizen does it for another. Raises WaitingConflictError `places_left` (book instead), `already_waiting`, or
    WaitingRefusedError with the rule; BookingRefusedError for what could not be booked either.
    """
    now = now or timezone.now()
    if person is None and not (contact and contact.name.strip()):
        raise waiting_rules.WaitingRefusedError(
            "请填写来办事的人的姓名。", code="contact_missing", field="contact_name"
        )
    who = who_is(by, client_key, person, contact, on_behalf)
    entry = WaitingEntry(
        offering=offering, station=offering.station, day=day, slot=slot, person=person,
        contact_name=contact.name if contact else person.name,
        contact_phone=(contact.phone if contact else person.phone) or None,
        heads=heads, by=by, on_behalf=on_behalf, proxy=proxy, who=who, client_key=client_key,
        rank=_rank(now), joined_at=now,
    )  # fmt: skip
    if earlier := _replay(entry):
        return earlier
    _refuse_by_rules(offering, day, slot, heads, person)
    _refuse_by_proxy(proxy, by, person)
    try:
        with transaction.atomic():
            _refuse_by_places(offering, day, slot, heads, who, now)
            entry.save(force_insert=True)
            record("services.waiting_joined", entry, by=by, day=day.isoformat(), heads=heads)
            notices.tell_joined(entry, now=now)
    except IntegrityError as error:
        if "waiting_once_per_person_and_day" in str(error):
            raise waiting_rules.already_waiting() from error
        if "waiting_client_key_once" in str(error):
            return _replay(entry)
        raise
    return entry


def _replay(wanted):
    """The entry that the same client key made before, or None; with other content it is refused."""
    earlier = WaitingEntry.objects.filter(by=wanted.by, client_key=wanted.client_key).first()
    content = (
        "offering_id", "day", "slot_id", "heads", "person_id", "contact_name", "contact_phone",
    )  # fmt: skip
    if earlier and any(getattr(earlier, name) != getattr(wanted, name) for name in content):
        raise waiting_rules.WaitingConflictError(
            "这次提交的编号已用于另一次候补。请回到选日期的页面重新开始。",
            code="client_key_reused",
            field="client_key",
        )
    return earlier


def _rank(now):
    """Microseconds since 1970: whoever comes first is first."""
    return int(now.timestamp() * 1_000_000)


def _refuse_by_rules(offering, day, slot, heads, person):
    station = offering.station
    if not station.is_active(day):
        raise waiting_rules.WaitingRefusedError(
            f"{station.name}当天不提供服务，请选择其他站点，或拨打12345。", code="station_closed"
        )
    if not (offering.waiting_list and offering.is_open):
        raise waiting_rules.no_list(offering)
    if slot is not None and (slot.offering_id != offering.pk or slot.day != day):
        raise waiting_rules.WaitingRefusedError(
            "这个时段不在这一天，请重新选择。", code="other_day", field="slot"
        )
    refusal = booking_rules.refusal_by_party(offering, heads)
    if refusal := refusal or booking_rules.refusal_by_file(person):
        raise refusal


def _refuse_by_proxy(proxy, by, person):
    if proxy is not None and (person is None or Proxy.objects.acting(by, person) != proxy):
        raise waiting_rules.WaitingRefusedError(
            "您现在不能为这位家人办理，代办关系可能已经到期。请到“我代办的家人”查看。",
            code="no_proxy",
        )


def _refuse_by_places(offering, day, slot, heads, who, now):
    """Look with the slots locked: something to wait for, no place that could be booked at once."""
    slots = Slot.objects.with_rules().filter(offering=offering).on_day(day)
    if slot is not None:
        slots = slots.filter(pk=slot.pk)
    slots = list(slots.select_for_update(of=("self",), no_key=True).order_by("pk"))
    open_ = [each for each in slots if waiting_rules.can_be_offered(each, now)]
    if not open_:
        raise waiting_rules.too_late(offering)
    most = max(each.capacity for each in open_)
    if heads > most:
        raise waiting_rules.too_many(most)
    for each in open_:
        if each.places_left >= heads:
            raise waiting_rules.places_left(each)
    keys = {booking_rules.once_key(offering, each, who) for each in slots}
    booked = Booking.objects.filter(once_key__in=keys, state__in=COUNTED_STATES).count()
    if booked and (offering.once_per != OncePer.SLOT or booked == len(keys)):
        raise booking_rules.already_booked(offering)

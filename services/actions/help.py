"""请帮我办: somebody without an account asks to be called back by a station."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.enums import Channel
from accounts.messages import tell
from accounts.models import AuditEntry, Message
from services.enums import Tier
from services.models import CalendarDay, Posting, Station
from services.wayfinding import chain, stations_named_in
from veterans_portal import crypto
from veterans_portal.chinese_dates import day as day_in_words
from veterans_portal.errors import DomainError

ACT = "services.help_asked"


@transaction.atomic
def ask_for_help(*, name, phone, matter="", place="", station=None, by=None, request=None):
    """Tell the staff of the nearest station to call back; returns {"station", "call_by"}.

    `station` is one the person chose, else `place` is read as an address; where it names no
    station the city's centre takes it. A second call for the same number on one day reaches the
    same answer and bothers nobody twice. Raises DomainError when too many come from one address
    or no station has staff.
    """
    _refuse_a_flood(request)
    station = station or _station_for(place)
    served_by, staff = _who_answers(station)
    today = timezone.localdate()
    call_by = _next_workday(today)
    occasion = f"help:{crypto.blind_index('phone', phone)}:{today}"
    if not Message.objects.filter(dedupe__startswith=occasion).exists():
        body = f"{name}请您回电：{phone}。住处：{place or station.name}。"
        if matter:
            body += f"想办的事：{matter}。"
        if call_by:
            body += f"请在{day_in_words(call_by)}下班前回电。"
        for member in staff:
            tell(
                to=member,
                kind=ACT,
                title="有人请服务站回电",
                body=body,
                about=served_by,
                dedupe=f"{occasion}:{member.pk}",
                channels=[Channel.INBOX],
            )
        audit.record(
            ACT,
            served_by,
            by=by,
            on_behalf_of=name,
            detail={"staff_told": len(staff)},
            request=request,
        )
    return {"station": served_by, "call_by": call_by}


def _refuse_a_flood(request):
    address = audit.client_address(request) if request is not None else None
    if address is None:
        return
    hour_ago = timezone.now() - timedelta(hours=1)
    asked = AuditEntry.objects.filter(act=ACT, address=address, at__gte=hour_ago).count()
    if asked >= settings.HELP_REQUESTS_PER_HOUR:
        raise DomainError(
            "这一小时里已经有很多人从您这里留言，请过一会儿再留，或直接拨打12345。", code="too_many"
        )


def _station_for(place):
    candidates = stations_named_in(place) if place else []
    if len(candidates) == 1:
        return candidates[0]
    for above in chain(candidates[0])[1:] if candidates else []:
        if all(other.path.startswith(above.path) for other in candidates):
            return above
    city = Station.objects.active().ordinary().filter(tier=Tier.CITY).first()
    if city is None:
        raise DomainError("现在没有服务站可以回电，请直接拨打12345。")
    return city


def _who_answers(station):
    """The nearest station at or above with people posted, and these people."""
    above = chain(station)
    postings = Posting.objects.in_force().filter(station__in=above).select_related("user")
    by_station = {}
    for posting in postings:
        by_station.setdefault(posting.station_id, {})[posting.user_id] = posting.user
    for candidate in above:
        if candidate.pk in by_station:
            return candidate, list(by_station[candidate.pk].values())
    raise DomainError("这一片的服务站还没有开通网上留言，请直接拨打12345。", code="nobody_there")


def _next_workday(today):
    try:
        return CalendarDay.objects.add_workdays(today, 1)
    except DomainError:  # a calendar that ends is no reason not to call back
        return None

"""What of this app waits at the work desk: one query per section."""

from functools import reduce
from operator import or_

from django.conf import settings
from django.db.models import Count, Q, Window
from django.urls import reverse
from django.utils import timezone

from accounts.models import Message
from services import perms
from services.actions.help import ACT
from services.enums import HOLDING_STATES, BookingState, FileState, MatterState, Role, WaitingState
from services.models import (
    Booking,
    ChangeRequest,
    Matter,
    Person,
    RegistrationRequest,
    Transfer,
    WaitingEntry,
)
from services.worklist import SHOWN, Item, Section, reach

BOOKINGS_SHOWN = 12
DISTRICT_DEPTH = 2  # codes in the path of a district's station


def own_sections(user, *, below):
    """Calls to make or return and bookings to agree to, when there are any; matters and requests to check,
    files and corrections to review, files sent back, even empty where the reader's role has the job."""
    scope = perms.scope_of(user)
    roles = {role for _, role in scope.postings}
    now_and_then = (_callbacks(user), _places_to_tell(user, below), _bookings(user, below),
                    _transfers(user, below))  # fmt: skip
    sections = [each for each in now_and_then if each.count]
    if roles & {Role.CLERK, Role.HEAD}:
        sections += [_matters(user, below), _requests(user, below), _sent_back(user, below)]
    if roles & {Role.REVIEWER, Role.HEAD}:
        sections += [_reviews(user, below), _changes(user, below)]
    return sections


def todays_bookings(user, *, below):
    """Today's bookings by time with how many there are in all."""
    rows = reach(Booking.objects.visible_to(user), user, below=below)
    rows = rows.on_day(timezone.localdate()).filter(state__in=HOLDING_STATES).with_slot()
    rows = rows.select_related("station").order_by("slot__starts_at", "pk")
    rows = list(rows.annotate(in_all=_in_all())[:BOOKINGS_SHOWN])
    return {"rows": rows, "count": rows[0].in_all if rows else 0}


def _callbacks(user):
    """Who asked to be called back and has not been read yet; the number stands in the message."""
    rows = Message.objects.inbox_of(user).filter(kind=ACT, read_at__isnull=True)
    rows = list(rows.annotate(in_all=_in_all()).order_by("created_at")[:SHOWN])
    inbox = f"{reverse('accounts:inbox')}?unread=1"
    items = [Item(each.title, "回电", inbox, at=each.created_at) for each in rows]
    return _section("请回电", inbox, items, rows, empty="")


def _places_to_tell(user, below):
    """Places held for people whom no message reaches: somebody has to phone before it is over."""
    rows = reach(WaitingEntry.objects.visible_to(user), user, below=below)
    rows = rows.filter(state=WaitingState.OFFERED).with_told().filter(told=False)
    rows = rows.annotate(in_all=_in_all()).select_related("offering", "station")
    rows = list(rows.order_by("offer_until", "pk")[:SHOWN])
    items = [
        Item(
            title=each.contact_name,
            job="打电话告知有名额",
            url=reverse("services:desk_waiting_day", args=[each.offering_id, each.day]),
            due=timezone.localdate(each.offer_until),
            note=each.station.name if below else each.offering.title,
        )
        for each in rows
    ]
    return _section("请打电话告知候补名额", _address("services:desk_waiting", below), items, rows,
                    empty="")  # fmt: skip


def _bookings(user, below):
    """Bookings that wait for the station's word, each due on the day it is for."""
    now = timezone.now()
    rows = reach(Booking.objects.visible_to(user), user, below=below)
    rows = rows.filter(
        state=BookingState.PENDING, slot__ends_at__gt=now, slot__offering__is_listed=True
    ).with_slot()
    today = Q(slot__starts_at__date=timezone.localdate(now))
    rows = rows.annotate(in_all=_in_all(), today=Window(Count("pk", filter=today)))
    rows = list(rows.select_related("station").order_by("slot__starts_at", "pk")[:SHOWN])
    items = [
        Item(
            title=each.contact_name,
            job="预约审核",
            url=reverse("services:desk_booking", args=[each.code]),
            due=timezone.localdate(each.slot.starts_at),
            note=each.station.name if below else str(each.slot.offering),
        )
        for each in rows
    ]
    return _section("等待审核的预约", _address("services:desk_bookings", below), items, rows,
                    empty="")  # fmt: skip


def _matters(user, below):
    """Matters to check, papers brought in to look at, and those the clock runs for, by their term."""
    today = timezone.localdate()
    rows = reach(Matter.objects.visible_to(user), user, below=below)
    rows = rows.filter(state__in=[MatterState.SUBMITTED, MatterState.ACCEPTED])
    rows = _counted(rows.select_related("kind", "station").by_term(), today, term="term")
    items = [
        Item(
            title=each.applicant_name,
            job=_matter_job(each),
            url=reverse("services:desk_matter", args=[each.number]),
            due=each.term,
            note=each.station.name if below else each.kind.name,
        )
        for each in rows
    ]
    return _section("办件", _address("services:desk_matters", below), items, rows,
                    empty="没有等待办理的办件。")  # fmt: skip


def _matter_job(matter):
    if matter.state == MatterState.ACCEPTED:
        return "办理"
    return "看补正材料" if matter.supplemented_at else "预审"


def _requests(user, below):
    today = timezone.localdate()
    rows = reach(RegistrationRequest.objects.visible_to(user).open(), user, below=below)
    rows = _counted(rows.select_related("station").order_by("due_on", "pk"), today)
    items = [
        Item(
            title=each.name,
            job="登记申请",
            url=reverse("services:desk_request", args=[each.pk]),
            due=each.due_on,
            note=each.station.name if below else "",
        )
        for each in rows
    ]
    return _section("登记申请", _address("services:desk_requests", below), items, rows,
                    empty="没有等待核对的登记申请。")  # fmt: skip


def _sent_back(user, below):
    rows = Person.objects.visible_to(user).filter(state=FileState.DRAFT).exclude(returned_reason="")
    rows = reach(rows, user, below=below).select_related("station")
    rows = list(rows.annotate(in_all=_in_all()).order_by("submitted_at", "pk")[:SHOWN])
    items = [
        Item(each.name, "退回待改", each.get_absolute_url(), note=each.returned_reason)
        for each in rows
    ]
    return _section("退回待改的档案", _waiting(FileState.DRAFT, below), items, rows,
                    empty="没有退回的档案。")  # fmt: skip


def _reviews(user, below):
    rows = _reviewed_here(Person.objects.visible_to(user), user, "station", below)
    rows = rows.filter(state=FileState.SUBMITTED)
    if settings.FILES_ENTERED_BY == "DISTRICT":
        rows |= _to_enter(user)
    rows = rows.exclude(submitted_by=user).select_related("station")
    rows = list(rows.annotate(in_all=_in_all()).order_by("submitted_at", "pk")[:SHOWN])
    items = [
        Item(each.name, "档案审核", each.get_absolute_url(), at=each.submitted_at,
             note=each.station.name)
        for each in rows
    ]  # fmt: skip
    return _section("等待审核的档案", _waiting(FileState.SUBMITTED, True), items, rows,
                    empty="没有等待审核的档案。")  # fmt: skip


def _to_enter(user):
    """Reviewed files that this reader, posted at the district or above, may file."""
    scope = perms.scope_of(user)
    high = [path for path in scope.paths if path.count("/") <= DISTRICT_DEPTH]
    rows = Person.objects.filter(state=FileState.REVIEWED)
    return rows.filter(
        reduce(or_, [Q(station__path__startswith=path) for path in high], Q(pk=None))
    )


def _changes(user, below):
    today = timezone.localdate()
    rows = ChangeRequest.objects.visible_to(user).open().exclude(by=user)
    rows = _reviewed_here(rows, user, "person__station", below)
    rows = _counted(rows.select_related("person__station").order_by("due_on", "pk"), today)
    items = [
        Item(
            title=each.person.name,
            job="信息变更",
            url=each.person.get_absolute_url(),
            due=each.due_on,
            note=each.person.station.name,
        )
        for each in rows
    ]
    return _section("等待审核的信息变更", _waiting(FileState.CHANGE_PENDING, True), items, rows,
                    empty="没有等待审核的信息变更。")  # fmt: skip


def _transfers(user, below):
    """Files on their way that this side answers; those past their term also at the tier above."""
    today, paths = timezone.localdate(), perms.scope_of(user).paths
    seen = Transfer.objects.visible_to(user)
    if below:
        rows = seen.open()
    else:
        rows = seen.to_decide(path__in=paths)
        rows |= seen.to_decide(parent__path__in=paths).filter(due_on__lt=today)
    rows = _counted(rows.select_related("person", "to_station").order_by("due_on", "pk"), today)
    items = [
        Item(each.person.name, "档案转站", reverse("services:desk_transfer", args=[each.pk]),
             due=each.due_on, note=f"转到{each.to_station.name}")
        for each in rows
    ]  # fmt: skip
    return _section("档案转站", reverse("services:desk_transfers"), items, rows, empty="")


def _reviewed_here(rows, user, station, below):
    """Without `below`: files whose next reviewer sits at exactly my station (one tier up)."""
    if below:
        return rows
    paths = perms.scope_of(user).paths
    own = Q(**{f"{station}__path__in": paths})
    under = Q(**{f"{station}__parent__path__in": paths})
    return rows.filter(own | under)


def _in_all():
    return Window(Count("pk"))


def _counted(rows, today, *, term="due_on"):
    late, now = Q(**{f"{term}__lt": today}), Q(**{term: today})
    return list(
        rows.annotate(
            in_all=_in_all(),
            late=Window(Count("pk", filter=late)),
            today=Window(Count("pk", filter=now)),
        )[:SHOWN]
    )


def _section(title, url, items, rows, *, empty):
    first = rows[0] if rows else None
    return Section(
        title=title,
        url=url,
        items=items,
        count=first.in_all if first else 0,
        late=getattr(first, "late", 0),
        today=getattr(first, "today", 0),
        empty=empty,
    )


def _waiting(state, below):
    return f"{reverse('services:desk_search')}?state={state}{'&reach=below' if below else ''}"


def _address(name, below):
    return reverse(name) + ("?reach=below" if below else "")

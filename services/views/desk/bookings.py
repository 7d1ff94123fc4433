"""Bookings at the counter: who comes today, check in by code, book for somebody."""

from datetime import MAXYEAR, MINYEAR, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import messages as notices
from accounts.acts import label
from accounts.models import AuditEntry
from services import notifications
from services.actions import bookings
from services.actions.disclosure import disclose_contact
from services.booking_rules import BookingRefusedError, refusal_to_check_in, require_general
from services.enums import HOLDING_STATES, BookingState, CancelledAs
from services.forms.bookings import CodeForm, DeskBookingForm
from services.forms.network import clean_text
from services.forms.reasons import ReasonForm
from services.models import Arrival, Booking, Offering, Person, Slot
from services.perms import scope_of
from veterans_portal.errors import DomainError

PER_PAGE = 100
ON_PAPER = 500


@require_safe
def day(request):
    """Bookings of one day, by time and window; at first those of my own stations."""
    context = _day_context(request)
    page = Paginator(context["bookings"], PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "services/desk/booking_day.html", context | {"page_obj": page})


@require_safe
def day_paper(request):
    """The same list to print, for a counter without a screen."""
    context = _day_context(request)
    context["bookings"] = context["bookings"][:ON_PAPER]
    return render(request, "services/desk/booking_day_paper.html", context)


def _day_context(request):
    scope = scope_of(request.user)
    if not scope.postings:
        raise Http404
    on = day_of(request.GET.get("day"))
    below = request.GET.get("reach") == "below"
    mine = Booking.objects.visible_to(request.user).on_day(on).with_slot()
    waiting = Booking.objects.visible_to(request.user).filter(
        state=BookingState.PENDING,
        slot__ends_at__gt=timezone.now(),
        slot__offering__is_listed=True,
    )
    if not below:
        mine = mine.filter(station__path__in=scope.paths)
        waiting = waiting.filter(station__path__in=scope.paths)
    state = request.GET.get("state", "")
    if state in BookingState.values:
        shown = mine.filter(state=state)
    else:
        shown = mine.exclude(state=BookingState.CANCELLED)
    totals = mine.filter(state__in=HOLDING_STATES).aggregate(heads=Sum("heads"))
    return {
        "day": on,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
        "is_today": on == timezone.localdate(),
        "below": below,
        "state": state,
        "states": BookingState.choices,
        "heads": totals["heads"] or 0,
        "waiting": waiting.count(),
        "first_waiting": waiting.order_by("slot__starts_at").first(),
        "bookings": shown.order_by("slot__starts_at", "slot__offering__window__number", "pk"),
    }


def day_of(text):
    """The day that an address names, else today; the calendar's outermost years name none."""
    try:
        on = parse_date(text or "")
    except ValueError:
        on = None
    has_neighbours = on is not None and MINYEAR < on.year < MAXYEAR
    return on if has_neighbours else timezone.localdate()


def _booking(request, code):
    mine = Booking.objects.visible_to(request.user).with_slot().select_related("person", "by")
    if not request.user.is_staff_member:
        raise Http404
    return get_object_or_404(mine, code=bookings.normal_code(code))


@require_safe
def detail(request, code):
    """One booking: state, who, when, what can be done now, what happened."""
    return _detail_page(request, _booking(request, code))


def _detail_page(request, booking, **more):
    now = timezone.now()
    history = AuditEntry.objects.about(booking)
    context = {
        "booking": booking,
        "slot": booking.slot,
        "offering": booking.slot.offering,
        "station": booking.slot.offering.station,
        "can_check_in": refusal_to_check_in(booking, now=now) is None,
        "can_note_no_show": booking.state == BookingState.CONFIRMED
        and booking.slot.starts_at <= now,
        "reason_form": ReasonForm(length=100),
        "ticket": _ticket(booking),
        "unconfirmed": notices.unconfirmed_about(booking),
        "history": [
            {
                "at": each.at,
                "title": label(each.act),
                "by": each.actor_name or "系统",
                "body": each.detail.get("reason", ""),
            }
            for each in history
        ],
    }
    return render(request, "services/desk/booking_detail.html", context | more)


def _ticket(booking):
    """The party's visit to the hall, None before it came or where nobody waits at a window."""
    return Arrival.objects.filter(booking=booking).first() if booking else None


def _let_go(*, booking, by):
    bookings.let_go(booking=booking, by=by, reason="这个时间不合适", as_=CancelledAs.CITIZEN)


ACTS = {
    "confirm": (bookings.confirm, "已通过审核，已告知对方。"),
    "check-in": (bookings.check_in, "已签到。"),
    "serve": (bookings.serve, "已记为办结。"),
    "no-show": (bookings.mark_no_show, "已记为未到场。"),
    "take": (bookings.take_held, "已约下，请告诉对方预约码。"),
    "let-go": (_let_go, "名额已让给下一位。"),
}
ACTS_WITH_REASON = {
    "reject": (bookings.reject, "已退回，已告知对方。"),
    "cancel": (None, "已取消，已告知对方。"),
}


@require_POST
def act(request, code, act):
    """Do one act with a booking and return to where it was asked."""
    booking = _booking(request, code)
    if act == "phone":
        return _show_phone(request, booking)
    try:
        done = _do(act, booking, request)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{booking.contact_name}：{_truly(done, booking)}")
    if request.POST.get("back") == "day":
        on = booking.slot.day.isoformat()
        return redirect(f"{reverse('services:desk_bookings')}?day={on}")
    return redirect("services:desk_booking", code=booking.code)


def _truly(done, booking):
    """What was done, without saying that somebody was told whom no message can reach."""
    reached = notifications.told(booking, ("", ""), kind=notifications.CANCELLED)
    return done if reached else done.replace("已告知对方", "没有留手机号，请当面或打电话告知")


def _do(act, booking, request):
    require_general(booking)
    if act in ACTS:
        perform, done = ACTS[act]
        perform(booking=booking, by=request.user)
        return done
    if act not in ACTS_WITH_REASON:
        raise Http404
    perform, done = ACTS_WITH_REASON[act]
    reason = clean_text(request.POST.get("reason", ""))
    if perform:
        perform(booking=booking, by=request.user, reason=reason)
    else:
        bookings.cancel(booking=booking, by=request.user, reason=reason, as_=CancelledAs.STATION)
    return done


def _show_phone(request, booking):
    """The whole number, once, with a reason that is written down (`domain.md` D.5)."""
    form = ReasonForm(request.POST, length=100)
    if not form.is_valid():
        messages.error(request, "查看完整手机号须写明原因。")
        return redirect("services:desk_booking", code=booking.code)
    reason = form.cleaned_data["reason"]
    phone = disclose_contact(booking=booking, by=request.user, reason=reason)
    return _detail_page(request, booking, whole_phone=phone)


@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request):
    """One field, Enter: typed or scanned. The next code can follow at once."""
    if not scope_of(request.user).postings:
        raise Http404
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        booking = _in_scope(request, form.cleaned_data["code"])
        if booking is None:
            form.add_error("code", "没有找到这个预约码。请核对，或按姓名在当天名单里找。")
        else:
            try:
                require_general(booking)
                bookings.check_in(booking=booking, by=request.user)
            except DomainError as error:
                form.add_error("code", error.message)
            else:
                return redirect(f"{reverse('services:desk_checkin')}?done={booking.code}")
    done = _in_scope(request, request.GET.get("done")) if request.method != "POST" else None
    failed = _in_scope(request, form.cleaned_data.get("code")) if form.errors else None
    context = {"form": form, "done": done, "failed": failed, "ticket": _ticket(done)}
    return render(request, "services/desk/booking_check_in.html", context)


def _in_scope(request, code):
    code = bookings.normal_code(code)
    mine = Booking.objects.visible_to(request.user).with_slot()
    return mine.filter(code=code).first() if code else None


@require_http_methods(["GET", "HEAD", "POST"])
def book(request):
    """Book for a person's file (`?person=`) or for whoever stands there: slot first, then who."""
    if not scope_of(request.user).postings:
        raise Http404
    person = _person(request)
    slots = Slot.objects.visible_to(request.user).with_rules().filter(offering__is_listed=True)
    chosen = slots.filter(pk=whole_number(request.GET.get("slot"))).first()
    if chosen is None and request.method != "POST":
        return _choose_slot(request, person)
    form = DeskBookingForm(
        request.POST if request.method == "POST" else None, slots=slots, person=person,
        initial={"slot": chosen, "heads": chosen.offering.party_min if chosen else 1},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            booking = bookings.book(
                slot=form.cleaned_data["slot"], heads=form.cleaned_data["heads"],
                by=request.user, client_key=form.cleaned_data["client_key"], person=person,
                contact=form.contact, note=form.cleaned_data["note"], on_behalf=True,
            )  # fmt: skip
        except BookingRefusedError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, f"预约好了，预约码 {booking.spoken_code}，请告诉来人。")
            return redirect("services:desk_booking", code=booking.code)
    slot = chosen or form.cleaned_data.get("slot")
    if slot is None:
        return _choose_slot(request, person)
    context = {"form": form, "slot": slot, "offering": slot.offering,
               "station": slot.offering.station, "person": person,
               "back_url": f"{reverse('services:desk_book')}?{_query(person, slot)}"}  # fmt: skip
    return render(request, "services/desk/booking_new.html", context)


def _query(person, slot):
    of_person = f"person={person.pk}&" if person else ""
    return f"{of_person}offering={slot.offering_id}&day={slot.day.isoformat()}"


def _person(request):
    number = whole_number(request.GET.get("person"))
    if number is None:
        return None
    files = Person.objects.visible_to(request.user).select_related("account", "station")
    return get_object_or_404(files, pk=number)


def whole_number(text):
    """A row's number from an address; None when it cannot be one."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _choose_slot(request, person):
    """Offerings of my stations (or of the person's), the days ahead, the slots of one day."""
    now = timezone.now()
    offerings = Offering.objects.visible_to(request.user).open().listed()
    offerings = offerings.select_related("station", "window")
    near = Q(station__path__in=scope_of(request.user).paths)
    if person is not None:
        near |= Q(station=person.station_id)
    nearby = list(offerings.filter(near).order_by("station__path", "title")[:60])
    wanted = offerings.filter(pk=whole_number(request.GET.get("offering"))).first()
    offering = wanted or (nearby[0] if nearby else None)
    on = day_of(request.GET.get("day"))
    slots = Slot.objects.filter(offering=offering, closed_at__isnull=True, ends_at__gt=now)
    days = sorted({slot.day for slot in slots.only("starts_at")})
    if on not in days and days:
        on = days[0]
    context = {
        "person": person,
        "offerings": nearby,
        "offering": offering,
        "days": days,
        "day": on,
        "slots": slots.on_day(on).order_by("starts_at"),
    }
    return render(request, "services/desk/booking_choose.html", context)

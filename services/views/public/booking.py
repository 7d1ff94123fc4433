"""Booking by citizens: find a day, take a slot, check, confirm, carry the code away."""

import io
from datetime import timedelta

import segno
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_safe

from services import calendar_files, notifications, waiting_rules
from services.actions import bookings, proxies
from services.booking_rules import BookingRefusedError, earliest_start
from services.enums import COMING_STATES, BookingState
from services.forms.bookings import BookingForm
from services.models import Booking, Offering, Person, Slot
from services.views.acting import acting_by, carried

# Refusals after which another slot helps.
GONE = {
    "slot_full", "slot_closed", "slot_gone", "slot_started", "too_late", "too_early",
    "out_of_season",
}  # fmt: skip


@login_not_required
@require_safe
def book_slots(request, pk):
    """Days with places, and the slots of the chosen day. Public: who may come sees what is free."""
    offering = get_object_or_404(
        Offering.objects.listed().select_related("station", "window", "item"), pk=pk
    )
    now = timezone.now()
    if not offering.station.is_active(timezone.localdate(now)):
        raise Http404
    days = _days(offering, now)
    chosen = _chosen_day(request.GET.get("day"), days)
    context = {
        "offering": offering,
        "station": offering.station,
        "days": days,
        "chosen": chosen,
        "move": _booking_to_move(request, offering),
    } | carried(request)
    return render(request, "services/public/booking_slots.html", context)


def _days(offering, now):
    """`[{"day", "slots", "left", "waits", "shut"}]` of the slots ahead, full and closed ones too.

    `shut` is why nothing is served on a day of which every slot was closed, else "".
    """
    slots = (
        Slot.objects.filter(offering=offering, starts_at__gt=now)
        .filter(starts_at__lt=now + timedelta(days=offering.horizon_days + 1))
        .order_by("starts_at")
    )
    begins_after = now + timedelta(minutes=offering.lead_minutes)
    days = {}
    for slot in slots:
        slot.offering = offering
        open_ = slot.closed_at is None and offering.is_open and slot.starts_at > begins_after
        slot.left = slot.places_left if open_ else 0
        waits = offering.waiting_list and not slot.places_left
        slot.can_be_waited_for = waits and waiting_rules.can_be_offered(slot, now)
        entry = days.setdefault(slot.day, {"day": slot.day, "slots": [], "left": 0, "waits": False})
        entry["slots"].append(slot)
        entry["left"] += slot.left
        entry["waits"] |= slot.can_be_waited_for
    for entry in days.values():
        closed = [slot.closed_reason for slot in entry["slots"] if slot.closed_at is not None]
        entry["shut"] = closed[0] if len(closed) == len(entry["slots"]) else ""
    return list(days.values())


def _chosen_day(text, days):
    """The day asked for, else the first one with places, else the first."""
    try:
        wanted = parse_date(text or "")
    except ValueError:
        wanted = None
    by_day = {entry["day"]: entry for entry in days}
    with_places = (entry for entry in days if entry["left"])
    return by_day.get(wanted) or next(with_places, None) or (days[0] if days else None)


def _booking_to_move(request, offering):
    """The citizen's own coming booking named by `?move=`, when it is of this offering."""
    code = bookings.normal_code(request.GET.get("move"))
    if not code or not request.user.is_authenticated:
        return None
    mine = Booking.objects.visible_to(request.user).with_slot().filter(code=code).first()
    right = mine is not None and mine.is_coming and mine.slot.offering_id == offering.pk
    return mine if right else None


@require_http_methods(["GET", "HEAD", "POST"])
def book(request, pk):
    """The form, its check page (step=check), and the booking itself (step=book)."""
    slot = get_object_or_404(Slot.objects.with_rules(), pk=pk, offering__is_listed=True)
    if request.user.is_staff_member:
        return redirect(f"{reverse('services:desk_book')}?slot={slot.pk}")
    if not request.user.is_citizen:
        raise PermissionDenied
    proxy = acting_by(request, proxies.people_of(request.user))
    person = proxy.person if proxy else Person.objects.of_account(request.user).first()
    details = {"offering": slot.offering, "person": person, "user": request.user}
    if request.method != "POST":
        return _form_page(request, slot, BookingForm(**details))
    form = BookingForm(request.POST, **details)
    if not form.is_valid() or request.POST.get("step") == "change":
        return _form_page(request, slot, form)
    if request.POST.get("step") != "book":
        return _check_page(request, slot, form)
    try:
        booking = bookings.book(
            slot=slot,
            heads=form.cleaned_data["heads"],
            by=request.user,
            client_key=form.cleaned_data["client_key"],
            person=person,
            contact=form.contact,
            note=form.cleaned_data["note"],
            proxy=proxy,
        )
    except BookingRefusedError as refusal:
        return _form_page(request, slot, form, refusal)
    return redirect(f"{booking.get_absolute_url()}?new=1")


def _for_whom(request):
    """What both pages say about it, and what keeps it in their addresses."""
    acts_for = proxies.people_of(request.user)
    proxy = acting_by(request, acts_for)
    return {"acts_for": acts_for, "proxy": proxy, "for_whom": f"?for={proxy.pk}" if proxy else ""}


def _form_page(request, slot, form, refusal=None):
    now = timezone.now()
    if refusal is not None:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    gone = refusal.code in GONE if refusal is not None else not _is_bookable(slot, now)
    heads = form.cleaned_data.get("heads", 1) if form.is_bound else 1
    mine = Booking.objects.visible_to(request.user).filter(slot=slot, state__in=COMING_STATES)
    context = {
        "own": mine.first(),
        "slot": slot,
        "offering": slot.offering,
        "station": slot.offering.station,
        "form": form,
        "gone": gone,
        "refused": refusal is not None,
        "already": refusal is not None and refusal.code == "already_booked",
        "nearest": Slot.objects.near(slot, heads=heads, now=now) if gone else [],
        **_for_whom(request),
    }
    status = 409 if refusal is not None else 200
    return render(request, "services/public/booking_form.html", context, status=status)


def _is_bookable(slot, now):
    begins_after = earliest_start(
        slot, lead_minutes=slot.offering.lead_minutes, on_behalf=False, now=now
    )
    open_ = slot.closed_at is None and slot.offering.is_open
    return open_ and slot.starts_at > begins_after and slot.places_left > 0


def _check_page(request, slot, form):
    context = {
        "slot": slot,
        "offering": slot.offering,
        "station": slot.offering.station,
        "form": form,
        "person": form.person,
        **_for_whom(request),
    }
    return render(request, "services/public/booking_check.html", context)


def citizens_booking(request, code):
    """The booking with this code, when it is the citizen's own; Http404 otherwise."""
    if not request.user.is_citizen:
        raise Http404
    mine = Booking.objects.visible_to(request.user).with_slot()
    return get_object_or_404(mine, code=bookings.normal_code(code))


@require_safe
def booking(request, code):
    """One's own booking; fresh from booking (`?new=1`) it is the confirmation."""
    if request.user.is_staff_member:
        return redirect("services:desk_booking", code=code)
    mine = citizens_booking(request, code)
    now = timezone.now()
    context = {
        "booking": mine,
        "slot": mine.slot,
        "offering": mine.slot.offering,
        "station": mine.slot.offering.station,
        "sentence": notifications.sentence(mine, own=mine.by_id != request.user.pk),
        "fresh": "new" in request.GET and mine.is_coming,
        "ahead": mine.is_coming and mine.slot.ends_at > now,
        "held": mine.state == BookingState.OFFERED and mine.held_until > now,
    }
    return render(request, "services/public/booking_detail.html", context)


def _booked(request, code):
    """The same, when it is more than a place held: what one carries away shows a booking."""
    mine = citizens_booking(request, code)
    if mine.state == BookingState.OFFERED:
        raise Http404
    return mine


@require_safe
def booking_paper(request, code):
    """The sheet to carry to the counter."""
    mine = _booked(request, code)
    context = {"booking": mine, "slot": mine.slot, "offering": mine.slot.offering,
               "station": mine.slot.offering.station, "back_url": mine.get_absolute_url()}  # fmt: skip
    return render(request, "services/public/booking_paper.html", context)


@require_safe
def booking_qr(request, code):
    """The code as a picture that counters scan; it holds the code and nothing else."""
    mine = _booked(request, code)
    picture = io.BytesIO()
    segno.make(mine.code, error="m").save(
        picture, kind="svg", scale=6, border=2, dark="#000", light="#fff"
    )
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


@require_safe
def booking_calendar(request, code):
    """The appointment as a file for the calendar of a phone."""
    mine = _booked(request, code)
    response = HttpResponse(calendar_files.event(mine), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="booking-{mine.code}.ics"'
    return response

"""The waiting list for citizens: get on it, leave it, say yes or no to a place that is held."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.perms import is_citizen, only
from services import waiting_rules
from services.actions import bookings, proxies, waiting
from services.booking_rules import duration
from services.enums import CancelledAs
from services.forms.fields import add_refusal
from services.forms.waiting import WaitingForm
from services.models import Offering, Person, Slot, WaitingEntry
from services.views.acting import acting_by
from services.views.public.booking import citizens_booking
from veterans_portal.errors import DomainError


def waited_slots(offering, day):
    """Slots of a day for which a place could still be offered."""
    now = timezone.now()
    slots = Slot.objects.with_rules().filter(offering=offering).on_day(day).order_by("starts_at")
    return [slot for slot in slots if waiting_rules.can_be_offered(slot, now)]


@require_http_methods(["GET", "HEAD", "POST"])
@only(is_citizen)
def join(request, pk, day):
    """How many, any time of the day or one slot (`?slot=`), for oneself or another (`?for=`), then straight onto the list."""
    offering = get_object_or_404(
        Offering.objects.listed().select_related("station", "window"), pk=pk
    )
    slots = waited_slots(offering, day)
    acts_for = proxies.people_of(request.user)
    proxy = acting_by(request, acts_for)
    person = proxy.person if proxy else Person.objects.own_file(request.user)
    form = WaitingForm(
        request.POST if request.method == "POST" else None,
        offering=offering, slots=slots, person=person, user=request.user,
        initial={"slot": request.GET.get("slot", "")},
    )  # fmt: skip
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            waiting.join(
                offering=offering, day=day, slot=form.cleaned_data["slot"],
                heads=form.cleaned_data["heads"], by=request.user,
                client_key=form.cleaned_data["client_key"], person=person, contact=form.contact,
                proxy=proxy,
            )  # fmt: skip
        except DomainError as error:
            refusal = error
            add_refusal(form, error)
        else:
            messages.success(request, "已加入候补。有人取消时会为您保留名额，并发消息告诉您。")
            return redirect("services:my_bookings")
    context = {
        "acts_for": acts_for, "proxy": proxy,
        "form": form, "offering": offering, "station": offering.station, "day": day,
        "may_wait": bool(slots) and offering.waiting_list and offering.is_open, "refusal": refusal,
        "ahead": WaitingEntry.objects.in_turn().filter(offering=offering, day=day).count(),
        "held_for": duration(offering.offer_minutes),
    }  # fmt: skip
    return render(request, "services/me/waiting_join.html", context, status=409 if refusal else 200)


@require_POST
def leave(request, pk):
    """One tap: off the list; a place that was held goes to the next."""
    entry = _own_entry(request, pk)
    return _answered(
        request, lambda: waiting.leave(entry=entry, by=request.user), "好的，已退出候补。"
    )


@require_POST
def take(request, code):
    """One tap: the held place is the booking."""
    booking = citizens_booking(request, code)
    try:
        bookings.take_held(booking=booking, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("services:my_bookings")
    return redirect(f"{booking.get_absolute_url()}?new=1")


@require_POST
def let_go(request, code):
    """One tap: not this time; who waits for the whole day waits on."""
    booking = citizens_booking(request, code)
    return _answered(
        request,
        lambda: bookings.let_go(
            booking=booking, by=request.user, reason="这个时间不合适", as_=CancelledAs.CITIZEN
        ),
        "好的，这个名额已让给别人。",
    )


def _own_entry(request, pk):
    if not request.user.is_citizen:
        raise Http404
    return get_object_or_404(WaitingEntry.objects.visible_to(request.user), pk=pk)


def _answered(request, deed, done):
    try:
        deed()
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return redirect("services:my_bookings")

"""My bookings: what is coming, what was, cancel, another time."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from services.actions import bookings
from services.booking_rules import BookingRefusedError, refusal_to_cancel
from services.enums import BookingState
from services.forms.bookings import CitizenCancelForm
from services.models import Booking, Slot, WaitingEntry
from services.views.public.booking import citizens_booking

PER_PAGE = 20


@require_safe
def my_bookings(request):
    """Held places to answer first, what one waits for, coming ones in full, past ones by pages."""
    if not request.user.is_citizen:
        raise Http404
    mine = Booking.objects.visible_to(request.user).with_slot()
    coming = list(mine.coming())
    past = mine.exclude(pk__in=[each.pk for each in coming]).exclude(state=BookingState.OFFERED)
    page = Paginator(past.order_by("-slot__starts_at"), PER_PAGE)
    waiting = WaitingEntry.objects.visible_to(request.user).in_turn().with_place()
    context = {
        "held": mine.held(),
        "waiting": waiting.with_offering().order_by("day", "pk"),
        "coming": coming,
        "page_obj": page.get_page(request.GET.get("page")),
    }
    return render(request, "services/me/booking_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request, code):
    """Ask for the reason, then cancel."""
    mine = citizens_booking(request, code)
    form = CitizenCancelForm(request.POST or None)
    refusal = refusal_to_cancel(mine, now=timezone.now())
    if request.method == "POST" and form.is_valid():
        try:
            bookings.cancel(booking=mine, by=request.user, reason=form.cleaned_data["reason"])
        except BookingRefusedError as error:
            refusal = error
        else:
            messages.success(request, "预约已经取消，名额已让给别人。需要时可以重新预约。")
            return redirect(mine)
    context = {"booking": mine, "form": form, "refusal": refusal, "slot": mine.slot,
               "offering": mine.slot.offering, "station": mine.slot.offering.station}  # fmt: skip
    return render(request, "services/me/booking_cancel.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request, code, pk):
    """Compare the old and the new time, then move."""
    mine = citizens_booking(request, code)
    slot = get_object_or_404(Slot.objects.with_rules(), pk=pk, offering=mine.slot.offering_id)
    refusal = None
    if request.method == "POST":
        try:
            bookings.move(booking=mine, to=slot, by=request.user)
        except BookingRefusedError as error:
            refusal = error
        else:
            messages.success(request, "时间已经改好，预约码不变。")
            return redirect(mine)
    context = {
        "booking": mine,
        "before": mine.slot,
        "slot": slot,
        "offering": slot.offering,
        "station": slot.offering.station,
        "refusal": refusal,
        "other_url": f"{reverse('services:book_slots', args=[slot.offering_id])}?move={mine.code}",
    }
    return render(request, "services/me/booking_change.html", context)

"""What my station offers for booking: rules, hours, slots; closing a slot or a day."""

from itertools import groupby

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from services.actions import bookings
from services.forms.bookings import OfferingForm
from services.forms.network import clean_text
from services.models import Offering, Slot, Station
from services.perms import may_arrange_offerings, scope_of
from services.views.desk.bookings import day_of
from veterans_portal.errors import DomainError

PER_PAGE = 50


@require_safe
def offering_list(request):
    """Offerings of my own stations, or of all below (`?reach=below`)."""
    scope = scope_of(request.user)
    if not scope.postings:
        raise Http404
    below = request.GET.get("reach") == "below"
    mine = Offering.objects.visible_to(request.user).regular().select_related("station", "window")
    if not below:
        mine = mine.filter(station__path__in=scope.paths)
    page = Paginator(mine.order_by("station__path", "title"), PER_PAGE)
    context = {
        "page_obj": page.get_page(request.GET.get("page")),
        "below": below,
        "may_add": any(may_arrange_offerings(request.user, each) for each in _own(request.user)),
    }
    return render(request, "services/desk/offering_list.html", context)


def _own(user):
    return Station.objects.filter(path__in=scope_of(user).paths).order_by("path")


def _offering(request, pk, *, to_arrange=True):
    mine = Offering.objects.visible_to(request.user).regular()
    mine = mine.select_related("station", "window", "item")
    offering = get_object_or_404(mine, pk=pk)
    if to_arrange and not may_arrange_offerings(request.user, offering.station):
        raise Http404
    return offering


@require_safe
def detail(request, pk):
    """Rules, hours, and the slots ahead by day."""
    offering = _offering(request, pk, to_arrange=False)
    slots = offering.slots.filter(ends_at__gt=timezone.now()).order_by("starts_at")
    days = [
        {"day": day, "slots": each, "taken": sum(slot.taken for slot in each)}
        for day, each in ((day, list(group)) for day, group in groupby(slots, lambda s: s.day))
    ]
    context = {
        "offering": offering,
        "station": offering.station,
        "hours": offering.hours.all(),
        "days": days,
        "may_arrange": may_arrange_offerings(request.user, offering.station),
    }
    return render(request, "services/desk/offering_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request):
    """A new offering of one of my own stations (`?station=code`)."""
    own = [each for each in _own(request.user) if may_arrange_offerings(request.user, each)]
    if not own:
        raise Http404
    wanted = request.GET.get("station") or own[0].code
    station = next((each for each in own if each.code == wanted), None)
    if station is None:
        raise Http404
    return _edit_page(request, Offering(station=station))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    """Change rules and hours; slots with bookings stay."""
    return _edit_page(request, _offering(request, pk))


def _edit_page(request, offering):
    form = OfferingForm(request.POST or None, instance=offering)
    if request.method == "POST" and form.is_valid():
        bookings.save_offering(
            offering=form.save(commit=False), hours=form.cleaned_data["hours"], by=request.user
        )
        messages.success(request, "已保存，以后的时段已按新的规则排好。")
        return redirect("services:desk_offering", pk=offering.pk)
    context = {"form": form, "offering": offering, "station": offering.station}
    return render(request, "services/desk/offering_form.html", context)


@require_POST
def close_day(request, pk):
    """Close all slots of one day, with a reason everybody booked will read."""
    offering = _offering(request, pk)
    on = day_of(request.POST.get("day"))
    slots = offering.slots.on_day(on).filter(ends_at__gt=timezone.now())
    return _close(request, offering, list(slots))


@require_POST
def close_slot(request, pk):
    """Close one slot, with a reason everybody booked will read."""
    slot, offering = _slot(request, pk)
    return _close(request, offering, [slot])


def _close(request, offering, slots):
    try:
        told = bookings.close_slots(
            slots=slots, by=request.user, reason=clean_text(request.POST.get("reason", ""))
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        words = f"，已取消并通知{told}个预约" if told else ""
        messages.success(request, f"已停约{len(slots)}个时段{words}。")
    return redirect("services:desk_offering", pk=offering.pk)


@require_POST
def reopen_slot(request, pk):
    """Offer a closed slot again."""
    slot, offering = _slot(request, pk)
    try:
        bookings.reopen_slot(slot=slot, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "时段已恢复，可以预约了。")
    return redirect("services:desk_offering", pk=offering.pk)


def _slot(request, pk):
    slots = Slot.objects.visible_to(request.user).with_rules()
    slot = get_object_or_404(slots, pk=pk)
    return slot, _offering(request, slot.offering_id)

"""When my station is open: hours, closures ahead, who is away."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from services import opening, perms
from services.actions import hours as acts
from services.forms.fields import add_refusal
from services.forms.hours import AbsenceForm, ClosureForm, OpeningHoursForm
from services.models import Closure, Station
from services.views.desk.stations import station_in_scope
from veterans_portal.errors import DomainError

SHOWN = 50
FORMS = {"closure": ClosureForm, "absence": AbsenceForm}


@require_safe
def own(request):
    """Straight to the hours of the station where the staff member is posted."""
    paths = perms.scope_of(request.user).paths
    if not paths:
        raise Http404
    return redirect("services:desk_hours", Station.objects.get(path=paths[0]).code)


@require_safe
def hours(request, code):
    """Hours, closures and absences of a station: those ahead first, the last ones below."""
    station = station_in_scope(request.user, code)
    today = timezone.localdate()
    all_of_it = Closure.objects.filter(station=station).select_related(
        "window", "staff", "stand_in"
    )
    ahead = all_of_it.standing().filter(last_day__gte=today)
    past = all_of_it.exclude(pk__in=ahead.values("pk")).order_by("-first_day")
    context = {
        "station": station,
        "opening": opening.opening_of(station),
        "ahead": ahead.order_by("first_day", "pk")[:SHOWN],
        "past": past[:SHOWN],
        "may_arrange": perms.may_arrange_offerings(request.user, station),
        "today": today,
    }
    return render(request, "services/desk/hours.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, code):
    """Change the opening hours; the slots follow."""
    station = _station_to_arrange(request, code)
    current = opening.opening_of(station).hours
    form = OpeningHoursForm(request.POST if request.method == "POST" else None, hours=current)
    if request.method == "POST" and form.is_valid():
        try:
            closed = acts.set_hours(
                station=station, hours=form.cleaned_data["hours"], by=request.user
            )
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            words = f"，有{closed}个时段不在新的时间里，已停约并告知预约的人" if closed else ""
            messages.success(request, f"开放时间已保存{words}。")
            return redirect("services:desk_hours", station.code)
    return render(request, "services/desk/hours_edit.html", {"station": station, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def close(request, code, kind):
    """Enter a closure or an absence: first what it would do (step=check), then it is done."""
    station = _station_to_arrange(request, code)
    if kind not in FORMS:
        raise Http404
    form = FORMS[kind](request.POST if request.method == "POST" else None, station=station)
    context = {"station": station, "form": form, "kind": kind}
    if request.method != "POST" or request.POST.get("step") == "change" or not form.is_valid():
        return render(request, "services/desk/closure_form.html", context)
    closure = form.closure()
    if request.POST.get("step") == "save":
        try:
            acts.close_for(closure=closure, by=request.user)
        except DomainError as refused:
            add_refusal(form, refused)
            return render(request, "services/desk/closure_form.html", context)
        messages.success(request, _done(closure))
        return redirect("services:desk_hours", station.code)
    slots, booked = acts.effect_of(closure)
    context |= {"closure": closure, "slots": slots, "booked": booked}
    return render(request, "services/desk/closure_check.html", context)


def _done(closure):
    if closure.stand_in_id:
        return f"已登记，由{closure.stand_in.name}顶岗，预约照常。"
    told = (
        f"，已告知{closure.bookings_told}个预约并为他们找别的时间" if closure.bookings_told else ""
    )
    return f"已登记，停约{closure.slots_closed}个时段{told}。"


@require_POST
def lift(request, pk):
    """End a closure before its time."""
    closures = Closure.objects.visible_to(request.user).select_related("station")
    closure = get_object_or_404(closures, pk=pk)
    if not perms.may_arrange_offerings(request.user, closure.station):
        raise Http404
    try:
        back = acts.lift(closure=closure, by=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"已恢复服务，{back}个时段重新开放预约。")
    return redirect("services:desk_hours", closure.station.code)


def _station_to_arrange(request, code):
    station = station_in_scope(request.user, code)
    if not perms.may_arrange_offerings(request.user, station):
        raise Http404
    return station

"""A day of the hall: everybody who came, and figures that agree with the records."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.perms import only
from services import hall, perms
from services.forms.hall import HallDayForm
from services.models import Arrival
from services.views.desk.bookings import day_of
from services.views.desk.stations import station_in_scope

PER_PAGE = 50
WAYS = {
    "booked": Q(booking__isnull=False),
    "walked": Q(booking__isnull=True),
    "proxy": Q(proxy__isnull=False) | ~Q(came_for=""),
}


@only(perms.works_at_a_desk)
@require_safe
def day(request, code):
    """The list of a station's day with filters; figures are of the whole day, and of days before."""
    station = station_in_scope(request.user, code)
    on = day_of(request.GET.get("day"))
    form = HallDayForm(request.GET)
    form.is_valid()
    listed = Paginator(_listed(station, on, form.cleaned_data), PER_PAGE)
    page = listed.get_page(request.GET.get("page"))
    for each in page:
        each.minutes_waited = hall.minutes(each.waited if each.first_called else None)
    context = {
        "station": station,
        "form": form,
        "day": on,
        "is_today": on == timezone.localdate(),
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
        "page_obj": page,
        "figures": _in_minutes(hall.figures_of_day(station, on)),
        "days": [_in_minutes(each) for each in hall.figures_of_days(station, on)],
    }
    return render(request, "services/desk/hall_day.html", context)


def _listed(station, on, wanted):
    rows = Arrival.objects.filter(station=station, day=on)
    if wanted.get("state"):
        rows = rows.filter(state=wanted["state"])
    if wanted.get("way"):
        rows = rows.filter(WAYS[wanted["way"]])
    if wanted.get("q"):
        rows = rows.filter(Q(name__contains=wanted["q"]) | Q(ticket=wanted["q"].upper()))
    return hall.with_waiting_time(rows.with_all()).order_by("arrived_at", "pk")


def _in_minutes(figures):
    return figures | {name: hall.minutes(figures[name]) for name in ("median", "longest")}

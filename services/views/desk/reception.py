"""The reception of a hall: check in by code, take in walk-ins, find who stands there."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.perms import only
from services import hall, perms
from services import search as searching
from services.actions import arrivals, bookings
from services.actions.disclosure import note_search
from services.booking_rules import require_general
from services.enums import COMING_STATES, BookingState
from services.forms.bookings import CodeForm
from services.forms.fields import add_refusal
from services.forms.hall import WalkInForm
from services.models import Arrival, Booking, Person
from services.opening import opening_of
from services.views.desk.stations import station_in_scope
from veterans_portal import crypto
from veterans_portal.errors import DomainError

FOUND = 8


@only(perms.works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def reception(request, code):
    """One page for the front desk; each form says by `do` which it is."""
    station = station_in_scope(request.user, code)
    person = _person(request)
    context = {"station": station, "person": person, "done": _done(request, station)}
    context |= {"text": "", "advice": "", "found": False}
    opening, now = opening_of(station), timezone.now()
    context["shut"] = opening.shut(now) or opening.over(now)
    context |= {"code_form": CodeForm(), "walk_in": WalkInForm(station=station, person=person)}
    does = {"check-in": _check_in, "walk-in": _walk_in, "search": _search}
    if request.method == "POST":
        if request.POST.get("do") not in does:
            raise Http404
        answer = does[request.POST["do"]](request, station, person, context)
        if answer is not None:
            return answer
    if context["done"] is not None:
        context["ahead"] = hall.ahead_of(context["done"])
    return render(request, "services/desk/reception.html", context)


def _person(request):
    """The file the walk-in is for, `?person=`, when it lies in the reader's scope."""
    text = request.GET.get("person", "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return get_object_or_404(Person.objects.visible_to(request.user), pk=text)


def _done(request, station):
    """The arrival that was just taken in, `?done=`."""
    text = request.GET.get("done", "")
    if request.method == "POST" or not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return Arrival.objects.with_all().filter(station=station, pk=text).first()


def _arrived(station, arrival):
    url = reverse("services:desk_reception", args=[station.code])
    return redirect(f"{url}?done={arrival.pk}")


def _check_in(request, station, person, context):
    context["code_form"] = form = CodeForm(request.POST)
    if not form.is_valid():
        return None
    here = Booking.objects.visible_to(request.user).with_slot().filter(station=station)
    booking = here.filter(code=form.cleaned_data["code"]).first()
    if booking is None:
        form.add_error("code", "本站没有这个预约码。请核对，或按姓名在下面找。")
        return None
    try:
        require_general(booking)
        bookings.check_in(booking=booking, by=request.user)
    except DomainError as error:
        if error.code != "already_checked_in":
            form.add_error("code", error.message)
            return None
    arrival = Arrival.objects.filter(booking=booking).first()
    if arrival is None:
        return redirect("services:desk_booking", code=booking.code)
    return _arrived(station, arrival)


def _walk_in(request, station, person, context):
    context["walk_in"] = form = WalkInForm(request.POST, station=station, person=person)
    if not form.is_valid():
        return None
    try:
        arrival = arrivals.arrive(station=station, by=request.user, **form.asked())
    except DomainError as refused:
        add_refusal(form, refused)
        return None
    return _arrived(station, arrival)


def _search(request, station, person, context):
    """Today's bookings and files by what was typed; numbers are looked up whole and audited."""
    text = request.POST.get("q", "")
    context["text"] = text
    try:
        query = searching.understand(text)
    except DomainError as unclear:
        context["advice"] = unclear.message
        return
    context["found"] = True
    context["bookings"] = _todays_bookings(station, query)
    people = searching.find(request.user, query).select_related("station")
    context["people"] = list(people[:FOUND])
    if query.is_number:
        context["text"] = ""
        note_search(kind=query.kind, found=len(context["people"]), by=request.user, request=request)


def _todays_bookings(station, query):
    today = Booking.objects.filter(
        station=station, state__in=[*COMING_STATES, BookingState.NO_SHOW]
    )
    today = today.on_day(timezone.localdate()).with_slot().order_by("slot__starts_at", "pk")
    if query.kind == "phone":
        today = today.filter(contact_phone_index=crypto.blind_index("phone", query.text))
    elif query.kind == "name":
        today = today.filter(contact_name__contains=query.text)
    else:
        people = Person.objects.filter(bookings__in=today)
        wanted = {
            "id": lambda: people.with_id_number(query.text),
            "reading": lambda: people.filter(name_pinyin__startswith=query.text),
            "initials": lambda: people.filter(name_initials__startswith=query.text),
        }[query.kind]()
        today = today.filter(person__in=wanted.values("pk"))
    return list(today[:FOUND])

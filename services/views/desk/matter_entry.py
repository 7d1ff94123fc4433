"""A matter entered at the desk: for a file, for whoever stands there, out of an arrival."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.perms import only
from services import perms
from services.actions import matters as acts
from services.forms.fields import add_refusal
from services.forms.matters import form_for
from services.forms.matters_desk import EntryForm, KindForm, drop_online
from services.forms.network import clean_text
from services.models import Arrival, MatterKind, Person, Proxy, Station
from services.views.desk.bookings import whole_number
from veterans_portal.errors import DomainError


@only(perms.works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """First what (`?kind=`), then who and the form's questions; `?person=`, `?arrival=`, `?for=`."""
    about = _about(request)
    kind = MatterKind.objects.open().filter(code=clean_text(request.GET.get("kind", ""))).first()
    if kind is None:
        form = KindForm(request.GET if "kind" in request.GET else None)
        return render(request, "services/desk/matter_kind.html", about | {"form": form})
    data = request.POST if request.method == "POST" else None
    entry = EntryForm(
        data, stations=about["stations"], kind=kind, person=about["person"],
        initial=_initial(about),
    )  # fmt: skip
    answers = form_for(kind)(data, person=about["person"])
    drop_online(answers, account=about["person"].account_id if about["person"] else None)
    if data is not None and entry.is_valid() & answers.is_valid():
        try:
            matter = _enter(request, kind, about, entry, answers)
        except DomainError as refused:
            add_refusal(answers if refused.field in answers.fields else entry, refused)
        else:
            messages.success(request, f"已登记，办件编号 {matter.number}，请告诉来人。")
            if not perms.may_handle_matters(request.user, matter.station):
                messages.info(request, f"档案刚刚转到{matter.station.name}，由那里受理这件事。")
                return redirect("services:desk")
            return redirect("services:desk_matter", matter.number)
    at_once = entry["answer"] if "answer" in entry.fields else None
    context = about | {"at_once": at_once, "kind": kind, "entry": entry, "answers": answers}
    return render(request, "services/desk/matter_new.html", context)


def _about(request):
    """What the address names, all of it in the reader's scope."""
    user = request.user
    stations = Station.objects.active().filter(path__in=perms.scope_of(user).paths)
    arrival = _named(request, "arrival", Arrival.objects.visible_to(user), "station", "person__station",
                     "proxy")  # fmt: skip
    person = _named(request, "person", Person.objects.visible_to(user), "station", "account")
    proxy = _named(request, "for", Proxy.objects.visible_to(user), "person__station")
    if arrival is not None:
        person = person or arrival.person
        proxy = proxy or _still_acting(arrival, person)
    if proxy is not None:
        person = person or proxy.person
        if proxy.person_id != person.pk or not proxy.is_in_force():
            raise Http404
    near = arrival.station if arrival else person.station if person else None
    if near is not None and perms.may_handle_matters(user, near):
        stations = Station.objects.filter(pk=near.pk)
    if not any(perms.may_handle_matters(user, each) for each in stations):
        raise Http404
    return {"arrival": arrival, "person": person, "proxy": proxy, "stations": stations}


def _still_acting(arrival, person):
    """The visit's proxy for this person; one that ended since they came is left out, not in the way."""
    proxy = arrival.proxy
    right = proxy is not None and proxy.person_id == person.pk and proxy.is_in_force()
    return proxy if right else None


def _named(request, name, rows, *related):
    number = whole_number(request.GET.get(name))
    if number is None:
        return None
    return get_object_or_404(rows.select_related(*related), pk=number)


def _initial(about):
    arrival = about["arrival"]
    if arrival is None:
        return {}
    return {"name": arrival.name, "phone": arrival.phone, "came_for": arrival.came_for}


def _enter(request, kind, about, entry, answers):
    data, person = entry.cleaned_data, about["person"]
    return acts.enter(
        by=request.user, kind=kind, station=data["station"], client_key=data["client_key"],
        applicant_name=person.name if person else data["name"],
        applicant_phone=data["phone"] or (person.phone if person else "") or "",
        person=person, proxy=about["proxy"], on_behalf=bool(data["came_for"]),
        channel=data["channel"], came_for=data["came_for"], answers=answers.answers,
        arrival=about["arrival"], answer=data.get("answer", ""),
    )  # fmt: skip

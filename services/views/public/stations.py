"""The public's way to a station: the list, the page of one, the sketch map, "my station"."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from services.enums import StationKind, Tier
from services.forms.network import AddressForm, PositionForm, StationSearchForm
from services.mapping import station_map_of
from services.models import MatterKind, Person, Station
from services.opening import opening_of
from services.views.acting import carried
from services.wayfinding import MOST_CANDIDATES, chain, nearest_stations, stations_named_in

PAGE_SIZE = 20
MOST_BELOW = 40


@login_not_required
@require_safe
def station_list(request):
    """All active stations, searched and narrowed tier by tier."""
    districts = areas(tier=Tier.DISTRICT)
    district = next((d for d in districts if d.code == request.GET.get("district")), None)
    towns = areas(tier=Tier.TOWN, within=district) if district else []
    form = StationSearchForm(request.GET, districts=districts, towns=towns)
    stations = form.narrow(Station.objects.active()).select_related("division", "parent")
    order = [F("tier").asc(nulls_last=True), "pinyin", "path"]
    page = Paginator(stations.order_by(*order), PAGE_SIZE).get_page(request.GET.get("page"))
    town = form.areas.get(form.cleaned_data.get("town"))
    context = {
        "form": form,
        "page": page,
        "districts": districts,
        "district": district,
        "towns": towns,
        "town": town,
    }
    return render(request, "services/public/station_list.html", context)


@login_not_required
@require_safe
def station(request, code):
    """One station: where, when, who, what, and what can be booked here."""
    about = about_station(code) | carried(request)
    return render(request, "services/public/station.html", about)


@login_not_required
@require_safe
def station_paper(request, code):
    """The same on one sheet, to take along."""
    about = about_station(code)
    about["back_url"] = about["station"].get_absolute_url()
    return render(request, "services/public/station_paper.html", about)


@login_not_required
@require_safe
def station_map(request):
    """The sketch map of the districts, or of one district with its villages, and the same as a list."""
    districts = areas(tier=Tier.DISTRICT)
    wanted = request.GET.get("district")
    district = next((d for d in districts if d.code == wanted), None)
    if wanted and district is None:
        raise Http404
    context = {
        "districts": districts,
        "district": district,
        "map": station_map_of(district),
    }
    return render(request, "services/public/station_map.html", context)


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def my_station(request):
    """The station for an address or the device's position. Neither is stored."""
    context = {"own": own_station(request.user), "form": AddressForm()}
    if request.method == "POST":
        context |= by_position(request) if "lat" in request.POST else by_address(request)
    if "candidates" in context and not context["candidates"]:
        context["districts"] = areas(tier=Tier.DISTRICT)
    return render(request, "services/public/my_station.html", context)


def by_address(request):
    form = AddressForm(request.POST)
    if not form.is_valid():
        return {"form": form}
    candidates = stations_named_in(form.cleaned_data["address"])
    found = chain(candidates[0]) if len(candidates) == 1 else []
    return {
        "form": form,
        "candidates": candidates[:MOST_CANDIDATES],
        "more": len(candidates) > MOST_CANDIDATES,
        "found": found,
    }


def by_position(request):
    """An empty or odd position is answered by words, the address form stays."""
    form = PositionForm(request.POST)
    if not form.is_valid():
        return {"position_unclear": True}
    near = nearest_stations(form.cleaned_data["lat"], form.cleaned_data["lng"])
    if not near:
        return {"too_far": True}
    return {"near": near, "found": chain(near[0][0])}


def own_station(user):
    """The station that keeps the signed-in person's file, or None."""
    if not user.is_authenticated or not user.is_citizen:
        return None
    person = Person.objects.filter(account=user).select_related("station").only("station").first()
    return person.station if person else None


def areas(*, tier, within=None):
    """Active ordinary stations of a tier, as the areas to look in."""
    stations = Station.objects.active().ordinary().filter(tier=tier).select_related("division")
    if within is not None:
        stations = stations.in_area(within)
    return list(stations.order_by("division__code"))


def about_station(code):
    station = get_object_or_404(Station.objects.select_related("division", "parent"), code=code)
    above = chain(station)[1:]
    below = Station.objects.active().filter(parent=station).order_by("kind", "pinyin")
    counted = below.count()
    return {
        "station": station,
        "above": above,
        "below": below[:MOST_BELOW],
        "below_count": counted,
        **_doors(station),
        "windows": station.windows.prefetch_related("items").order_by("number"),
        "offerings": station.offerings.open().listed().order_by("title")
        if station.is_active()
        else [],
        "guides": MatterKind.objects.open() if station.is_active() else [],
        "is_special": station.kind != StationKind.ORDINARY,
    }


def _doors(station):
    """Hours and closures, and whether the doors are open now or when they open next."""
    now = timezone.now()
    opening = opening_of(station, now=now)
    is_open = opening.is_known and opening.is_open(now)
    return {
        "opening": opening,
        "is_open_now": is_open,
        "opens_next": None if is_open or not opening.is_known else opening.next_opening(now),
    }

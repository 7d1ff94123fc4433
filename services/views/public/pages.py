"""Pages that explain: closed doors, privacy, accessibility, site map, figures; and 请帮我办."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from services.actions.help import ask_for_help
from services.doors import door, doors
from services.enums import StationKind, Tier
from services.forms.network import HelpForm
from services.models import MatterKind, Station
from services.public_figures import public_figures
from services.views.public.home import frequent_jobs
from services.views.public.stations import areas
from veterans_portal.errors import DomainError

# Changed with the text; consents name the version they were given to.
PRIVACY_VERSION = "2026-11"


@login_not_required
@require_safe
def planned_door(request, key):
    """A door that is not open yet: what will come, when, and whom to call today."""
    about = door(key)
    if about is None or about["planned"] is None:
        raise Http404
    centres = [*areas(tier=Tier.CITY), *areas(tier=Tier.DISTRICT)]
    return render(request, "services/public/door.html", {"door": about, "centres": centres})


@login_not_required
@require_safe
def privacy(request):
    """Who keeps which personal information, why, how long, and what a person may ask (D.4)."""
    return render(request, "services/public/privacy.html", {"version": PRIVACY_VERSION})


@login_not_required
@require_safe
def accessibility(request):
    """How the site can be read, heard and worked by keyboard, and whom to tell when it cannot."""
    return render(request, "services/public/accessibility.html")


@login_not_required
@require_safe
def site_map(request):
    """Every page that needs no sign-in."""
    context = {
        "doors": doors(),
        "districts": areas(tier=Tier.DISTRICT),
        "jobs": frequent_jobs(),
        "guides": MatterKind.objects.open(),
    }
    return render(request, "services/public/site_map.html", context)


@login_not_required
@require_safe
def figures(request):
    """What the home page's figures mean and where they come from."""
    counted, at = public_figures()
    context = {"figures": counted, "counted_at": at, "special_kinds": StationKind.choices[1:]}
    return render(request, "services/public/figures.html", context)


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def help_me(request):
    """请帮我办: leave a name and a phone number, the station calls back. No account needed."""
    station = None
    if code := request.GET.get("station"):
        station = get_object_or_404(Station.objects.active(), code=code.replace("\0", ""))
    form = HelpForm(request.POST or None, station=station)
    if request.method == "POST" and form.is_valid():
        try:
            answer = ask_for_help(
                **form.cleaned_data, station=station, by=request.user, request=request
            )
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            return render(request, "services/public/help_asked.html", answer)
    return render(request, "services/public/help_me.html", {"form": form, "station": station})

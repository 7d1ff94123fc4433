"""Guides (办事指南): what can be done, what it takes, how long it lasts, and where."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from services.forms.guides import GuideSearchForm
from services.forms.matters import form_for
from services.models import MatterKind, Station
from services.views.acting import carried
from services.views.public.stations import own_station


@login_not_required
@require_safe
def guide_list(request):
    """All guides, searched by a word; closed ones say so on their page."""
    form = GuideSearchForm(request.GET)
    form.is_valid()
    kinds = MatterKind.objects.select_related("item")
    if word := form.cleaned_data.get("q"):
        kinds = kinds.filter(
            Q(name__icontains=word)
            | Q(summary__icontains=word)
            | Q(conditions__icontains=word)
            | Q(item__name__icontains=word)
        )
    context = {"form": form, "kinds": list(kinds), "station": _station(request)}
    context |= carried(request)
    return render(request, "services/public/guide_list.html", context)


@login_not_required
@require_safe
def guide(request, code):
    """One guide with the way to do it online, at a counter, or by phone."""
    return render(request, "services/public/guide.html", _about(request, code))


@login_not_required
@require_safe
def guide_paper(request, code):
    """The same on one sheet, to take along."""
    about = _about(request, code)
    about["back_url"] = about["kind"].get_absolute_url()
    return render(request, "services/public/guide_paper.html", about)


def _about(request, code):
    kind = get_object_or_404(MatterKind.objects.select_related("item"), code=code)
    whose = carried(request)
    proxy = whose["proxy"]
    return whose | {
        "kind": kind,
        "papers": list(kind.papers.all()),
        "conditions": kind.conditions.splitlines(),
        "steps": kind.steps.splitlines(),
        "own": proxy.person.station if proxy else own_station(request.user),
        "station": _station(request),
        "needs_file": form_for(kind).needs_file,
        "may_apply": kind.is_open and kind.online and _is_public(request.user),
    }


def _is_public(user):
    return not user.is_authenticated or user.is_citizen


def _station(request):
    """The station the reader comes from (`?station=`), or None."""
    code = request.GET.get("station", "").replace("\0", "")
    return Station.objects.active().filter(code=code).first() if code else None

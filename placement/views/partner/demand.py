"""The year's demand in a partner's room: establishment, vacancies, posts."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from placement.actions.plans import demands
from placement.enums import PLACING_NATURES, DemandState, EstablishmentKind
from placement.forms.plans import DemandForm, PostFormSet
from placement.models import DemandCall, PostDemand
from services.enums import PartnerNature, PartnerRole
from services.forms.fields import add_refusal
from services.partner_room import room
from veterans_portal.errors import DomainError

FACTS = ("establishment", "vacancies", "new_hires", "reform_words")
POST = ("title", "kind", "headcount", "place", "requirements", "pay")
USUAL = {
    PartnerNature.PARTY_GOVERNMENT: EstablishmentKind.ADMINISTRATIVE,
    PartnerNature.MASS_ORGANISATION: EstablishmentKind.CIVIL_SERVICE_LIKE,
    PartnerNature.INSTITUTION: EstablishmentKind.INSTITUTION,
    PartnerNature.STATE_ENTERPRISE: EstablishmentKind.ENTERPRISE,
}


@room(PartnerRole.EMPLOYER)
@require_http_methods(["GET", "HEAD", "POST"])
def demand(request, partner, year):
    """Fill it in while the call runs; afterwards read what was handed in."""
    kept, call = _there(partner, year)
    if (kept is not None and kept.state not in demands.WRITING) or call is None:
        if request.method == "POST":
            messages.error(request, "岗位需求现在不能改，请先看下面的状态。")
        context = {"partner": partner, "demand": kept, "call": call, "year": year}
        return render(request, "placement/partner/demand.html", context)
    form, posts = _forms(request, partner, kept)
    if request.method == "POST" and form.is_valid() and posts.is_valid():
        try:
            demand = demands.save(partner=partner, year=year, by=request.user,
                                  facts=form.cleaned_data, posts=posts.posts())  # fmt: skip
            if "submit" in request.POST:
                demands.submit(demand=demand, by=request.user)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            done = (
                "已提交，对接中心会审核。" if "submit" in request.POST else "已保存，还没有提交。"
            )
            messages.success(request, done)
            return redirect(request.path)
    context = {"partner": partner, "demand": kept, "call": call, "year": year, "form": form,
               "posts": posts}  # fmt: skip
    return render(request, "placement/partner/demand_form.html", context)


def _there(partner, year):
    """(what was written, the call it answers or answered); Http404 when the year was never asked for."""
    kept = PostDemand.objects.filter(partner=partner, year=year).select_related("station").first()
    calls = DemandCall.objects.filter(station_id=partner.station_id, year=year)
    running = calls.running().first() if partner.nature in PLACING_NATURES else None
    if running is None and kept is None:
        raise Http404
    if running is None and kept is not None and kept.state == DemandState.RETURNED:
        running = calls.first()
    return kept, running


def _forms(request, partner, kept):
    """The two forms; a first one is filled with last year's posts, so that little is typed again."""
    bound = request.POST if request.method == "POST" else None
    model = kept or PostDemand.objects.filter(partner=partner).order_by("-year").first()
    facts = {name: getattr(model, name) for name in FACTS} if model else {}
    posts = (
        [{name: getattr(each, name) for name in POST} for each in model.posts.all()]
        if model
        else []
    )
    given = {"natural_kind": USUAL.get(partner.nature), "usual_place": partner.address}
    return (
        DemandForm(bound, partner=partner, initial=facts),
        PostFormSet(
            bound, initial=posts if bound is None else None, prefix="posts", form_kwargs=given
        ),
    )


@room(PartnerRole.EMPLOYER)
@require_POST
def take_back(request, partner, year):
    """Take back what was handed in, to change it."""
    kept = PostDemand.objects.filter(partner=partner, year=year).first()
    if kept is None:
        raise Http404
    try:
        demands.take_back(demand=kept, by=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已收回，改好后请再次提交。")
    return redirect("placement:room_demand", partner.pk, year)

"""A training provider's runs: how many are in them, and what people think."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from placement import training_figures as figures
from services.enums import PartnerRole
from services.partner_room import room

PER_PAGE = 20


@require_safe
@room(PartnerRole.TRAINER)
def run_list(request, partner):
    """All runs of the provider's courses, newest first; who said what is never shown."""
    page = Paginator(figures.runs_of(partner), PER_PAGE).get_page(request.GET.get("page"))
    runs = figures.runs_with_heads(page.object_list)
    average, said = figures.provider_average(partner)
    context = {"partner": partner, "page_obj": page, "runs": runs, "average": average, "said": said}
    return render(request, "placement/partner/run_list.html", context)

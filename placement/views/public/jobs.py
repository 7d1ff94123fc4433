"""Vacancies for everybody: searched and narrowed, and one with the way to it."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from placement.enums.fairs import FairEmployerState, FairState
from placement.forms.jobs import JobFilter
from placement.models import EmploymentIntent, Vacancy
from services.perms import works_at_a_desk

PER_PAGE = 20


@login_not_required
@require_safe
def job_list(request):
    """All that is open (or was, on demand), newest first."""
    form = JobFilter(request.GET)
    found = form.narrow(Vacancy.objects.public()).with_all().order_by("-submitted_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "placement/public/job_list.html", {"form": form, "page_obj": page})


@login_not_required
@require_safe
def job(request, pk):
    """One vacancy: what it is, at which fair to meet the employer, and what one has done about it."""
    vacancy = get_object_or_404(Vacancy.objects.public().with_all(), pk=pk)
    mine = None
    if request.user.is_authenticated and request.user.is_citizen:
        own = EmploymentIntent.objects.visible_to(request.user)
        mine = own.filter(vacancy=vacancy).order_by("-made_at").first()
    at_fairs = vacancy.at_fairs.filter(
        employer__state=FairEmployerState.ACCEPTED, employer__fair__state=FairState.OPEN,
        employer__fair__held_on__gte=timezone.localdate(),
    ).select_related("employer__fair")  # fmt: skip
    context = {
        "vacancy": vacancy,
        "mine": mine,
        "is_open": vacancy.is_open(),
        "may_wish": vacancy.is_open()
        and not vacancy.is_directed
        and (not request.user.is_authenticated or request.user.is_citizen)
        and not (mine and mine.is_open),
        "at_desk": works_at_a_desk(request.user) and vacancy.is_open() and not vacancy.is_directed,
        "at_fairs": list(at_fairs),
    }
    return render(request, "placement/public/job.html", context)

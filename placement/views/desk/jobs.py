"""Vacancies at the desk: what waits for a check, all of them, one with its decision."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.perms import only
from placement import perms
from placement.actions import vacancies as acts
from placement.enums.fairs import VacancyState
from placement.forms.jobs import VacancyFilter
from placement.models import EmploymentIntent, Vacancy
from services.forms.fields import add_refusal
from services.forms.reasons import ReasonForm
from services.perms import works_at_a_desk
from veterans_portal.errors import DomainError

PER_PAGE = 25
WHY = {"length": 100, "rows": 2, "hint": "单位会看到。"}


@only(works_at_a_desk)
@require_safe
def vacancy_list(request):
    """Vacancies in scope; at first those that wait for a check."""
    form = VacancyFilter(request.GET)
    found = Vacancy.objects.visible_to(request.user).with_all().filter(recruitment=None)
    state = form.value("state") or VacancyState.SUBMITTED
    if state != "all":
        found = found.filter(state=state)
    if text := form.value("q"):
        found = found.matching(text)
    page = Paginator(found.order_by("-submitted_at", "-pk"), PER_PAGE)
    context = {"form": form, "page_obj": page.get_page(request.GET.get("page"))}
    return render(request, "placement/desk/vacancy_list.html", context)


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def vacancy(request, pk):
    """One vacancy; `do` is accept, refuse or close."""
    rows = Vacancy.objects.visible_to(request.user).with_all().filter(recruitment=None)
    shown = get_object_or_404(rows.select_related("created_by", "decided_by"), pk=pk)
    forms = {name: ReasonForm(**WHY, auto_id=f"{name}_%s") for name in ("refuse", "close")}
    if request.method == "POST" and _decide(request, shown, forms):
        return redirect("placement:desk_vacancy", shown.pk)
    user = request.user
    may_check = perms.may_check_jobs(user, shown.station)
    intents = EmploymentIntent.objects.visible_to(user).filter(vacancy=shown)
    context = {
        "vacancy": shown,
        "intents": list(intents.order_by("-made_at")[:50]),
        "may_check": may_check and shown.state == VacancyState.SUBMITTED,
        "own_entry": shown.created_by_id == user.pk,
        "may_close": (may_check or perms.may_keep_jobs(user, shown.station))
        and shown.state != VacancyState.CLOSED,
        "refuse_form": forms["refuse"],
        "close_form": forms["close"],
    }
    return render(request, "placement/desk/vacancy.html", context)


def _decide(request, shown, forms):
    """Do what was pressed; whether it was done."""
    do, form = request.POST.get("do"), None
    try:
        if do == "accept":
            acts.accept(vacancy=shown, by=request.user)
            messages.success(request, "已通过，群众可以看到了。")
            return True
        if do not in forms:
            raise Http404
        form = forms[do] = ReasonForm(request.POST, **WHY, auto_id=f"{do}_%s")
        if form.is_valid():
            act = acts.refuse if do == "refuse" else acts.close
            act(vacancy=shown, by=request.user, **form.cleaned_data)
            messages.success(request, "已记下，单位会看到原因。")
            return True
    except DomainError as refused:
        if form is None:
            messages.error(request, refused.message)
        else:
            add_refusal(form, refused)
    return False

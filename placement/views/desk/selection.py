"""Sessions at the desk: the list, preparing one from a published plan, the rules in force."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.perms import only
from placement import perms
from placement.actions import selection as acts
from placement.actions.selection.preparing import candidates, offered
from placement.forms.selection import RulesForm, SessionForm
from placement.models import PlacementPlan, SelectionRules, SelectionSession
from services.forms.fields import add_refusal
from services.perms import works_at_a_desk
from veterans_portal.errors import DomainError

PER_PAGE = 25


@only(works_at_a_desk)
@require_safe
def session_list(request):
    """All in scope, and the published plans for which one can be prepared."""
    rows = SelectionSession.objects.visible_to(request.user).select_related("station")
    plans = PlacementPlan.objects.visible_to(request.user).published().select_related("station")
    plans = plans.exclude(selections__state__in=["PREPARED", "RUNNING", "PAUSED"])
    context = {
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "plans": [each for each in plans[:10] if perms.may_handle_cases(request.user, each.station)],
    }  # fmt: skip
    return render(request, "placement/desk/selection_list.html", context)


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def session_new(request, pk):
    """Prepare a session of a plan's year; what will be frozen is shown first."""
    plans = PlacementPlan.objects.visible_to(request.user).published().select_related("station")
    plan = get_object_or_404(plans, pk=pk)
    if not perms.may_handle_cases(request.user, plan.station):
        raise Http404
    initial = {"title": f"{plan.year}年度退役军人选岗会"}
    form = SessionForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            session = acts.prepare(
                plan=plan, by=request.user, title=data["title"], venue=data["venue"],
                starts_at=form.starts_at(),
            )  # fmt: skip
        except DomainError as refused:
            if refused.field not in (None, *form.fields):
                refused.field = "day" if refused.field == "starts_at" else None
            add_refusal(form, refused)
        else:
            messages.success(request, "顺序和岗位已固定，名单里的人都会收到消息。")
            return redirect("placement:desk_selection", session.code)
    context = {
        "form": form,
        "plan": plan,
        "people": candidates(plan.station, plan.year).count(),
        "places": sum(places for _, places in offered(plan)),
    }
    return render(request, "placement/desk/selection_new.html", context)


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request):
    """The rules by date; the city's head enters new ones."""
    may_enter = perms.may_keep_terms(request.user)
    form = RulesForm(request.POST if request.method == "POST" else None) if may_enter else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            try:
                acts.enter_rules(rules=form.save(commit=False), by=request.user)
            except DomainError as refused:
                add_refusal(form, refused)
            else:
                messages.success(request, "已填写，从施行日期起使用。")
                return redirect("placement:selection_rules")
    context = {"form": form, "all": SelectionRules.objects.all()[:20]}
    return render(request, "placement/desk/selection_rules.html", context)

"""Fairs at the desk: the list, planning, one with its employers, its figures."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import only
from placement import fair_figures, fair_workbook, perms
from placement.actions import fairs as acts
from placement.enums.fairs import FairEmployerState, FairState
from placement.forms.fairs import FairFilter, FairForm
from placement.models import JobFair
from services.forms.fields import add_refusal
from services.forms.reasons import ReasonForm
from services.models import Station
from services.perms import scope_of, works_at_a_desk
from veterans_portal.errors import DomainError

PER_PAGE = 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WHY = {"length": 100, "rows": 2, "hint": "报名的人和单位会看到。"}


def own_stations(user, allowed):
    """The stations where a member of the staff is posted and `allowed` says yes."""
    own = Station.objects.active().filter(path__in=scope_of(user).paths).order_by("path")
    return [each for each in own if allowed(user, each)]


def fair_in_scope(request, pk):
    """The fair of a station in the reader's scope; Http404 otherwise."""
    rows = JobFair.objects.visible_to(request.user)
    rows = rows.select_related("station", "visits", "stands", "created_by", "opened_by")
    return get_object_or_404(rows, pk=pk)


@only(works_at_a_desk)
@require_safe
def fair_list(request):
    """All fairs in scope, the next first."""
    form = FairFilter(request.GET)
    found = JobFair.objects.visible_to(request.user).select_related("station")
    if state := form.value("state"):
        found = found.filter(state=state)
    if text := form.value("q"):
        found = found.filter(Q(title__icontains=text) | Q(venue__icontains=text))
    found = found.annotate(
        waiting=Count("employers", filter=Q(employers__state=FairEmployerState.APPLIED)),
        coming=Count("employers", filter=Q(employers__state=FairEmployerState.ACCEPTED)),
    ).order_by("-held_on", "pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    may_plan = bool(own_stations(request.user, perms.may_keep_jobs))
    context = {"form": form, "page_obj": page, "may_plan": may_plan}
    return render(request, "placement/desk/fair_list.html", context)


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def fair_new(request):
    """Plan a fair of one of my own stations (`?station=code`)."""
    own = own_stations(request.user, perms.may_keep_jobs)
    wanted = request.GET.get("station") or (own[0].code if own else "")
    station = next((each for each in own if each.code == wanted), None)
    if station is None:
        raise Http404
    return _edit(request, JobFair(station=station), own)


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def fair_edit(request, pk):
    """Change a fair that is not over."""
    fair = fair_in_scope(request, pk)
    if not perms.may_keep_jobs(request.user, fair.station) or fair.state not in (
        FairState.DRAFT, FairState.OPEN,
    ):  # fmt: skip
        raise Http404
    return _edit(request, fair, [])


def _edit(request, fair, own):
    form = FairForm(
        request.POST if request.method == "POST" else None, instance=fair, initial=_known(fair)
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            saved = acts.save_fair(
                fair=form.save(commit=False), sessions=form.spans, places=data["places"],
                stands=data["stands"], by=request.user,
            )  # fmt: skip
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "招聘会已保存。")
            return redirect("placement:desk_fair", saved.pk)
    context = {"form": form, "fair": fair, "own": own}
    return render(request, "placement/desk/fair_edit.html", context)


def _known(fair):
    """What the form shows of a fair's slots."""
    if fair.pk is None:
        return {}
    slots = list(fair.visits.slots.order_by("starts_at")[:2])
    stands = fair.stands.slots.first()
    known = {
        "places": slots[0].capacity if slots else 1,
        "stands": stands.capacity if stands else 1,
    }
    for name, slot in zip(("morning", "afternoon"), slots, strict=False):
        known[f"{name}_start"] = timezone.localtime(slot.starts_at).time()
        known[f"{name}_end"] = timezone.localtime(slot.ends_at).time()
    return known


@only(works_at_a_desk)
@require_safe
def fair(request, pk):
    """One: the next step first, facts, employers."""
    return _page(request, fair_in_scope(request, pk))


def _page(request, shown, **bound):
    user, station = request.user, shown.station
    may_check, may_keep = perms.may_check_jobs(user, station), perms.may_keep_jobs(user, station)
    today = timezone.localdate()
    employers = shown.employers.select_related("partner").annotate(brought=Count("posts"))
    context = {
        "fair": shown,
        "sessions": list(shown.visits.slots.order_by("starts_at")),
        "stands": shown.stands.slots.first(),
        "employers": list(employers.order_by("stand_number", "applied_at")),
        "totals": fair_figures.totals(shown),
        "may_check": may_check,
        "may_keep": may_keep,
        "may_open": may_check and shown.state == FairState.DRAFT and shown.created_by_id != user.pk,
        "may_hold": (may_keep or may_check)
        and shown.state == FairState.OPEN
        and shown.held_on <= today,
        "is_on": shown.state == FairState.OPEN and shown.held_on <= today,
        "may_change": may_keep and shown.state in (FairState.DRAFT, FairState.OPEN),
        "may_cancel": may_check and shown.state in (FairState.DRAFT, FairState.OPEN),
        "takes_employers": may_keep and shown.takes_applications(),
        "cancel_form": ReasonForm(**WHY, auto_id="cancel_%s"),
    } | bound
    return render(request, "placement/desk/fair.html", context)


DEEDS = {"open": acts.open_fair, "hold": acts.hold_fair, "cancel": acts.cancel_fair}
DONE = {
    "open": "已发布，单位和个人可以报名了。",
    "hold": "已记为举办，计入本月统计。",
    "cancel": "已取消，报名的人和单位会收到消息。",
}


@only(works_at_a_desk)
@require_POST
def fair_act(request, pk, act):
    """Open, hold, cancel."""
    shown = fair_in_scope(request, pk)
    if act not in DEEDS:
        raise Http404
    more, form = {}, None
    if act == "cancel":
        form = ReasonForm(request.POST, **WHY, auto_id="cancel_%s")
        if not form.is_valid():
            return _page(request, shown, cancel_form=form)
        more = form.cleaned_data
    try:
        DEEDS[act](fair=shown, by=request.user, **more)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, DONE[act])
    return redirect("placement:desk_fair", pk)


@only(works_at_a_desk)
@require_safe
def figures(request, pk):
    """The figures of a fair: totals, intentions by stage, and per stand."""
    shown = fair_in_scope(request, pk)
    context = {
        "fair": shown,
        "totals": fair_figures.totals(shown),
        "stages": fair_figures.stages(shown),
        "employers": fair_figures.by_employer(shown),
    }
    return render(request, "placement/desk/fair_figures.html", context)


@only(works_at_a_desk)
@require_safe
def figures_workbook(request, pk):
    """The same as an Excel file, names masked."""
    shown = fair_in_scope(request, pk)
    response = HttpResponse(fair_workbook.write(shown), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="fair-{shown.pk}.xlsx"'
    return response

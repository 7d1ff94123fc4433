"""Who should attend adaptive training: the coverage, the list, one with its exemption."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.perms import only
from placement import perms
from placement import training_figures as figures
from placement.actions import training as acts
from placement.enums.training import DutyState
from placement.forms.training import DutyFilter, ExemptionForm
from placement.models import TrainingDuty
from services.forms.fields import add_refusal
from services.forms.reasons import ReasonForm
from services.perms import works_at_a_desk
from veterans_portal.errors import DomainError

PER_PAGE = 25
WHY = {"rows": 2, "hint": "对方会看到。"}


@only(works_at_a_desk)
@require_safe
def duty_list(request):
    """The coverage of a year, and who still should attend, soonest due first."""
    form = DutyFilter(request.GET)
    found = TrainingDuty.objects.visible_to(request.user).select_related("person", "station")
    state = form.value("state")
    if not state:
        found = found.open()
    elif state != "all":
        found = found.filter(state=state)
    if way := form.value("way"):
        found = found.filter(way=way)
    page = Paginator(found.order_by("due_on", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    context = {
        "form": form,
        "page_obj": page,
        "today": today,
        "year": today.year,
        "coverage": figures.coverage(request.user, year=today.year),
    }
    return render(request, "placement/desk/duty_list.html", context)


def _duty(request, pk):
    rows = TrainingDuty.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related(
            "person", "station", "asked_by", "decided_by", "enrolment__run__course"
        ),
        pk=pk,
    )


def _page(request, shown, **bound):
    context = {
        "duty": shown,
        "may_keep": perms.may_keep_training(request.user, shown.station),
        "may_check": perms.may_check_training(request.user, shown.station),
        "own_asking": shown.asked_by_id == request.user.pk,
        "ask_form": ExemptionForm(auto_id="ask_%s"),
        "refuse_form": ReasonForm(**WHY, auto_id="refuse_%s"),
    } | bound
    return render(request, "placement/desk/duty.html", context)


@only(works_at_a_desk)
@require_safe
def duty(request, pk):
    """One: since when, until when, and what was decided."""
    return _page(request, _duty(request, pk))


@only(works_at_a_desk)
@require_POST
def duty_act(request, pk, act):
    """Ask for an exemption for somebody, approve it, or not."""
    shown, form, more = _duty(request, pk), None, {}
    if act == "ask":
        form = ExemptionForm(request.POST, auto_id="ask_%s")
    elif act == "refuse":
        form = ReasonForm(request.POST, **WHY, auto_id="refuse_%s")
    elif act != "approve":
        raise Http404
    if form is not None:
        if not form.is_valid():
            return _page(request, shown, **{f"{act}_form": form})
        more = form.cleaned_data
    deeds = {"ask": acts.ask_exemption, "approve": acts.exempt, "refuse": acts.refuse_exemption}
    try:
        deeds[act](duty=shown, by=request.user, **more)
    except DomainError as refused:
        if form is None:
            messages.error(request, refused.message)
            return redirect("placement:desk_duty", pk)
        add_refusal(form, refused)
        return _page(request, _duty(request, pk), **{f"{act}_form": form})
    still = DutyState.ASKED if act == "ask" else None
    messages.success(request, "已申请，请同事批准。" if still else "已办理。")
    return redirect("placement:desk_duty", pk)

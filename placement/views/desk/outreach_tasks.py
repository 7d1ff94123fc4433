"""Visits at the desk: who is to be seen or phoned by when, and what came of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.perms import only
from placement import perms as here
from placement.actions import outreach as acts
from placement.enums.outreach import VisitState
from placement.forms import outreach as forms
from placement.models import OutreachTask
from services import perms
from services.enums import Answer
from services.forms.fields import add_refusal
from services.forms.reasons import ReasonForm
from services.models import Person
from services.models.person import IN_FORCE
from services.rules import facts_of, parse, verdict, with_facts
from veterans_portal.errors import DomainError

PER_PAGE = 25


@only(perms.works_at_a_desk)
@require_safe
def task_list(request):
    """Open ones by their term; own stations or all under them."""
    below = request.GET.get("reach") == "below"
    form = forms.TaskFilter(request.GET)
    rows = OutreachTask.objects.visible_to(request.user).with_all()
    if not below:
        rows = rows.filter(station__path__in=perms.scope_of(request.user).paths)
    state = form.value("state")
    if state is None:
        rows = rows.open().order_by("due_on", "pk")
    else:
        rows = rows.filter(state=state).order_by("-ended_at", "-pk")
    if name := form.value("q"):
        rows = rows.filter(lead__person__name__startswith=name)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "form": form, "below": below, "open": state is None}
    return render(request, "placement/desk/outreach_task_list.html", context)


@only(perms.works_at_a_desk)
@require_safe
def task(request, pk):
    """One visit: whom, why, what is offered, by when. Reading it is written down."""
    shown = _task(request, pk)
    audit.record("placement.outreach_read", shown, by=request.user, station=shown.station,
                 on_behalf_of=shown.lead.person, request=request)  # fmt: skip
    return _page(request, shown)


def _task(request, pk):
    rows = OutreachTask.objects.visible_to(request.user).with_all()
    rows = rows.select_related("lead__person__station", "lead__version__rule__station")
    return get_object_or_404(rows, pk=pk)


def _now(shown, health):
    """What the rule says today: None while it still fits, else the sentences of what is missing."""
    if shown.state != VisitState.OPEN:
        return None
    version = shown.lead.version
    person = with_facts(Person.objects.filter(pk=shown.lead.person_id)).get()
    found = verdict(
        parse(version.conditions), facts_of(person), on=timezone.localdate(), reach=version.reach
    )
    if found.answer == Answer.YES:
        return None
    said = [each.words for each in found.missing if health or not each.private]
    return "；".join(said) or "健康情况有变化"


def _page(request, shown, **bound):
    person = shown.lead.person
    health = perms.may_see_health(request.user, person.station)
    context = {
        "task": shown,
        "person": person,
        "reasons": shown.lead.reasons_for(health=health),
        "hidden": not health and any(each.get("private") for each in shown.lead.reasons),
        "no_longer": _now(shown, health),
        "over": shown.state == VisitState.OPEN and person.state not in IN_FORCE,
        "may_act": shown.state == VisitState.OPEN
        and person.state in IN_FORCE
        and here.may_go_out(request.user, shown.station),
        "finish_form": forms.FinishForm(
            initial={"done_on": timezone.localdate()}, auto_id="finish_%s"
        ),
        "decline_form": forms.DeclineForm(auto_id="decline_%s"),
        "cancel_form": ReasonForm(rows=2, auto_id="cancel_%s"),
    } | bound
    return render(request, "placement/desk/outreach_task.html", context)


FORMS = {"finish": forms.FinishForm, "decline": forms.DeclineForm, "cancel": ReasonForm}
SAID = {
    "finish": "已记下，谢谢。",
    "decline": "已记下，以后不再为此打扰。",
    "cancel": "任务已取消。",
}


@only(perms.works_at_a_desk)
@require_POST
def act(request, pk, act):
    """Done with a result, declined by the person, or nobody needs to go."""
    shown = _task(request, pk)
    if act not in FORMS:
        raise Http404
    form = FORMS[act](request.POST, auto_id=f"{act}_%s")
    if not form.is_valid():
        return _page(request, shown, **{f"{act}_form": form})
    try:
        if act == "decline":
            rule = shown.lead.rule if form.cleaned_data["what"] == "rule" else None
            acts.decline(person=shown.lead.person, by=request.user, rule=rule)
        else:
            deed = acts.finish if act == "finish" else acts.cancel
            deed(task=shown, by=request.user, **form.cleaned_data)
    except DomainError as refused:
        add_refusal(form, refused)
        return _page(request, _task(request, pk), **{f"{act}_form": form})
    messages.success(request, SAID[act])
    return redirect("placement:desk_outreach")

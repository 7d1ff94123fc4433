"""The year's plan at the desk: calls, demands, versions of the plan with the ratio."""

from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import only
from placement import perms
from placement.actions.plans import demands, making
from placement.enums import PLACING_NATURES, DemandState, PlanState
from placement.forms import plans as forms
from placement.models import DemandCall, PlacementCase, PlacementPlan, PostDemand
from placement.views.desk.steps import WHY, Deed, steps, take
from services.enums import PartnerNature
from services.forms.fields import add_refusal
from services.perms import works_at_a_desk
from veterans_portal.errors import DomainError

PER_PAGE = 25


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def demand_list(request):
    """Calls with who has not answered, and what employers handed in."""
    stations = perms.receiving_stations(request.user)
    if request.method == "POST" and not stations:
        raise Http404
    bound = request.POST if request.method == "POST" else None
    initial = {"year": timezone.localdate().year}
    form = forms.CallForm(bound, stations=stations, initial=initial) if stations else None
    if bound is not None and form.is_valid():
        try:
            demands.call(call=DemandCall(**form.cleaned_data), by=request.user)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            return redirect("placement:demands")
    return _demands(request, form)


def _demands(request, form):
    visible = PostDemand.objects.visible_to(request.user)
    years = sorted(set(visible.order_by().values_list("year", flat=True)), reverse=True)
    narrow = forms.DemandFilter(request.GET, years=years)
    found = visible.select_related("partner", "station").annotate(offered=Sum("posts__headcount"))
    found = found.order_by("-year", "partner__name_pinyin", "pk")
    if text := narrow.value("q"):
        found = found.filter(partner__name__contains=text)
    if year := narrow.value("year"):
        found = found.filter(year=year)
    if state := narrow.value("state"):
        found = found.filter(state=state)
    page_obj = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    calls = DemandCall.objects.visible_to(request.user).running().select_related("station")[:10]
    context = {
        "page_obj": page_obj,
        "form": narrow,
        "call_form": form,
        "calls": [(each, list(demands.missing_of(each))) for each in calls],
    }
    return render(request, "placement/desk/demand_list.html", context)


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def call_close(request, pk):
    """Move the last day of a call."""
    rows = DemandCall.objects.visible_to(request.user).select_related("station")
    call = get_object_or_404(rows, pk=pk)
    if not perms.may_handle_cases(request.user, call.station):
        raise Http404
    bound = request.POST if request.method == "POST" else None
    form = forms.CloseForm(bound, initial={"closes_on": call.closes_on})
    if bound is not None and form.is_valid():
        try:
            demands.move_close(call=call, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            return redirect("placement:demands")
    return render(request, "placement/desk/call_close.html", {"form": form, "call": call})


def _demand(request, pk):
    rows = PostDemand.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("partner", "station", "written_by", "decided_by"), pk=pk
    )


@only(works_at_a_desk)
@require_safe
def demand_page(request, pk):
    return _demand_page(request, _demand(request, pk))


def _demand_page(request, demand, refused=None):
    names = []
    if perms.may_handle_cases(request.user, demand.station):
        names = {DemandState.SUBMITTED: ["accept", "return"], DemandState.ACCEPTED: ["return"]}.get(
            demand.state, []
        )
    shown = steps(names, DEMAND_DEEDS, demand, ("placement:demand_act", [demand.pk]), refused)
    first = shown[:1] if names[:1] == ["accept"] else []
    context = {
        "demand": demand,
        "posts": demand.posts.all(),
        "next": first[0] if first else None,
        "others": shown[len(first):],
        "refused_form": refused[1] if refused else None,
    }  # fmt: skip
    return render(request, "placement/desk/demand.html", context)


@only(works_at_a_desk)
@require_POST
def demand_act(request, pk, act):
    demand = _demand(request, pk)
    return take(
        request, act, DEMAND_DEEDS, demand, back=request.path.rsplit("/", 2)[0] + "/",
        page=lambda refused: _demand_page(request, demand, refused),
    )  # fmt: skip


DEMAND_DEEDS = {
    "accept": Deed(
        "采纳", lambda demand, by, form: demands.accept(demand=demand, by=by),
        lead="采纳后可以列入年度计划，单位会收到消息。",
    ),
    "return": Deed(
        "退回修改",
        lambda demand, by, form: demands.send_back(demand=demand, by=by, **form.cleaned_data),
        form=WHY,
    ),
}  # fmt: skip


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_list(request):
    """All versions, and beginning the next one."""
    stations = perms.receiving_stations(request.user)
    if request.method == "POST" and not stations:
        raise Http404
    bound = request.POST if request.method == "POST" else None
    initial = {"year": timezone.localdate().year}
    form = forms.MakeForm(bound, stations=stations, initial=initial) if stations else None
    if bound is not None and form.is_valid():
        try:
            plan = making.make(by=request.user, **form.cleaned_data)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            return redirect(plan.get_absolute_url())
    rows = PlacementPlan.objects.visible_to(request.user).select_related("station")
    rows = rows.annotate(posts_now=Sum("posts__headcount"))
    rows = rows.order_by("-year", "station__path", "-version")
    page_obj = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    for each in page_obj:
        if each.people is not None:
            each.ratio = making.ratio(each.headcount, each.people)
    return render(request, "placement/desk/plan_list.html", {"page_obj": page_obj, "form": form})


def _plan(request, pk):
    rows = PlacementPlan.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("station", "made_by", "approved_by"), pk=pk)


@only(works_at_a_desk)
@require_safe
def plan_page(request, pk):
    return _plan_page(request, _plan(request, pk))


def _plan_page(request, plan, refused=None):
    handles = perms.may_handle_cases(request.user, plan.station)
    decides = perms.may_decide_cases(request.user, plan.station)
    writing = handles and plan.state == PlanState.DRAFT
    names = []
    if writing:
        names = ["submit", *(["take"] if making.waiting_posts(plan).exists() else [])]
    if decides and plan.state == PlanState.SUBMITTED:
        names = ["return"] if plan.made_by_id == request.user.pk else ["approve", "return"]
    if decides and plan.state == PlanState.APPROVED:
        names = ["publish"]
    shown = steps(names, PLAN_DEEDS, plan, ("placement:plan_act", [plan.pk]), refused)
    first = shown[:1] if names and names[0] != "return" else []
    posts = list(
        plan.posts.select_related("employer")
        .annotate(wished=Count("wishes"))
        .order_by("position", "pk")
    )
    headcount = sum(post.headcount for post in posts)
    frozen = plan.people is not None
    people = plan.people if frozen else making.people_to_place(plan.station, plan.year)
    context = {
        "plan": plan,
        "posts": posts,
        "headcount": headcount,
        "people": people,
        "ratio": making.ratio(headcount, people),
        "classes": _classes(plan, posts),
        "may_write": writing,
        "next": first[0] if first else None,
        "others": shown[len(first):],
        "refused_form": refused[1] if refused else None,
        "before": PlacementPlan.objects.filter(
            station=plan.station, year=plan.year, version__lt=plan.version
        ).order_by("-version").first(),
    }  # fmt: skip
    return render(request, "placement/desk/plan.html", context)


def _classes(plan, posts):
    """[(class of employers, posts, places, how many people would like it)] (A106, A109)."""
    wished = {}
    cases = PlacementCase.objects.to_place(plan.year).filter(
        station__path__startswith=plan.station.path
    )
    for natures in cases.values_list("wish_natures", flat=True):
        for each in natures:
            wished[each] = wished.get(each, 0) + 1
    rows = []
    for nature in PLACING_NATURES:
        mine = [post for post in posts if post.employer.nature == nature]
        places = sum(post.headcount for post in mine)
        rows.append((PartnerNature(nature).label, len(mine), places, wished.get(nature, 0)))
    return rows


@only(works_at_a_desk)
@require_POST
def plan_act(request, pk, act):
    plan = _plan(request, pk)
    return take(
        request, act, PLAN_DEEDS, plan, back=plan.get_absolute_url(),
        page=lambda refused: _plan_page(request, plan, refused),
    )  # fmt: skip


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_post(request, pk, post):
    """How many people a post is for in the plan; 0 takes it out."""
    plan = _plan(request, pk)
    if not perms.may_handle_cases(request.user, plan.station) or plan.state != PlanState.DRAFT:
        raise Http404
    kept = get_object_or_404(plan.posts.select_related("employer", "demand_post"), pk=post)
    bound = request.POST if request.method == "POST" else None
    form = forms.HeadcountForm(bound, initial={"headcount": kept.headcount})
    if bound is not None and form.is_valid():
        try:
            making.set_headcount(post=kept, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            return redirect(plan.get_absolute_url())
    context = {"form": form, "plan": plan, "post": kept}
    return render(request, "placement/desk/plan_post.html", context)


def _take(plan, by, form):
    making.take_posts(plan=plan, by=by, **form.cleaned_data)


PLAN_DEEDS = {
    "submit": Deed(
        "提交批准",
        lambda plan, by, form: making.submit(plan=plan, by=by, **form.cleaned_data),
        form=forms.SubmitForm,
        given=lambda plan: {"initial": {"words": plan.words}},
        lead="提交以后，岗位不能再改。",
    ),
    "take": Deed(
        "再列入岗位", _take, form=forms.TakeForm,
        given=lambda plan: {"waiting": making.waiting_posts(plan)},
    ),
    "approve": Deed("批准计划", lambda plan, by, form: making.approve(plan=plan, by=by)),
    "return": Deed(
        "退回修改",
        lambda plan, by, form: making.send_back(plan=plan, by=by, **form.cleaned_data), form=WHY,
    ),
    "publish": Deed(
        "公布岗位", lambda plan, by, form: making.publish(plan=plan, by=by),
        lead="公布以后人人可以查看，安置对象可以填报志愿。以前公布的版本由这一版取代。",
    ),
}  # fmt: skip

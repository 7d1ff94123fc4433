"""Directed recruitment at the desk: notices with posts and steps, and each applicant's way."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import only
from placement import perms
from placement.actions import recruitment as acts
from placement.enums.recruitment import ApplicantState, RecruitmentState, RecruitStep
from placement.forms.jobs import PostForm
from placement.forms.recruitment import ListForm, NoticeForm, ResultForm, StepsForm
from placement.models import Applicant, DirectedRecruitment, Vacancy
from placement.views.desk.fairs import own_stations
from placement.views.public.recruitment import timeline
from services.forms.fields import add_refusal
from services.forms.reasons import ReasonForm
from services.perms import works_at_a_desk
from veterans_portal.errors import DomainError

PER_PAGE = 25
WHY = {"length": 100, "rows": 2, "hint": "报名的人会看到。"}
State = RecruitmentState


def in_scope(request, pk):
    """The recruitment of a station in the reader's scope; Http404 otherwise."""
    rows = DirectedRecruitment.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("station", "division", "created_by"), pk=pk)


@only(works_at_a_desk)
@require_safe
def notice_list(request):
    """All notices in scope, newest first."""
    found = DirectedRecruitment.objects.visible_to(request.user).select_related("station")
    found = found.annotate(
        headcount=Sum("posts__headcount", distinct=False),
    ).order_by("-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    counted = Applicant.objects.filter(recruitment__in=[each.pk for each in page])
    people = dict(counted.order_by().values_list("recruitment").annotate(Count("pk")))
    for each in page:
        each.people = people.get(each.pk, 0)
    context = {"page_obj": page, "may_write": bool(own_stations(request.user, perms.may_keep_jobs))}
    return render(request, "placement/desk/recruitment_list.html", context)


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_edit(request, pk=None):
    """Draft a notice, or change one; published, only the days of its steps change."""
    if pk is None:
        own = own_stations(request.user, perms.may_keep_jobs)
        if not own:
            raise Http404
        known = DirectedRecruitment(station=own[0], division=own[0].division)
    else:
        known = in_scope(request, pk)
        if not perms.may_keep_jobs(request.user, known.station) or known.state not in (
            State.DRAFT, State.PUBLISHED,
        ):  # fmt: skip
            raise Http404
    posted = request.POST if request.method == "POST" else None
    drafted = known.state == State.DRAFT
    form = NoticeForm(posted, instance=known) if drafted else None
    steps = StepsForm(posted, recruitment=known)
    if posted is not None and steps.is_valid() & (form is None or form.is_valid()):
        try:
            saved = acts.save(
                recruitment=form.save(commit=False) if form else known, steps=steps.steps,
                by=request.user,
            )  # fmt: skip
        except DomainError as refused:
            add_refusal(form or steps, refused)
        else:
            messages.success(request, "公告已保存。")
            return redirect("placement:desk_recruitment", saved.pk)
    context = {"form": form, "steps": steps, "recruitment": known}
    return render(request, "placement/desk/recruitment_edit.html", context)


@only(works_at_a_desk)
@require_safe
def notice(request, pk):
    """One: the next step, posts, the steps with their days, applicants by number."""
    return _page(request, in_scope(request, pk))


def _page(request, shown, *, status=200, **bound):
    user, station = request.user, shown.station
    may_check, may_keep = perms.may_check_jobs(user, station), perms.may_keep_jobs(user, station)
    applicants = shown.applicants.select_related("person", "post").order_by("number")
    state = request.GET.get("state", "")
    if state in ApplicantState.values:
        applicants = applicants.filter(state=state)
    page = Paginator(applicants, PER_PAGE).get_page(request.GET.get("page"))
    counts = shown.applicants.aggregate(
        **{state: Count("pk", filter=Q(state=state)) for state in ApplicantState.values}
    )
    published = shown.state == State.PUBLISHED
    proposed = acts.proposed(shown) if published and may_check else []
    context = {
        "recruitment": shown,
        "posts": list(shown.posts.select_related("division").order_by("pk")),
        "steps": timeline(shown),
        "page_obj": page,
        "tabs": [("全部", "?", state not in counts)]
        + [
            (ApplicantState(key).label, f"?state={key}", key == state, count)
            for key, count in counts.items()
        ],
        "may_check": may_check,
        "may_change": may_keep and shown.state in (State.DRAFT, State.PUBLISHED),
        "may_add_posts": may_keep and shown.state == State.DRAFT,
        "may_publish": may_check and shown.state == State.DRAFT and shown.created_by_id != user.pk,
        "may_list": bool(proposed) and shown.listed_from is None,
        "proposed": proposed,
        "may_end": may_check and published and not counts[ApplicantState.IN],
        "may_cancel": may_check and shown.state in (State.DRAFT, State.PUBLISHED),
        "list_form": ListForm(initial={"first": timezone.localdate()}, auto_id="list_%s"),
        "cancel_form": ReasonForm(**WHY, auto_id="cancel_%s"),
    } | bound
    return render(request, "placement/desk/recruitment.html", context, status=status)


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def post_new(request, pk):
    """Add a post to a notice that is drafted."""
    shown = in_scope(request, pk)
    if not perms.may_keep_jobs(request.user, shown.station) or shown.state != State.DRAFT:
        raise Http404
    post = Vacancy(division=shown.division, station=shown.station)
    form = PostForm(
        request.POST if request.method == "POST" else None, instance=post, directed=True
    )
    if request.method == "POST" and form.is_valid():
        try:
            acts.add_post(recruitment=shown, post=form.save(commit=False), by=request.user)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "岗位已添加。")
            return redirect("placement:desk_recruitment", shown.pk)
    context = {"recruitment": shown, "form": form}
    return render(request, "placement/desk/recruitment_post.html", context)


@only(works_at_a_desk)
@require_POST
def post_remove(request, pk, post):
    """Take a post out of a notice that is drafted."""
    shown = in_scope(request, pk)
    return _do(request, shown, lambda: acts.remove_post(
        post=get_object_or_404(shown.posts, pk=post), by=request.user
    ), "岗位已移除。")  # fmt: skip


def _do(request, shown, deed, words):
    try:
        deed()
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, words)
    return redirect("placement:desk_recruitment", shown.pk)


@only(works_at_a_desk)
@require_POST
def notice_act(request, pk, act):
    """Publish, put the list up, end, cancel."""
    shown = in_scope(request, pk)
    by = request.user
    if act == "publish":
        return _do(
            request,
            shown,
            lambda: acts.publish(recruitment=shown, by=by),
            "公告已发布，可以报名了。",
        )
    if act == "end":
        return _do(request, shown, lambda: acts.end(recruitment=shown, by=by), "这次招录已结束。")
    if act == "list":
        form = ListForm(request.POST, auto_id="list_%s")
        if not form.is_valid():
            return _page(request, shown, list_form=form)
        deed = lambda: acts.publish_list(recruitment=shown, by=by, **form.cleaned_data)  # noqa: E731
        return _do(request, shown, deed, "拟聘名单已公示，到期自动撤下。")
    if act == "cancel":
        form = ReasonForm(request.POST, **WHY, auto_id="cancel_%s")
        if not form.is_valid():
            return _page(request, shown, cancel_form=form)
        deed = lambda: acts.cancel(recruitment=shown, by=by, **form.cleaned_data)  # noqa: E731
        return _do(request, shown, deed, "已取消，报名的人会收到消息。")
    raise Http404


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def applicant(request, pk):
    """One applicant's way; the next step's result, or the hiring after the list came down."""
    rows = Applicant.objects.visible_to(request.user).with_all().select_related("person__station")
    shown = get_object_or_404(rows, pk=pk)
    recruitment = shown.recruitment
    steps = set(recruitment.steps.values_list("step", flat=True))
    step = acts.next_step(shown, steps) if shown.state == ApplicantState.IN else None
    form = ResultForm(None, step=step) if step else None
    if request.method == "POST":
        form, done = _judge(request, shown, step)
        if done:
            return redirect("placement:desk_applicant", shown.pk)
    published = recruitment.state == State.PUBLISHED
    context = {
        "applicant": shown,
        "recruitment": recruitment,
        "results": list(shown.results.select_related("by")),
        "step": RecruitStep(step).label if step else "",
        "form": form,
        "may_judge": published
        and step is not None
        and perms.may_keep_jobs(request.user, recruitment.station),
        "may_hire": published
        and shown.state == ApplicantState.IN
        and shown.step == RecruitStep.PUBLICITY
        and recruitment.listed_until < timezone.localdate()
        and perms.may_check_jobs(request.user, recruitment.station),
    }
    return render(request, "placement/desk/applicant.html", context)


def _judge(request, shown, step):
    """Do what was pressed; returns the form as typed and whether it was done."""
    try:
        if request.POST.get("do") == "hire":
            acts.hire(applicant=shown, by=request.user)
            messages.success(request, "已记为聘用，本人会收到消息。")
            return None, True
    except DomainError as refused:
        messages.error(request, refused.message)
        return None, True
    if step is None:
        raise Http404
    form = ResultForm(request.POST, step=step)
    if form.is_valid():
        data = form.cleaned_data
        try:
            acts.record_result(
                applicant=shown, step=step, passed=data["passed"], score=data.get("score"),
                reason=data["reason"], by=request.user,
            )  # fmt: skip
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "结果已记下，本人会收到消息。")
            return form, True
    return form, False

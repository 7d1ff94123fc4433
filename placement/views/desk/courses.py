"""Courses at the desk: the list, drafting, one with its runs, planning a run."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import only
from placement import perms
from placement import training_figures as figures
from placement.actions import training as acts
from placement.enums.training import CourseState
from placement.forms.training import CourseFilter, CourseForm, RunForm
from placement.models import Course
from placement.views.desk.fairs import own_stations
from services.forms.fields import add_refusal
from services.perms import works_at_a_desk
from veterans_portal.errors import DomainError

PER_PAGE = 25
DEEDS = {"open": acts.open_course, "close": acts.close_course}
DONE = {"open": "课程已开设，公众可以看到。", "close": "课程已停开，已报名的班次照常上课。"}


def course_in_scope(request, pk):
    """The course of a station in the reader's scope; Http404 otherwise."""
    rows = Course.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("station", "provider", "created_by"), pk=pk)


@only(works_at_a_desk)
@require_safe
def course_list(request):
    """All courses in scope."""
    form = CourseFilter(request.GET)
    found = Course.objects.visible_to(request.user).select_related("station", "provider")
    if kind := form.value("kind"):
        found = found.filter(kind=kind)
    if state := form.value("state"):
        found = found.filter(state=state)
    if text := form.value("q"):
        found = found.filter(title__icontains=text)
    page = Paginator(found.order_by("station__path", "kind", "title"), PER_PAGE)
    context = {
        "form": form,
        "page_obj": page.get_page(request.GET.get("page")),
        "may_keep": bool(own_stations(request.user, perms.may_keep_training)),
    }
    return render(request, "placement/desk/course_list.html", context)


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def course_new(request):
    """Draft a course of one of my own stations (`?station=code`)."""
    own = own_stations(request.user, perms.may_keep_training)
    wanted = request.GET.get("station") or (own[0].code if own else "")
    station = next((each for each in own if each.code == wanted), None)
    if station is None:
        raise Http404
    return _edit(request, Course(station=station))


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def course_edit(request, pk):
    """Change a course that nobody is in."""
    course = course_in_scope(request, pk)
    if not perms.may_keep_training(request.user, course.station):
        raise Http404
    return _edit(request, course)


def _edit(request, course):
    form = CourseForm(request.POST if request.method == "POST" else None, instance=course)
    if request.method == "POST" and form.is_valid():
        try:
            saved = acts.save_course(course=form.save(commit=False), by=request.user)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "课程已保存。")
            return redirect("placement:desk_course", saved.pk)
    return render(request, "placement/desk/course_edit.html", {"form": form, "course": course})


@only(works_at_a_desk)
@require_safe
def course(request, pk):
    """One, its runs, what can be done."""
    shown = course_in_scope(request, pk)
    user = request.user
    page = Paginator(shown.runs.order_by("-slot__starts_at"), PER_PAGE)
    page_obj = page.get_page(request.GET.get("page"))
    context = {
        "course": shown,
        "page_obj": page_obj,
        "runs": figures.runs_with_heads(page_obj.object_list),
        "may_keep": perms.may_keep_training(user, shown.station),
        "may_check": perms.may_check_training(user, shown.station),
        "own_draft": shown.created_by_id == user.pk,
    }
    return render(request, "placement/desk/course.html", context)


@only(works_at_a_desk)
@require_POST
def course_act(request, pk, act):
    """Open or close it."""
    shown = course_in_scope(request, pk)
    if act not in DEEDS:
        raise Http404
    try:
        DEEDS[act](course=shown, by=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, DONE[act])
    return redirect("placement:desk_course", pk)


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def run_new(request, pk):
    """Plan a run of an open course."""
    shown = course_in_scope(request, pk)
    may = perms.may_keep_training(request.user, shown.station)
    if not may or shown.state != CourseState.OPEN:
        raise Http404
    form = RunForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            run = acts.plan_run(
                course=shown, title=data["title"], place=data["place"], teacher=data["teacher"],
                places=data["places"], lessons=form.lessons(), by=request.user,
            )  # fmt: skip
        except DomainError as refused:
            if refused.field == "lessons":
                refused.field = "days"
            add_refusal(form, refused)
        else:
            messages.success(request, "班次已排好，可以报名了。")
            return redirect("placement:desk_run", run.pk)
    return render(request, "placement/desk/run_new.html", {"form": form, "course": shown})

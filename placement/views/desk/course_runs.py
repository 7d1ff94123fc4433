"""A run at the desk: who is in it, the codes of its lessons, signing in, results, calling it off."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import only
from placement import perms
from placement.actions import training as acts
from placement.enums.training import RunState
from placement.forms.training import DeskEnrolForm, ScoresForm
from placement.models import Attendance, CourseRun
from services.forms.fields import add_refusal
from services.forms.reasons import ReasonForm
from services.models import Person
from services.perms import works_at_a_desk
from veterans_portal.errors import DomainError

WHY = {"length": 100, "rows": 2, "hint": "报名的人会看到。"}


def run_in_scope(request, pk):
    """The run of a station in the reader's scope; Http404 otherwise."""
    rows = CourseRun.objects.visible_to(request.user)
    rows = rows.select_related("course__provider", "station", "slot", "offering")
    return get_object_or_404(rows, pk=pk)


def _page(request, run, **bound):
    people = acts.attended_hours(run)
    been = Attendance.objects.filter(enrolment__run=run).values_list("enrolment_id", "lesson_id")
    by_person = {}
    for enrolment, lesson in been:
        by_person.setdefault(enrolment, set()).add(lesson)
    now = timezone.now()
    lessons = list(run.lessons.all())
    current = acts.lesson_now(run, now)
    for each in people:
        each.lessons_been = by_person.get(each.pk, set())
        each.is_here = current is not None and current.pk in each.lessons_been
    is_open = run.state == RunState.OPEN
    may_keep = perms.may_keep_training(request.user, run.station)
    context = {
        "run": run,
        "people": people,
        "lessons": lessons,
        "lesson": current,
        "may_keep": may_keep and is_open,
        "may_receive": is_open and perms.may_receive_at_training(request.user, run.station),
        "may_close": may_keep and is_open and run.slot.ends_at <= now,
        "may_cancel": may_keep and is_open and run.slot.starts_at > now,
        "takes_people": may_keep and is_open and run.slot.starts_at > now,
        "enrol_form": DeskEnrolForm(),
        "cancel_form": ReasonForm(**WHY, auto_id="cancel_%s"),
    } | bound
    return render(request, "placement/desk/run.html", context)


@only(works_at_a_desk)
@require_safe
def run(request, pk):
    """The run with its people, by name."""
    return _page(request, run_in_scope(request, pk))


@only(works_at_a_desk)
@require_POST
def run_enrol(request, pk):
    """Enrol somebody at the counter, by their ID number."""
    shown = run_in_scope(request, pk)
    if not perms.may_keep_training(request.user, shown.station):
        raise Http404
    form = DeskEnrolForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        person = Person.objects.visible_to(request.user).with_id_number(data["id_number"]).first()
        if person is None:
            form.add_error("id_number", "本辖区没有这个身份证号的档案，请先建档或核对。")
        else:
            try:
                acts.enrol(run=shown, person=person, by=request.user, client_key=data["client_key"])
            except DomainError as refused:
                add_refusal(form, refused)
            else:
                messages.success(request, f"已为{person.name}报名。")
                return redirect("placement:desk_run", pk)
    return _page(request, shown, enrol_form=form)


@only(works_at_a_desk)
@require_POST
def run_sign_in(request, pk, enrolment, lesson):
    """Note that somebody is in a lesson, or take it back (`do=back`)."""
    shown = run_in_scope(request, pk)
    one = get_object_or_404(shown.enrolments.all(), pk=enrolment)
    when = get_object_or_404(shown.lessons.all(), pk=lesson)
    act = acts.take_back if request.POST.get("do") == "back" else acts.sign_in
    try:
        act(enrolment=one, lesson=when, by=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
    return redirect("placement:desk_run", pk)


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def run_close(request, pk):
    """Enter the results and close the run."""
    shown = run_in_scope(request, pk)
    over = shown.slot.ends_at <= timezone.now()
    may = perms.may_keep_training(request.user, shown.station)
    if not may or shown.state != RunState.OPEN or not over:
        raise Http404
    people = acts.attended_hours(shown)
    form = ScoresForm(
        request.POST if request.method == "POST" else None, people=people, course=shown.course
    )
    if request.method == "POST" and form.is_valid():
        try:
            passed = acts.close_run(run=shown, scores=form.scores(), by=request.user)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, f"已结业，{passed}人合格，证书已发放。")
            return redirect("placement:desk_run", pk)
    context = {"form": form, "run": shown, "people": people}
    return render(request, "placement/desk/run_close.html", context)


@only(works_at_a_desk)
@require_POST
def run_cancel(request, pk):
    """Call it off before it begins."""
    shown = run_in_scope(request, pk)
    form = ReasonForm(request.POST, **WHY, auto_id="cancel_%s")
    if not form.is_valid():
        return _page(request, shown, cancel_form=form)
    try:
        acts.cancel_run(run=shown, by=request.user, **form.cleaned_data)
    except DomainError as refused:
        add_refusal(form, refused)
        return _page(request, shown, cancel_form=form)
    messages.success(request, "班次已取消，报名的人会收到消息。")
    return redirect("placement:desk_run", pk)

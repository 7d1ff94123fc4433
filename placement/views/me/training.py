"""My training: what I should attend, what I am in, signing in, certificates, what I think of it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.perms import is_citizen, only
from placement.actions import training as acts
from placement.enums.training import CourseKind, DutyState
from placement.forms.training import EnrolForm, EvaluationForm, ExemptionForm, LessonCodeForm
from placement.models import CourseRun, Enrolment, TrainingDuty
from services.forms.fields import add_refusal
from services.models import Person
from veterans_portal.errors import DomainError

SHOWN = 50


def _own(request):
    return Person.objects.filter(account=request.user).select_related("station").first()


@only(is_citizen)
@require_safe
def my_training(request):
    """Duties that wait, courses I am in, courses I finished; and runs that fit what I should attend."""
    mine = list(Enrolment.objects.visible_to(request.user).with_all().order_by("-pk")[:SHOWN])
    duties = list(TrainingDuty.objects.visible_to(request.user).open().order_by("due_on")[:3])
    fitting = []
    if duties:
        fitting = CourseRun.objects.to_come().filter(
            course__kind=CourseKind.ADAPTIVE, course__ways__contains=[duties[0].way]
        )
        fitting = list(fitting.select_related("course", "slot", "station")[:3])
    context = {
        "going_on": [each for each in mine if each.result is None and each.is_live],
        "finished": [each for each in mine if each.result is not None],
        "duties": duties,
        "fitting": fitting,
    }
    return render(request, "placement/me/training.html", context)


@only(is_citizen)
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request, run):
    """Enrol in a run: the file knows everything, one tap is left."""
    rows = CourseRun.objects.to_come().select_related("course", "slot", "station")
    shown = get_object_or_404(rows, pk=run)
    person = _own(request)
    if person is None:
        return render(request, "placement/me/no_file.html", {"title": "报名培训"})
    form = EnrolForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.enrol(run=shown, person=person, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, f"已报名“{shown.course.title}”，上课前一天会提醒您。")
            return redirect("placement:my_training")
    context = {
        "form": form,
        "run": shown,
        "person": person,
        "refusal": acts.refusal_to_enrol(shown, person),
        "free_used": shown.course.kind == CourseKind.SKILL and acts.free_course_used(person),
    }
    return render(request, "placement/me/enrol.html", context)


@only(is_citizen)
@require_http_methods(["GET", "HEAD", "POST"])
def enrolment(request, pk):
    """One: its lessons with those I was in, signing in by the code, evaluating it at the end."""
    mine = Enrolment.objects.visible_to(request.user).with_all()
    shown = get_object_or_404(mine, pk=pk)
    sign_in, evaluation = LessonCodeForm(), EvaluationForm()
    if request.method == "POST":
        sign_in, evaluation, done = _answer(request, shown, sign_in, evaluation)
        if done:
            return redirect("placement:enrolment", pk=pk)
    now = timezone.now()
    context = {
        "enrolment": shown,
        "lessons": list(shown.run.lessons.all()),
        "been": set(shown.attendances.values_list("lesson", flat=True)),
        "lesson": acts.lesson_now(shown.run, now) if shown.is_live else None,
        "sign_in_form": sign_in,
        "evaluation_form": evaluation,
        "now": now,
        "may_withdraw": shown.booking.is_coming and shown.run.slot.starts_at > now,
    }
    return render(request, "placement/me/enrolment.html", context)


def _answer(request, shown, sign_in, evaluation):
    form = None
    try:
        if request.POST.get("do") == "withdraw":
            acts.withdraw(enrolment=shown, by=request.user)
            messages.success(request, "已退出报名，名额已让出。")
            return sign_in, evaluation, True
        if request.POST.get("do") == "evaluate":
            form = evaluation = EvaluationForm(request.POST)
            if form.is_valid():
                acts.evaluate(enrolment=shown, by=request.user, **form.cleaned_data)
                messages.success(request, "谢谢您的评价。")
                return sign_in, evaluation, True
        else:
            form = sign_in = LessonCodeForm(request.POST)
            if form.is_valid():
                acts.attend(enrolment=shown, by=request.user, **form.cleaned_data)
                messages.success(request, "已签到。")
                return sign_in, evaluation, True
    except DomainError as refused:
        if form is None:
            messages.error(request, refused.message)
            return sign_in, evaluation, True
        add_refusal(form, refused)
    return sign_in, evaluation, False


@only(is_citizen)
@require_http_methods(["GET", "HEAD", "POST"])
def exemption(request, pk):
    """Ask not to attend, with the reason."""
    mine = TrainingDuty.objects.visible_to(request.user).filter(state=DutyState.DUE)
    duty = get_object_or_404(mine.select_related("station"), pk=pk)
    form = ExemptionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.ask_exemption(duty=duty, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, f"申请已提交，{duty.station.name}核对后告诉您。")
            return redirect("placement:my_training")
    return render(request, "placement/me/exemption.html", {"form": form, "duty": duty})

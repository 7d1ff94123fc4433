"""A person's work: vacancies that fit, intentions, applications, and the CV."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import is_citizen, only
from placement.actions import intents, recruitment
from placement.forms.jobs import CvForm, WishForm
from placement.forms.recruitment import ApplyForm
from placement.models import Applicant, Cv, DirectedRecruitment, EmploymentIntent, JobFair, Vacancy
from placement.suggestions import suggestions_for
from services.forms.fields import add_refusal
from services.models import Person
from veterans_portal.errors import DomainError

SHOWN = 50


def _own(request):
    """The person's file, or None."""
    return Person.objects.filter(account=request.user).select_related("station").first()


def _cv(person):
    return Cv.objects.select_related("division").filter(person=person).first() if person else None


@only(is_citizen)
@require_safe
def my_work(request):
    """What fits, what came of it, what I applied for."""
    person = _own(request)
    cv = _cv(person)
    mine = list(EmploymentIntent.objects.visible_to(request.user).with_all()[:SHOWN])
    taken = [each.vacancy_id for each in mine if each.is_open]
    applications = Applicant.objects.visible_to(request.user).with_all().prefetch_related("results")
    context = {
        "person": person,
        "cv": cv,
        "suggestions": suggestions_for(person, cv, taken=taken) if person else [],
        "intents": mine,
        "applications": list(applications.order_by("-applied_at")[:SHOWN]),
        "fairs": list(JobFair.objects.to_come().select_related("station")[:3]),
    }
    return render(request, "placement/me/work.html", context)


@only(is_citizen)
@require_http_methods(["GET", "HEAD", "POST"])
def my_cv(request):
    """The CV: what the file knows is shown, the rest is typed once."""
    person = _own(request)
    if person is None:
        return render(request, "placement/me/no_file.html", {"title": "求职简历"})
    cv = _cv(person) or Cv(person=person, division=None)
    form = CvForm(request.POST if request.method == "POST" else None, instance=cv)
    if request.method == "POST" and form.is_valid():
        intents.save_cv(cv=form.save(commit=False), by=request.user)
        messages.success(request, "简历已保存，合适的岗位会按它推荐。")
        return redirect("placement:my_work")
    return render(request, "placement/me/cv.html", {"form": form, "person": person})


@only(is_citizen)
@require_http_methods(["GET", "HEAD", "POST"])
def wish(request, pk):
    """Tell an employer that one is interested, with the consents that name it."""
    vacancy = get_object_or_404(Vacancy.objects.open().with_all(), pk=pk, recruitment=None)
    person = _own(request)
    if person is None:
        return render(request, "placement/me/no_file.html", {"title": "我对这个岗位有意"})
    has_cv = Cv.objects.filter(person=person).exists()
    form = WishForm(
        request.POST if request.method == "POST" else None, vacancy=vacancy, has_cv=has_cv
    )
    if request.method == "POST" and form.is_valid():
        try:
            intents.wish(
                vacancy=vacancy, person=person, by=request.user,
                share_cv=form.cleaned_data.get("share_cv", False),
            )  # fmt: skip
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, f"已告诉{vacancy.employer_name}，有答复会发消息给您。")
            return redirect("placement:my_work")
    context = {"form": form, "vacancy": vacancy, "person": person, "has_cv": has_cv}
    return render(request, "placement/me/wish.html", context)


@only(is_citizen)
@require_POST
def give_up(request, pk):
    """Give up an intention of one's own."""
    intent = get_object_or_404(EmploymentIntent.objects.visible_to(request.user), pk=pk)
    try:
        intents.end(intent=intent, by=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已放弃，单位会知道。")
    return redirect("placement:my_work")


@only(is_citizen)
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request, pk):
    """Apply for a reserved post."""
    shown = get_object_or_404(DirectedRecruitment.objects.public(), pk=pk)
    if not shown.takes_applicants():
        raise Http404
    person = _own(request)
    if person is None:
        return render(request, "placement/me/no_file.html", {"title": "定向招录报名"})
    form = ApplyForm(request.POST if request.method == "POST" else None, recruitment=shown)
    if request.method == "POST" and form.is_valid():
        try:
            done = recruitment.apply(person=person, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, f"报名成功，报名号{done.number}。每一步结果都会发消息。")
            return redirect("placement:my_work")
    context = {"form": form, "recruitment": shown, "person": person}
    return render(request, "placement/me/apply.html", context)


@only(is_citizen)
@require_POST
def withdraw(request, pk):
    """Give up an application of one's own."""
    applicant = get_object_or_404(Applicant.objects.visible_to(request.user), pk=pk)
    try:
        recruitment.withdraw(applicant=applicant, by=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已放弃这次报名。")
    return redirect("placement:my_work")

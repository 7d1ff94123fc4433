"""For people without a phone: a wish for a vacancy and an application, written down at the counter."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.perms import only
from placement.actions import intents, recruitment
from placement.forms.on_behalf import DeskApplyForm, FileForm
from placement.models import DirectedRecruitment, Vacancy
from services.forms.fields import add_refusal
from services.perms import works_at_a_desk
from veterans_portal.errors import DomainError


@sensitive_post_parameters("id_number")
@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def wish(request, pk):
    """Tell an employer that the person at the counter is interested."""
    vacancy = get_object_or_404(Vacancy.objects.open().with_all(), pk=pk, recruitment=None)
    form = FileForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            intents.wish(vacancy=vacancy, person=form.person, by=request.user)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(
                request, f"已替{form.person.name}告诉{vacancy.employer_name}，答复会发给本人。"
            )
            return redirect(vacancy)
    context = {"title": "代本人登记意向", "about": vacancy, "form": form, "label": "登记意向"}
    return render(request, "placement/desk/on_behalf.html", context)


@sensitive_post_parameters("id_number")
@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request, pk):
    """Apply for a reserved post for the person at the counter."""
    shown = get_object_or_404(DirectedRecruitment.objects.public(), pk=pk)
    if not shown.takes_applicants():
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = DeskApplyForm(posted, by=request.user, recruitment=shown)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            done = recruitment.apply(
                post=data["post"], person=form.person, statement=data["statement"],
                by=request.user,
            )  # fmt: skip
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, f"已替{done.person.name}报名，报名号{done.number}。")
            return redirect(shown)
    context = {"title": "代本人报名", "about": shown, "form": form, "label": "报名"}
    return render(request, "placement/desk/on_behalf.html", context)

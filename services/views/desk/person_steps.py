"""The steps of a file as pages: submit, review, file, move, close; identities; corrections."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.perms import only
from services import perms
from services.actions import changes, identities, persons
from services.forms import persons as forms
from services.forms.fields import add_refusal
from services.forms.reasons import ReasonForm
from services.models import ChangeRequest, Identity, Person
from services.views.desk.persons import get_person
from veterans_portal.errors import DomainError


@dataclass(frozen=True)
class Step:
    """An act of the file as a page: what it asks for and what it says when done."""

    deed: object
    done: str
    form: type | None = None
    heading: str = ""
    kind: str = "primary"


STEPS = {
    "submit": Step(persons.submit_file, "已提交审核。"),
    "review": Step(persons.review_file, "审核通过。"),
    "enter": Step(persons.enter_file, "已建档。"),
    "return": Step(persons.return_file, "已退回，并告诉了提交人。", ReasonForm, "退回档案"),
    "close": Step(
        persons.close_file, "已办理，档案不再使用。", forms.CloseForm, "转出或注销档案", "danger"
    ),
    "unlink": Step(persons.unlink_account, "已解除关联。", ReasonForm, "解除账号关联"),
}


@only(perms.works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request, pk, act):
    """One step of the file; those that need words first show their form."""
    found = get_person(request, pk)
    step = STEPS.get(act)
    if step is None or (step.form is None and request.method != "POST"):
        raise Http404
    return _take(request, step, found, {"person": found})


def _take(request, step, subject_person, subject):
    form = step.form(request.POST or None) if step.form else None
    if request.method == "POST" and (form is None or form.is_valid()):
        values = dict(form.cleaned_data) if form else {}
        deed = step.deed
        if values.pop("how", "") == "move":
            deed = persons.move_out
        try:
            deed(by=request.user, request=request, **subject, **values)
        except DomainError as refused:
            if form is None:
                messages.error(request, refused.message)
                return redirect(subject_person)
            add_refusal(form, refused)
        else:
            messages.success(request, step.done)
            return _back(request, subject_person)
    context = {"form": form, "step": step, "person": subject_person}
    return render(request, "services/desk/person_act.html", context)


def _back(request, found):
    """To the file, unless it just left the reader's scope."""
    if Person.objects.visible_to(request.user).filter(pk=found.pk).exists():
        return redirect(found)
    return redirect("services:desk_search")


IDENTITY_STEPS = {
    "verify": Step(identities.verify_identity, "身份已核验。", forms.EvidenceForm, "核验身份"),
    "end": Step(
        identities.end_identity, "身份已终止。", forms.EndIdentityForm, "终止身份", "danger"
    ),
}


@only(perms.works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request, pk, act):
    """Verify or end an identity (pk of the identity), or declare one (pk of the person)."""
    if act == "declare":
        return _declare(request, get_person(request, pk))
    step = IDENTITY_STEPS.get(act)
    if step is None:
        raise Http404
    scope = Person.objects.visible_to(request.user)
    found = get_object_or_404(
        Identity.objects.filter(person__in=scope).select_related("person__station"), pk=pk
    )
    return _take(request, step, found.person, {"identity": found})


def _declare(request, found):
    form = forms.IdentityForm(request.POST or None)
    if request.method != "POST":
        raise Http404
    if form.is_valid():
        try:
            identities.declare_identity(
                person=found,
                category=form.cleaned_data["category"],
                by=request.user,
                request=request,
            )
        except DomainError as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, "身份已登记，请核验证明材料。")
    return redirect(found)


CHANGE_STEPS = {
    "accept": Step(changes.accept_change, "已更正。"),
    "refuse": Step(changes.refuse_change, "已答复本人。", forms.AnswerForm, "不采纳变更"),
}


@only(perms.works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request, pk, act):
    """Decide on a correction."""
    step = CHANGE_STEPS.get(act)
    if step is None or (step.form is None and request.method != "POST"):
        raise Http404
    asked = get_object_or_404(
        ChangeRequest.objects.visible_to(request.user).select_related("person__station"), pk=pk
    )
    return _take(request, step, asked.person, {"change": asked})

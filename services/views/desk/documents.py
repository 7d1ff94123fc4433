"""Papers the portal issued, at the desk: one is declared void."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.perms import only
from services import perms
from services.actions import documents
from services.forms.fields import add_refusal
from services.forms.reasons import ReasonForm
from veterans_portal.errors import DomainError

HINT = "本人会收到，请写明白、写客气。例如：姓名有误，已另行出具。"


@only(perms.works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request, code):
    """Why a paper no longer holds; from then on whoever verifies it reads that it is void."""
    document = get_object_or_404(documents.visible_to(request.user), code=code)
    if not documents.may_revoke(request.user, document):
        raise Http404
    form = ReasonForm(request.POST or None, rows=3, hint=HINT)
    if request.method == "POST" and form.is_valid():
        try:
            documents.revoke(document=document, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, f"{document.get_kind_display()}已作废，核验时会显示。")
            return redirect(_back(document))
    context = {"document": document, "form": form, "back": _back(document)}
    return render(request, "services/desk/document_revoke.html", context)


def _back(document):
    if document.matter is not None:
        return reverse("services:desk_matter", args=[document.matter.number])
    return document.person.get_absolute_url()

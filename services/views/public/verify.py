"""Anyone may check a paper the portal issued: by its code, by its QR, or by the file itself."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import client_address
from services.actions import documents
from services.actions.documents import FileStanding, Standing
from services.forms.documents import CodeForm, FileForm
from veterans_portal import throttling
from veterans_portal.masking import mask_name

TONES = {
    Standing.VALID: "done",
    Standing.EXPIRED: "warning",
    Standing.REVOKED: "error",
    Standing.ALTERED: "error",
    Standing.UNSURE: "warning",
}
FILE_TONES = {
    FileStanding.INTACT: "done",
    FileStanding.CHANGED: "error",
    FileStanding.UNSEALED: "warning",
    FileStanding.UNSURE: "warning",
}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request):
    """Type a code (GET) or choose a file (POST); a known code leads to its paper."""
    if request.method == "POST":
        return _check_file(request)
    if "code" not in request.GET:
        return _page(request)
    if _spent(request):
        return _too_often(request)
    form = CodeForm(request.GET)
    if form.is_valid():
        return redirect("services:verify_code", form.document.code)
    _count(request)
    return _page(request, code_form=form)


@login_not_required
@require_safe
def verify_code(request, code):
    """What stands in the paper with this code, masked, and whether it holds."""
    if _spent(request):
        return _too_often(request)
    document = documents.find(code)
    if document is None:
        _count(request)
        return _page(request, code_form=CodeForm({"code": code[:60]}))
    if document.code != code:
        return redirect("services:verify_code", document.code)
    return _hidden(render(request, "services/public/verify_code.html", _facts(document)))


def _facts(document):
    standing = documents.standing(document)
    believable = standing in (Standing.VALID, Standing.EXPIRED, Standing.REVOKED)
    return {
        "document": document,
        "standing": standing,
        "tone": TONES[standing],
        "believable": believable,
        "name": mask_name(documents.body_of(document)["name"]) if believable else "",
        "code": documents.grouped(document.code),
    }


def _check_file(request):
    if not throttling.within(_name(request), settings.VERIFY_TRIES):
        return _too_often(request)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, file_form=form)
    check = documents.check_file(form.cleaned_data["file"])
    context = {"check": check, "file_tone": FILE_TONES[check.standing]}
    if check.document is not None:
        context |= _facts(check.document)
    return _hidden(render(request, "services/public/verify_file.html", context))


def _page(request, *, code_form=None, file_form=None, status=200):
    context = {"code_form": code_form or CodeForm(), "file_form": file_form or FileForm()}
    return _hidden(render(request, "services/public/verify.html", context, status=status))


def _too_often(request):
    return _hidden(render(request, "services/public/verify_wait.html", status=429))


def _hidden(response):
    """Search engines keep out, and nobody keeps a copy on the way."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


def _name(request):
    return f"verify {client_address(request)}"


def _spent(request):
    return throttling.spent(_name(request), settings.VERIFY_TRIES)


def _count(request):
    throttling.within(_name(request), settings.VERIFY_TRIES)

"""Papers of a matter: handed in, opened, taken away; issued papers downloaded.

The same addresses serve the person, whoever entered it for them, and the staff in whose scope the
station lies: `Matter.objects.visible_to` decides, and the acts decide again.
"""

from django.contrib import messages
from django.core import signing
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts import private_files
from services import card_photos, papers, uploads
from services.actions import documents
from services.actions import matter_files as acts
from services.card_photos import PhotoFaultsError
from services.forms.fields import add_refusal
from services.forms.matter_files import UploadForm
from services.models import Matter, MatterFile
from services.views.handed_out import file_answer
from veterans_portal import crypto
from veterans_portal.errors import DomainError

SALT = "services.card_photo"
PREVIEW_SECONDS = 60 * 60


@require_POST
def add(request, number):
    """Hand in one paper; a card photo that does not fit is shown as it could be made to fit."""
    matter = _matter(request, number)
    form = UploadForm(request.POST, request.FILES, matter=matter)
    if not form.is_valid():
        return _form_again(request, matter, form)
    try:
        file = acts.add_file(
            matter=matter,
            by=request.user,
            upload=form.cleaned_data["upload"],
            paper=form.cleaned_data["paper"],
            request=request,
        )
    except PhotoFaultsError as faults:
        return _offer_fitted(request, matter, form, faults)
    except DomainError as refused:
        add_refusal(form, refused)
        return _form_again(request, matter, form)
    return _added(request, matter, file)


def _added(request, matter, file):
    what = file.paper.name if file.paper else file.title
    if file.was_there:
        messages.info(request, f"这份材料已经传过了（{what}），不用再传。")
    else:
        messages.success(request, f"“{what}”传好了。还有别的材料，请接着传。")
    return redirect(f"{_back(request, matter)}#papers")


def _offer_fitted(request, matter, form, faults):
    """Crop and pack the photo that was sent, and ask whether it will do."""
    paper, upload = form.cleaned_data["paper"], form.cleaned_data["upload"]
    try:
        if not faults.can_fit:
            raise faults
        fitted = card_photos.fitted(*uploads.read_picture(upload))
    except PhotoFaultsError as final:
        add_refusal(form, final)
        return _form_again(request, matter, form)
    said = {
        "file": private_files.keep(fitted),
        "matter": matter.pk,
        "paper": paper.pk,
        "user": request.user.pk,
    }
    token = signing.dumps(said, salt=SALT)
    more = {
        "faults": faults.faults,
        "preview": reverse("services:matter_photo", args=[matter.number, token]),
        "token": token,
    }
    fresh = UploadForm(matter=matter, initial={"paper": paper})
    return _form_again(request, matter, fresh, **more)


@require_safe
def photo(request, number, token):
    """The fitted photo, to the one who sent it, for an hour."""
    data, _ = _fitted(request, _matter(request, number), token)
    return file_answer(data, name="photo.jpg", content_type="image/jpeg")


@require_POST
def take_photo(request, number):
    """Hand in the photo as it was made to fit."""
    matter = _matter(request, number)
    data, paper = _fitted(request, matter, request.POST.get("photo", ""))
    cleaned = uploads.Cleaned(data, "image/jpeg", ".jpg", len(data), crypto.digest(data))
    try:
        file = acts.add_file(
            matter=matter, by=request.user, upload=cleaned, paper=paper, request=request
        )
    except DomainError as refused:
        messages.error(request, refused.message)
        return redirect(_back(request, matter))
    return _added(request, matter, file)


def _fitted(request, matter, token):
    """(bytes, RequiredPaper) of a fitted photo; 404 when it is somebody else's, old or forged."""
    try:
        said = signing.loads(token, salt=SALT, max_age=PREVIEW_SECONDS)
        if (said["matter"], said["user"]) != (matter.pk, request.user.pk):
            raise Http404
        return private_files.fetch(said["file"]), matter.kind.papers.get(pk=said["paper"])
    except (signing.BadSignature, FileNotFoundError) as gone:
        raise Http404 from gone


@require_safe
def show(request, pk):
    """A paper that was handed in: shown in the browser, saved with `?save=1`."""
    file = _file(request, pk)
    try:
        data = acts.read_file(file=file, by=request.user, request=request)
    except DomainError as gone:
        raise Http404 from gone
    return file_answer(
        data, name=file.title, content_type=file.content_type, save="save" in request.GET
    )


@require_POST
def remove(request, pk):
    """Take a paper away."""
    file = _file(request, pk)
    try:
        why = request.POST.get("reason", "")
        acts.remove_file(file=file, by=request.user, reason=why, request=request)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已移除。")
    return redirect(f"{_back(request, file.matter)}#papers")


@require_safe
def document_pdf(request, code):
    """An issued paper as PDF, to its holder and to staff in scope."""
    document = get_object_or_404(documents.visible_to(request.user), code=code)
    if documents.standing(document) == documents.Standing.ALTERED:
        raise Http404
    documents.note_download(document=document, by=request.user, request=request)
    entry = request.build_absolute_uri(reverse("services:verify"))
    data = papers.pdf(
        document,
        verify_url=request.build_absolute_uri(reverse("services:verify_code", args=[code])),
        verify_at=entry.partition("://")[2].rstrip("/"),
    )
    title = f"{document.get_kind_display()}{document.number}.pdf"
    return file_answer(data, name=title, content_type="application/pdf", save="save" in request.GET)


def _matter(request, number):
    seen = Matter.objects.visible_to(request.user)
    return get_object_or_404(
        seen.select_related("kind", "station", "person", "proxy"), number=number
    )


def _file(request, pk):
    seen = Matter.objects.visible_to(request.user).values("pk")
    files = MatterFile.objects.kept().filter(matter__in=seen)
    related = "matter__station", "matter__person", "matter__proxy", "matter__kind", "paper", "by"
    return get_object_or_404(files.select_related(*related), pk=pk)


def _form_again(request, matter, form, **more):
    context = {"matter": matter, "form": form, "back": _back(request, matter)} | more
    return render(request, "services/me/matter_file.html", context)


def _back(request, matter):
    """Where the reader came from, if it is a page of ours; else the matter."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return matter.get_absolute_url()

"""Asking for something: questions, papers, a look over, sent. A draft waits in between.

Nothing is asked that the portal knows: the file says who, a proxy says for whom.
"""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.perms import is_citizen, only
from services.actions import matters, proxies
from services.actions.matter_files import missing_papers
from services.actions.matters.limits import in_the_way
from services.enums import MatterChannel, MatterState
from services.forms.fields import add_refusal
from services.forms.matters import form_for
from services.forms.my_matters import ApplicantForm
from services.matter_rules import may_act_for_oneself
from services.matter_words import rows_of
from services.models import Matter, MatterKind, Person, RegistrationRequest, Station
from services.views.acting import acting_by
from veterans_portal.errors import DomainError
from veterans_portal.masking import mask_phone


@only(is_citizen)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request, code):
    """Begin a matter: for oneself, or with `?for=` for a person one acts for."""
    kind = get_object_or_404(MatterKind.objects.open(), code=code, online=True)
    circle = proxies.people_of(request.user)
    proxy = acting_by(request, circle)
    person = proxy.person if proxy else _own_file(request.user)
    if person is None and form_for(kind).needs_file:
        context = {"kind": kind, "circle": circle}
        return render(request, "services/me/matter_no_file.html", context)
    return _write(request, kind, person, proxy, circle=circle)


@only(is_citizen)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, number):
    """Go on with a draft."""
    draft = own_draft(request, number)
    if draft.state != MatterState.DRAFT:
        return redirect(draft)
    if not may_act_for_oneself(draft, request.user):  # its questions are checked against the file
        messages.warning(request, "代办关系已到期或已解除，这份草稿不能再改。")
        return redirect("services:my_matters")
    return _write(request, draft.kind, draft.person, draft.proxy, draft=draft)


def own_draft(request, number):
    """The matter with this number that the citizen has written; Http404 otherwise."""
    written = Matter.objects.filter(by=request.user).with_all()
    return get_object_or_404(written.select_related("person__station", "proxy"), number=number)


def _own_file(user):
    return Person.objects.of_account(user).select_related("station").first()


def _write(request, kind, person, proxy, *, draft=None, circle=()):
    about = ApplicantForm(
        request.POST or None, person=person, user=request.user, initial=_initial(request, draft)
    )
    form = form_for(kind)(
        request.POST or None, person=person, initial=draft.answers if draft else None
    )
    standing = []
    if request.method == "POST":
        saving = request.POST.get("step") == "save"
        right = form.is_valid()
        if about.is_valid() and (right or saving):
            answers = form.answers if right else form.draft_answers()
            try:
                matter = _saved(request, kind, about, proxy, draft, answers)
            except DomainError as refused:
                add_refusal(about if refused.field in about.fields else form, refused)
                if refused.code == "too_many":
                    standing = in_the_way(kind=kind, by=request.user, person=person)
            else:
                return _after(request, matter, saving)
    context = {
        "kind": kind,
        "person": person,
        "proxy": proxy,
        "circle": circle,
        "standing": standing,
        "draft": draft,
        "about": about,
        "form": form,
        "has_papers": kind.papers.exists(),
        "shown_phone": mask_phone(about.phone_called) if person else "",
    }
    return render(request, "services/me/matter_form.html", context)


def _initial(request, draft):
    """What is known of the applicant: from the draft, else the station the reader came from."""
    if draft is not None:
        return {
            "client_key": draft.client_key,
            "name": draft.applicant_name,
            "phone": draft.applicant_phone,
            "station": draft.station.code,
        }
    code = request.GET.get("station", "").replace("\0", "")
    station = Station.objects.active().filter(code=code).first() if code else None
    if station is None:
        asked = RegistrationRequest.objects.filter(user=request.user).select_related("station")
        latest = asked.first()
        station = latest.station if latest else None
    return {"station": station.code} if station else {}


def _saved(request, kind, about, proxy, draft, answers):
    """The draft as written. Raises the act's refusal."""
    return matters.save_draft(
        kind=kind,
        by=request.user,
        client_key=draft.client_key if draft else about.cleaned_data["client_key"],
        person=about.person,
        proxy=proxy,
        on_behalf=proxy is not None,
        channel=MatterChannel.WEB,
        answers=answers,
        **about.applicant(),
    )


def _after(request, matter, saving):
    """Sent twice: the matter as it stands by now."""
    if matter.state != MatterState.DRAFT:
        return redirect(matter)
    if saving:
        messages.success(request, "已存成草稿，随时可以接着填。站里还看不到。")
        return redirect("services:matter_edit", matter.number)
    step = "services:matter_papers" if matter.kind.papers.exists() else "services:matter_check"
    return redirect(step, matter.number)


@only(is_citizen)
@require_safe
def papers(request, number):
    """Hand in papers before sending; what is missing may also be brought along."""
    draft = own_draft(request, number)
    if draft.state != MatterState.DRAFT:
        return redirect(draft)
    context = {"matter": draft, "kind": draft.kind, "missing": missing_papers(draft)}
    return render(request, "services/me/matter_papers.html", context)


@only(is_citizen)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request, number):
    """Read it over, then send it. Sending twice shows what was sent."""
    draft = own_draft(request, number)
    if draft.state != MatterState.DRAFT:
        return redirect(draft)
    form = form_for(draft.kind)(draft.answers, person=draft.person)
    if not form.is_valid():
        messages.warning(request, "还有没填好的地方，请看标出的几项。")
        return redirect("services:matter_edit", draft.number)
    if request.method == "POST":
        try:
            matter = matters.submit(matter=draft, by=request.user)
        except DomainError as refused:
            messages.error(request, refused.message)
        else:
            return redirect(f"{matter.get_absolute_url()}?new=1")
    context = {
        "matter": draft,
        "kind": draft.kind,
        "rows": rows_of(form, draft.answers),
        "files": list(draft.files.kept().select_related("paper")),
        "missing": missing_papers(draft),
        "has_papers": draft.kind.papers.exists(),
        "edit_url": reverse("services:matter_edit", args=[draft.number]),
    }
    return render(request, "services/me/matter_check.html", context)

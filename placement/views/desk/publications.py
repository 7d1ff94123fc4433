"""Publications of scores at the desk: drawn up, approved by another, taken back."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import only
from placement import perms
from placement.actions.scoring import publications as acts
from placement.enums import PublicationState
from placement.forms import scoring as forms
from placement.models import ScorePublication
from placement.views.desk.steps import WHY, Deed, steps, take
from services.forms.fields import add_refusal
from services.perms import works_at_a_desk
from veterans_portal.errors import DomainError

PER_PAGE = 25


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def publication_list(request):
    """All of them, and drawing up the next one."""
    stations = perms.receiving_stations(request.user)
    if request.method == "POST" and not stations:
        raise Http404
    bound = request.POST if request.method == "POST" else None
    form = None
    if stations:
        form = forms.PrepareForm(
            bound, stations=stations, initial={"year": timezone.localdate().year}
        )
    if bound is not None and form.is_valid():
        data = form.cleaned_data
        try:
            made = acts.prepare(station=data["station"], year=data["year"], by=request.user,
                                full_names=data["names"] == "full")  # fmt: skip
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            return redirect(made.get_absolute_url())
    rows = ScorePublication.objects.visible_to(request.user).select_related("station")
    page_obj = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "placement/desk/publication_list.html", {"page_obj": page_obj, "form": form}
    )


def _publication(request, pk):
    rows = ScorePublication.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("station", "prepared_by", "approved_by"), pk=pk)


@only(works_at_a_desk)
@require_safe
def publication_page(request, pk):
    return _page(request, _publication(request, pk))


def _page(request, publication, refused=None):
    names = []
    if perms.may_decide_cases(request.user, publication.station):
        if publication.state == PublicationState.DRAFT:
            own = publication.prepared_by_id == request.user.pk
            names = ["withdraw"] if own else ["approve", "withdraw"]
        elif publication.state == PublicationState.RUNNING:
            names = ["withdraw"]
    shown = steps(names, DEEDS, publication, ("placement:publication_act", [publication.pk]),
                  refused)  # fmt: skip
    first = shown[:1] if names[:1] == ["approve"] else []
    context = {
        "publication": publication,
        "entries": publication.entries.select_related("sheet__case"),
        "objections": publication.objections.select_related("sheet__case__person"),
        "behind": acts.still_counted(publication.station, publication.year)
        if publication.state == PublicationState.DRAFT else 0,
        "over": publication.state == PublicationState.RUNNING and not publication.is_public()
        and publication.ends_on < timezone.localdate(),
        "next": first[0] if first else None,
        "others": shown[len(first):],
        "refused_form": refused[1] if refused else None,
    }  # fmt: skip
    return render(request, "placement/desk/publication.html", context)


@only(works_at_a_desk)
@require_POST
def publication_act(request, pk, act):
    publication = _publication(request, pk)
    return take(
        request, act, DEEDS, publication, back=publication.get_absolute_url(),
        page=lambda refused: _page(request, publication, refused),
    )  # fmt: skip


DEEDS = {
    "approve": Deed(
        "批准公示",
        lambda publication, by, form: acts.approve(
            publication=publication, by=by, **form.cleaned_data
        ),
        form=forms.StartForm,
        lead="公示只显示姓名、总分和名次，按工作日计算，到期自动结束。名单上的人会收到消息。",
    ),
    "withdraw": Deed(
        "撤回",
        lambda publication, by, form: acts.withdraw(
            publication=publication, by=by, **form.cleaned_data
        ),
        form=WHY,
    ),
}  # fmt: skip

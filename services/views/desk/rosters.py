"""The roster desk: template, upload, what the check found, and letting the good rows in."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import only
from accounts.views.jobs import file_response
from services.actions import rosters as acts
from services.forms.rosters import RosterForm
from services.models import RosterImport
from services.perms import works_at_a_desk
from services.rosters import template
from services.rosters.columns import POSITION, TITLES
from veterans_portal.errors import DomainError

PER_PAGE = 20
ERRORS_SHOWN = 20


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def rosters(request):
    """Upload one, and the ones before."""
    form = RosterForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        file.seek(0)
        try:
            roster = acts.upload(station=form.cleaned_data["station"], file_name=file.name,
                                 data=file.read(), by=request.user, request=request)  # fmt: skip
            return redirect(roster)
        except DomainError as error:
            form.add_error(error.field, error.message)
    found = RosterImport.objects.visible_to(request.user).select_related("station", "by")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "services/desk/rosters.html", {"form": form, "page_obj": page})


@only(works_at_a_desk)
@require_safe
def roster_template(request):
    """The empty workbook."""
    return file_response(template.workbook(), template.FILE_NAME)


@only(works_at_a_desk)
@require_safe
def roster(request, pk):
    """What the check found; polled by htmx while something runs."""
    found = _roster(request, pk)
    context = {
        "roster": found,
        "job": found.job,
        "is_mine": found.job is not None and found.job.owner_id == request.user.pk,
        "first_errors": _first_errors(found),
        "more_errors": max(found.rows_bad - ERRORS_SHOWN, 0),
    }
    part, whole = "services/desk/roster_state.html", "services/desk/roster.html"
    return render(request, part if request.htmx else whole, context)


@only(works_at_a_desk)
@require_POST
def let_in(request, pk):
    """Bring the good rows in."""
    found = _roster(request, pk)
    try:
        acts.let_in(roster=found, by=request.user, request=request)
    except DomainError as error:
        messages.warning(request, error.message)
    return redirect(found)


@only(works_at_a_desk)
@require_safe
def marked(request, pk):
    """The same sheet with the reasons."""
    found = _roster(request, pk)
    if not found.marked_file:
        raise Http404
    try:
        data = acts.hand_over_marked(roster=found, by=request.user)
    except FileNotFoundError:
        messages.warning(request, "修改表已过保存期，请重新上传名册。")
        return redirect(found)
    return file_response(data, f"需修改-{found.file_name}")


def _roster(request, pk):
    found = RosterImport.objects.visible_to(request.user).select_related("station", "by", "job")
    return get_object_or_404(found, pk=pk)


def _first_errors(found):
    rows = found.rows.bad().order_by("number").values_list("number", "errors")[:ERRORS_SHOWN]
    return [
        {
            "number": number,
            "reasons": [(TITLES[POSITION[key]], text) for key, text in errors.items()],
        }
        for number, errors in rows
    ]

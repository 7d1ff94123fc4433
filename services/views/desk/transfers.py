"""Files on their way at the desk: the list, one with its answer, and asking from either side."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import only
from services import perms
from services.actions import transfers as acts
from services.enums import TransferState
from services.forms.fields import add_refusal
from services.forms.transfers import AnswerForm, TransferForm, UnseenForm
from services.models import Transfer
from services.views.desk.persons import get_person
from veterans_portal.errors import DomainError
from veterans_portal.even import evenly

PER_PAGE = 25
DEEDS: dict[str, tuple[Callable[..., Transfer], str]] = {
    "accept": (acts.accept, "已接收，档案、在办的事和优待证一起转过来了。"),
    "refuse": (acts.refuse, "已答复对方，档案留在原来的站点。"),
    "withdraw": (acts.withdraw, "已撤回。"),
}


@only(perms.works_at_a_desk)
@require_safe
def transfer_list(request):
    """Open ones of either side by their term, those that wait for us, or those that ended."""
    state = request.GET.get("state", "")
    ended, ours = state == "ended", state == "ours"
    seen = Transfer.objects.visible_to(request.user).select_related(
        "person", "station", "to_station", "asked_at_station"
    )
    if ended:
        seen = seen.exclude(state=TransferState.ASKED).order_by("-decided_at", "-pk")
    elif ours:
        seen = seen.to_decide_in(perms.scope_of(request.user)).order_by("due_on", "pk")
    else:
        seen = seen.open().order_by("due_on", "pk")
    context = {
        "page_obj": Paginator(seen, PER_PAGE).get_page(request.GET.get("page")),
        "ended": ended,
        "tabs": [
            ("在办", request.path, not ended and not ours),
            ("待我们答复", f"{request.path}?state=ours", ours),
            ("已结束", f"{request.path}?state=ended", ended),
        ],
    }
    return render(request, "services/desk/transfer_list.html", context)


def _get(request, pk):
    seen = Transfer.objects.visible_to(request.user)
    return get_object_or_404(
        seen.select_related(
            "person__station", "station", "to_station", "asked_at_station", "asked_by", "decided_by"
        ),
        pk=pk,
    )


@only(perms.works_at_a_desk)
@require_safe
def transfer(request, pk):
    """One file on its way; the file itself only opens for whose scope holds it."""
    return _page(request, _get(request, pk), AnswerForm())


def _page(request, found, form):
    is_open = found.state == TransferState.ASKED
    context = {
        "transfer": found,
        "form": form,
        "may_decide": is_open and acts.may_decide(request.user, found),
        "may_withdraw": is_open and acts.may_withdraw(request.user, found),
        "may_open_file": perms.may_serve_at(request.user, found.person.station),
        "deciding": acts.deciding_station(found),
        "open_matters": found.person.matters.open().count() if is_open else 0,
    }
    return render(request, "services/desk/transfer.html", context)


@only(perms.works_at_a_desk)
@require_POST
def act(request, pk, act):
    """Accept, refuse or withdraw."""
    if act not in DEEDS:
        raise Http404
    found, form = _get(request, pk), AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    deed, done = DEEDS[act]
    word = "reason" if act == "withdraw" else "answer"
    try:
        deed(transfer=found, by=request.user, **{word: form.cleaned_data["answer"]})
    except DomainError as refused:
        if refused.field is None:
            messages.error(request, refused.message)
            return redirect("services:desk_transfer", pk=pk)
        add_refusal(form, refused)
        return _page(request, found, form)
    messages.success(request, done)
    return redirect("services:desk_transfer", pk=pk)


@only(perms.works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request, pk):
    """Give a file of one's own scope to another station."""
    person = get_person(request, pk)
    form = TransferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        deed = acts.ask_and_accept if "at_once" in request.POST else acts.ask
        try:
            made = deed(person=person, by=request.user, **form.values())
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, f"{made.to_station.name}：{made.get_state_display()}。")
            return redirect("services:desk_transfer", pk=made.pk)
    context = {"form": form, "person": person}
    return render(request, "services/desk/transfer_ask.html", context)


@only(perms.works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_unseen(request):
    """Ask for the file of somebody who came; the answer reveals nothing."""
    form = UnseenForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            with evenly():
                acts.ask_unseen(by=request.user, **form.values())
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(
                request,
                "已向该档案所在站点提出，答复会发到您的消息里；"
                f"{settings.TRANSFER_WORKDAYS}个工作日内没有消息，请拨打12345。",
            )
            return redirect("services:desk_transfers")
    return render(request, "services/desk/transfer_ask.html", {"form": form, "person": None})

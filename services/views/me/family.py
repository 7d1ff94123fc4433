"""Family: whom I act for, who acts for me, asking and ending."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import private_files
from accounts.perms import is_citizen, only
from services import uploads
from services.actions import proxies
from services.enums import ProxyState
from services.forms.family import AskForm
from services.forms.fields import add_refusal
from services.models import Person, Proxy
from veterans_portal.errors import DomainError
from veterans_portal.even import evenly

# The same whether or not there is such a file: asking must not tell.
ASKED = (
    "申请已收到。亲友所在的服务站会核对证明和本人的意思，通过后发消息告诉您。"
    "5个工作日没有消息，请拨打12345。"
)


@only(is_citizen)
@require_safe
def family(request):
    """Both directions. A request that still waits is not listed: it would tell that a file exists."""
    mine = Proxy.objects.visible_to(request.user).select_related("person__station", "agent")
    acting = mine.filter(agent=request.user).exclude(state=ProxyState.ASKED)
    for_me = mine.filter(person__account=request.user, state__in=proxies.OPEN)
    context = {"acting": acting[:50], "for_me": for_me}
    return render(request, "services/me/family.html", context)


@only(is_citizen)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request):
    """Ask to act for a relative, with a proof."""
    posted = request.method == "POST"
    sent = (request.POST, request.FILES) if posted else (None, None)
    form = AskForm(*sent, user=request.user)
    if posted and form.is_valid():
        try:
            _ask(request, form.cleaned_data)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, ASKED)
            return redirect("services:family")
    return render(request, "services/me/family_ask.html", {"form": form})


def _ask(request, data):
    """Proof and period are looked at first, so that what does not fit says nothing either."""
    proxies.check_period(timezone.localdate(), data["ends_on"])
    cleaned = uploads.clean(data["upload"])
    proxies.note_asking(by=request.user)
    request.user.keep_name(data["own_name"])
    with evenly():
        _ask_for_file(request, data, cleaned)


def _ask_for_file(request, data, cleaned):
    person = proxies.find_person(name=data["name"], id_number=data["id_number"])
    if person is None or Person.objects.filter(account=request.user, pk=person.pk).exists():
        return
    stored = private_files.keep(cleaned.data, lasting=True)
    try:
        proxies.ask(
            person=person, by=request.user, agent=request.user, agent_name=data["own_name"],
            relation=data["relation"], proof=data["proof"], ends_on=data["ends_on"], proof_file=stored, proof_note=data["proof_note"],
        )  # fmt: skip
    except proxies.ProxyError:
        private_files.remove(stored)


@only(is_citizen)
@require_POST
def end(request, pk):
    """End it, from either side; one that waits only by the person: finding it tells of a file."""
    rows = Proxy.objects.visible_to(request.user)
    rows = rows.exclude(agent=request.user, state=ProxyState.ASKED)
    proxy = get_object_or_404(rows, pk=pk)
    try:
        proxies.end(proxy=proxy, by=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "代办关系已解除。已经提交的事照常办理。")
    return redirect("services:family")

"""Another station for oneself: asked online, which is the person's own consent."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.perms import is_citizen, only
from services.actions import transfers as acts
from services.enums import TransferConsent
from services.forms.fields import add_refusal
from services.forms.transfers import OwnTransferForm
from services.models import Person, Transfer
from veterans_portal.errors import DomainError


@only(is_citizen)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request):
    """Where to and why, its check page, the sending; or how the request that is open stands."""
    person = Person.objects.filter(account=request.user).select_related("station").first()
    if person is None:
        raise Http404
    form = OwnTransferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if "send" in request.POST:
            if _send(request, person, form):
                return redirect("services:my_transfer")
        elif "check" in request.POST:
            return _check_page(request, person, form)
    latest = person.transfers.select_related("to_station").order_by("-asked_at").first()
    context = {"form": form, "person": person, "latest": latest}
    return render(request, "services/me/transfer.html", context)


def _send(request, person, form):
    try:
        acts.ask(person=person, by=request.user, consent=TransferConsent.SELF, **form.values())
    except DomainError as refused:
        add_refusal(form, refused)
        return False
    messages.success(request, "申请已送到新的服务站。答复以前，还由现在的服务站为您办事。")
    return True


def _check_page(request, person, form):
    to = form.cleaned_data["station"]
    context = {
        "station": to,
        "rows": [
            ("现在的服务站", person.station.name),
            ("换到", to.name),
            ("地址", to.address or "请电话询问"),
            ("电话", to.phone or "12345"),
            ("原因", form.cleaned_data["reason"]),
        ],
        "hidden": [("station", to.code), ("reason", form.cleaned_data["reason"])],
    }
    return render(request, "services/me/transfer_check.html", context)


@only(is_citizen)
@require_POST
def withdraw(request):
    """Take back one's own request."""
    mine = Transfer.objects.open().filter(person__account=request.user, asked_by=request.user)
    try:
        acts.withdraw(transfer=get_object_or_404(mine), by=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已撤回，您的服务站不变。")
    return redirect("services:my_transfer")

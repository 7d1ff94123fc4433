"""Acting for others at the desk: what waits, recorded with the proof seen, confirmed, ended."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit, private_files
from accounts.enums import UserKind
from accounts.models import User
from accounts.perms import only
from services import perms
from services.actions import proxies as acts
from services.enums import ProxyState
from services.forms.family import RecordForm
from services.forms.fields import add_refusal
from services.forms.reasons import ReasonForm
from services.models import Proxy
from services.views.desk.persons import get_person
from services.views.handed_out import file_answer
from veterans_portal.errors import DomainError

PER_PAGE = 25
WHY = {"rows": 2, "hint": "对方会看到。"}


@only(perms.works_at_a_desk)
@require_safe
def proxy_list(request):
    """Requests to check first; those in force and ended by tab."""
    state = request.GET.get("state", "")
    state = state if state in ProxyState.values else ProxyState.ASKED
    rows = Proxy.objects.visible_to(request.user).filter(state=state)
    rows = rows.select_related("person__station").order_by("asked_at", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    tabs = [(each.label, f"{request.path}?state={each}", each == state) for each in ProxyState]
    context = {"page_obj": page, "tabs": tabs}
    return render(request, "services/desk/proxy_list.html", context)


@only(perms.works_at_a_desk)
@require_safe
def proxy(request, pk):
    """One: who for whom, with which proof, and what can be done."""
    return _page(request, _proxy(request, pk))


def _proxy(request, pk):
    rows = Proxy.objects.visible_to(request.user).select_related(
        "person__station", "person__account", "agent", "asked_by", "decided_by", "ended_by"
    )
    return get_object_or_404(rows, pk=pk)


def _page(request, shown, **bound):
    context = {
        "proxy": shown,
        "may_keep": perms.may_keep_file(request.user, shown.person.station),
        "refuse_form": ReasonForm(**WHY, auto_id="refuse_%s"),
        "end_form": ReasonForm(**WHY, auto_id="end_%s"),
    } | bound
    return render(request, "services/desk/proxy.html", context)


@only(perms.works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request, pk):
    """Record at the counter for a person's file, with the proof seen: it counts at once."""
    person = get_person(request, pk)
    if not perms.may_keep_file(request.user, person.station):
        raise Http404
    form = RecordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            acts.ask(
                person=person, by=request.user, agent=_account(data),
                agent_name=data["agent_name"], agent_phone=data["agent_phone"],
                relation=data["relation"], proof=data["proof"], ends_on=data["ends_on"],
                proof_note=data["proof_note"],
            )  # fmt: skip
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "代办关系已登记，双方都会收到消息。")
            return redirect(person)
    return render(request, "services/desk/proxy_record.html", {"form": form, "person": person})


def _account(data):
    """The citizen's account with this verified phone, or None; ProxyError when it is another's."""
    if not data["agent_phone"]:
        return None
    with_phone = User.objects.with_phone(data["agent_phone"])
    found = with_phone.filter(kind=UserKind.CITIZEN, is_active=True).first()
    if found is not None and found.name and found.name != data["agent_name"]:
        raise acts.ProxyError(
            "用这个手机号登录的是另一个人，请与代办人核对姓名和手机号。", field="agent_phone"
        )
    return found


@only(perms.works_at_a_desk)
@require_POST
def act(request, pk, act):
    """Confirm, refuse, end."""
    shown = _proxy(request, pk)
    deeds = {"confirm": acts.confirm, "refuse": acts.refuse, "end": acts.end}
    if act not in deeds:
        raise Http404
    more, form = {}, None
    if act != "confirm":
        form = ReasonForm(request.POST, **WHY, auto_id=f"{act}_%s")
        if not form.is_valid():
            return _page(request, shown, **{f"{act}_form": form})
        more = form.cleaned_data
    try:
        deeds[act](proxy=shown, by=request.user, **more)
    except DomainError as refused:
        if form is None:
            messages.error(request, refused.message)
            return redirect("services:desk_proxy", pk=pk)
        add_refusal(form, refused)
        return _page(request, _proxy(request, pk), **{f"{act}_form": form})
    messages.success(request, "已办理，双方都会收到消息。")
    return redirect("services:desk_proxy", pk=pk)


@only(perms.works_at_a_desk)
@require_safe
def proof(request, pk):
    """The proof that was handed in; looking at it is written down."""
    shown = _proxy(request, pk)
    if not shown.proof_file:
        raise Http404
    try:
        data = private_files.fetch(shown.proof_file)
    except FileNotFoundError:
        raise Http404 from None
    audit.record("services.proxy_proof_read", shown, by=request.user,
                 station=shown.person.station, on_behalf_of=shown.person, request=request)  # fmt: skip
    return file_answer(data, name="代办证明")

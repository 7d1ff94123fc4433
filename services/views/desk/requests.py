"""Self-registrations at the desk: the list by due date, and one with what is on file beside it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.perms import only
from services import perms
from services.actions import requests as acts
from services.actions.disclosure import Disclosed, disclose
from services.enums import IdentityCategory, RequestState
from services.forms.fields import add_refusal
from services.forms.persons import DisclosureForm
from services.forms.requests import ConfirmForm, PassOnForm, ReturnRequestForm
from services.models import Person, RegistrationRequest
from veterans_portal import chinese_dates, masking
from veterans_portal.errors import DomainError

PER_PAGE = 25
SHOWN_SECONDS = 60
RETURN_IDS = "return_%s"  # the page has another form with a field of the same name


@only(perms.works_at_a_desk)
@require_safe
def request_list(request):
    """Open ones by due date, or decided ones newest first; own stations or all under them."""
    below = request.GET.get("reach") == "below"
    decided = request.GET.get("state") == "decided"
    asked = RegistrationRequest.objects.visible_to(request.user)
    if not below:
        asked = asked.filter(station__path__in=perms.scope_of(request.user).paths)
    if decided:
        asked = asked.exclude(state=RequestState.OPEN).order_by("-decided_at", "-pk")
    else:
        asked = asked.open().order_by("due_on", "pk")
    page = Paginator(asked.select_related("station", "decided_by"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page_obj": page,
        "below": below,
        "decided": decided,
        "today": timezone.localdate(),
        "tabs": _tabs(request.path, below, decided),
    }
    return render(request, "services/desk/request_list.html", context)


def _tabs(path, below, decided):
    reach = "&reach=below" if below else ""
    return [
        ("待核对", f"{path}?state=open{reach}", not decided),
        ("已处理", f"{path}?state=decided{reach}", decided),
    ]


def _get(request, pk):
    asked = RegistrationRequest.objects.visible_to(request.user)
    return get_object_or_404(asked.select_related("station", "user", "decided_by", "person"), pk=pk)


@only(perms.works_at_a_desk)
@require_safe
def detail(request, pk):
    """What was declared, and what a file on record says if it lies in the reader's scope."""
    return _page(request, _get(request, pk))


def _page(request, asked, *, forms=None, disclosed=None):
    known = (
        Person.objects.with_id_number(asked.id_number).select_related("station", "account").first()
    )
    may_see = known is not None and perms.may_serve_at(request.user, known.station)
    same_number = RegistrationRequest.objects.visible_to(request.user).filter(
        id_index=asked.id_index, state=RequestState.OPEN
    )
    is_open = asked.state == RequestState.OPEN
    elsewhere = known.station if known is not None and not may_see else None
    context = {
        "asked": asked,
        "known": known if may_see else None,
        "elsewhere": elsewhere,
        "lines": _side_by_side(asked, known if may_see else None),
        "others": same_number.exclude(pk=asked.pk).count() if is_open else 0,
        "may_decide": is_open and perms.may_keep_file(request.user, asked.station),
        "confirm_form": ConfirmForm(),
        "return_form": ReturnRequestForm(auto_id=RETURN_IDS),
        "pass_on_form": PassOnForm(initial={"station": elsewhere.code} if elsewhere else None),
        "disclosure_form": DisclosureForm(),
        "disclosed": disclosed,
        "shown_seconds": SHOWN_SECONDS,
    } | (forms or {})
    return render(request, "services/desk/request.html", context)


def _side_by_side(asked, known):
    """Rows of label, declared, on file, and whether they agree (None: nothing to compare)."""
    plain = [
        ("姓名", "name", str),
        ("身份证号", "id_number", masking.mask_id_number),
        ("手机号", "phone", masking.mask_phone),
        ("居住地址", "address", masking.mask_address),
        ("入伍时间", "enlisted_on", chinese_dates.short),
        ("退役时间", "discharged_on", chinese_dates.short),
    ]
    rows = []
    for label, name, shown in plain:
        declared = getattr(asked, name)
        on_file = getattr(known, name) if known else None
        same = None if known is None or not (declared or on_file) else declared == on_file
        rows.append(
            {
                "label": label,
                "declared": shown(declared) if declared else "未填写",
                "on_file": shown(on_file) if on_file else "未填写",
                "same": same,
            }
        )
    declared = {IdentityCategory(each).label for each in asked.categories}
    on_file = {str(each) for each in known.identities.all()} if known else set()
    rows.append(
        {
            "label": "身份类别",
            "declared": "、".join(sorted(declared)),
            "on_file": "、".join(sorted(on_file)) or "未填写",
            "same": declared == on_file if known else None,
        }
    )
    return rows


@only(perms.works_at_a_desk)
@require_POST
def act(request, pk, act):
    """Confirm, return, pass on, or show a value."""
    deed = {"confirm": _confirm, "return": _return, "pass-on": _pass_on, "unmask": _unmask}.get(act)
    if deed is None:
        raise Http404
    return deed(request, _get(request, pk))


def _confirm(request, asked):
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, forms={"confirm_form": form})
    try:
        person = acts.confirm(
            asked=asked, by=request.user, take_over=form.cleaned_data["take_over"], request=request
        )
    except DomainError as refused:
        messages.error(request, refused.message)
        return redirect("services:desk_request", pk=asked.pk)
    messages.success(request, f"已确认。档案状态：{person.get_state_display()}。已告诉本人。")
    return redirect(person)


def _return(request, asked):
    form = ReturnRequestForm(request.POST, auto_id=RETURN_IDS)
    if not form.is_valid():
        return _page(request, asked, forms={"return_form": form})
    try:
        acts.return_request(asked=asked, by=request.user, reason=form.reason, request=request)
    except DomainError as refused:
        messages.error(request, refused.message)
        return redirect("services:desk_request", pk=asked.pk)
    messages.success(request, "已退回，并告诉了本人。")
    return redirect("services:desk_requests")


def _pass_on(request, asked):
    form = PassOnForm(request.POST)
    if form.is_valid():
        try:
            acts.pass_on(
                asked=asked,
                by=request.user,
                to_station=form.cleaned_data["station"],
                request=request,
            )
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, f"已转给{form.cleaned_data['station']}，并告诉了本人。")
            return redirect("services:desk_requests")
    return _page(request, asked, forms={"pass_on_form": form})


def _unmask(request, asked):
    form = DisclosureForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, forms={"disclosure_form": form})
    what = Disclosed(form.cleaned_data["what"])
    value = disclose(subject=asked, by=request.user, request=request, **form.cleaned_data)
    response = _page(request, asked, disclosed={"label": what.label, "value": value or "未填写"})
    response["Refresh"] = f"{SHOWN_SECONDS}; url={request.path.removesuffix('unmask/')}"
    return response

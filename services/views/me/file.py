"""One's own file: registering oneself, following the request, seeing and correcting the file."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.perms import is_citizen, only
from services import wayfinding
from services.actions import changes, requests
from services.actions.disclosure import disclose_own
from services.enums import FileState, IdentityCategory, RequestState, Tier
from services.forms.fields import add_refusal
from services.forms.persons import OwnChangeForm
from services.forms.requests import RegisterForm
from services.models import ChangeRequest, Person, RegistrationRequest, Station
from veterans_portal import chinese_dates
from veterans_portal.errors import DomainError
from veterans_portal.masking import mask_id_number, mask_phone

SHOWN_SECONDS = 60


@only(is_citizen)
@require_safe
def my_file(request):
    """The file, else the latest request and its way, else how to register."""
    person = _own(request.user)
    if person is not None:
        return _file_page(request, person)
    requested = RegistrationRequest.objects.filter(user=request.user)
    asked = requested.select_related("station", "division").first()
    if asked is None:
        return render(request, "services/me/file_none.html")
    context = {
        "asked": asked,
        "categories": [IdentityCategory(each).label for each in asked.categories],
        "timeline": _request_timeline(asked),
        "may_try_again": asked.state in (RequestState.RETURNED, RequestState.WITHDRAWN),
    }
    return render(request, "services/me/file_request.html", context)


def _file_page(request, person, id_number=""):
    change = person.change_requests.order_by("-created_at").first()
    context = {
        "person": person,
        "identities": list(person.identities.all()),
        "id_number": id_number or mask_id_number(person.id_number),
        "id_number_is_clear": bool(id_number),
        "change": change,
        "may_ask": person.state == FileState.FILED,
        "timeline": _file_timeline(person),
    }
    response = render(request, "services/me/file.html", context)
    if id_number:
        response["Refresh"] = f"{SHOWN_SECONDS}; url={request.path.removesuffix('id-number/')}"
    return response


@only(is_citizen)
@require_POST
def show_id_number(request):
    """The own ID number in clear, for one view of a minute; who looked is written down."""
    person = _own(request.user)
    if person is None:
        raise Http404
    return _file_page(request, person, disclose_own(user=request.user, request=request))


@only(is_citizen)
@require_safe
def register_where(request, code=""):
    """Choose the station of the address, one level a page: district, town, village."""
    refusal = _refusal(request.user)
    if refusal:
        return refusal
    stations = Station.objects.active().ordinary().select_related("division")
    here = (
        get_object_or_404(stations, code=code, tier__lt=Tier.VILLAGE)
        if code
        else get_object_or_404(stations, tier=Tier.CITY)
    )
    below = stations.filter(parent=here).order_by("path")
    context = {
        "here": here,
        "above": wayfinding.chain(here)[1:-1][::-1] if code else [],
        "choices": below,
        "step": ["", "district", "town", "village"][here.tier],
        "leads_to_form": here.tier == Tier.TOWN,
    }
    return render(request, "services/me/file_where.html", context)


@only(is_citizen)
def register(request, code):
    """The form, its check page, and the sending, for the station chosen."""
    refusal = _refusal(request.user)
    if refusal:
        return refusal
    stations = Station.objects.active().ordinary().select_related("division")
    station = get_object_or_404(stations, code=code, tier__gte=Tier.TOWN)
    form = RegisterForm(request.POST or None, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        if "send" in request.POST:
            sent = _send(request, form, station)
            if sent:
                return sent
        elif "check" in request.POST:
            return _check_page(request, form, station)
    context = {"form": form, "station": station}
    return render(request, "services/me/file_register.html", context)


def _send(request, form, station):
    data = form.cleaned_data.copy()
    contact_me = data.pop("contact_me")
    data |= {"user": request.user, "station": station, "division": station.division}
    try:
        outcome = requests.register(contact_me=contact_me, request=request, **data)
    except DomainError as refused:
        again = refused.code in ("registered", "one_open")
        outcome = requests.standing(**data) if again else None
        if outcome is None:
            add_refusal(form, refused)
            return None
    if isinstance(outcome, Person):
        messages.success(request, "已找到您的档案，并与您的账号关联。")
    else:
        messages.success(request, f"登记申请已送到{station.name}。")
    return redirect("services:my_file")


def _check_page(request, form, station):
    data = form.cleaned_data
    rows = [
        ("姓名", data["name"]),
        ("身份证号", f"{mask_id_number(data['id_number'])}（校验位正确）"),
        ("登记手机号", mask_phone(request.user.phone)),
        ("住址", f"{station.division} {data['address']}"),
        ("身份类别", "、".join(IdentityCategory(each).label for each in data["categories"])),
        ("入伍时间", chinese_dates.plain(data["enlisted_on"])),
        ("退役时间", chinese_dates.plain(data["discharged_on"])),
        ("补充说明", data["note"]),
        ("主动联系", "同意" if data["contact_me"] else "不同意"),
        ("受理站点", station.name),
    ]
    hidden = [(name, value) for name in form.fields for value in form.data.getlist(name) if value]
    context = {"rows": rows, "hidden": hidden, "station": station}
    return render(request, "services/me/file_check.html", context)


def _refusal(user):
    """Lead somebody who cannot register now to the page that says why."""
    if _own(user) is not None or RegistrationRequest.objects.open().filter(user=user).exists():
        return redirect("services:my_file")
    return None


@only(is_citizen)
@require_POST
def withdraw(request):
    """Take back the open request."""
    asked = get_object_or_404(RegistrationRequest.objects.open(), user=request.user)
    return _act(request, "登记申请已撤回。", requests.withdraw, asked=asked)


@only(is_citizen)
def ask_change(request):
    """Ask the station to correct the file."""
    person = _own(request.user)
    if person is None or person.state != FileState.FILED:
        return redirect("services:my_file")
    initial = {
        name: getattr(person, name) for name in OwnChangeForm.base_fields if name != "reason"
    }
    form = OwnChangeForm(request.POST or None, initial=initial, birth=person.birth)
    if request.method == "POST" and form.is_valid():
        try:
            changes.ask_change(
                person=person,
                by=request.user,
                wanted=form.facts(),
                reason=form.cleaned_data["reason"],
                request=request,
            )
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "更正申请已送到您的服务站，办好后会告诉您。")
            return redirect("services:my_file")
    return render(request, "services/me/file_change.html", {"form": form, "person": person})


@only(is_citizen)
@require_POST
def withdraw_change(request):
    """Take back the own open correction."""
    change = get_object_or_404(
        ChangeRequest.objects.open(), person__account=request.user, by=request.user
    )
    return _act(request, "更正申请已撤回。", changes.withdraw_change, change=change)


def _act(request, done, act, **subject):
    try:
        act(by=request.user, request=request, **subject)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, done)
    return redirect("services:my_file")


def _own(user):
    return Person.objects.filter(account=user).select_related("station", "division").first()


def _request_timeline(asked):
    sent = {"at": asked.created_at, "title": "您提交了登记申请", "body": f"送到{asked.station}"}
    if asked.state == RequestState.OPEN:
        waiting = {"at": asked.due_on, "title": "服务站核对，最迟在这一天", "state": "current"}
        return [sent, waiting, {"at": None, "title": "办好后发消息告诉您", "state": "ahead"}]
    decided = {"at": asked.decided_at, "title": asked.get_state_display(), "body": asked.reason}
    return [sent, decided]


FILE_STEPS = [
    (FileState.DRAFT, "服务站采集信息"),
    (FileState.SUBMITTED, "上级站点审核"),
    (FileState.REVIEWED, "审核通过，等待建档"),
    (FileState.FILED, "已建档"),
]


def _file_timeline(person):
    """The four steps to a filed file with where this one stands; empty for closed files."""
    if person.state in (FileState.MOVED, FileState.CLOSED):
        return []
    order = [state for state, _ in FILE_STEPS]
    now = order.index(FileState.FILED if person.is_filed else person.state)
    times = {
        FileState.DRAFT: person.created_at,
        FileState.SUBMITTED: person.submitted_at,
        FileState.REVIEWED: None if person.is_filed else person.updated_at,
        FileState.FILED: person.filed_at,
    }
    entries = []
    for step, (state, title) in enumerate(FILE_STEPS):
        reached = step < now or (step == now and person.is_filed)
        mark = "done" if reached else ("current" if step == now else "ahead")
        at = times.get(state) if step <= now else None
        if reached and at is None:
            continue
        entries.append({"at": at, "title": title, "state": mark})
    return entries

"""Partners at the desk: what waits for a check, all of them, one with its members."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit, private_files
from accounts.perms import only
from services import perms
from services.actions import partners as acts
from services.forms.fields import add_refusal
from services.forms.partners import MemberForm, PartnerFilter, PartnerForm, centres
from services.forms.reasons import ReasonForm
from services.models import Partner
from services.views.handed_out import file_answer
from veterans_portal.errors import DomainError

PER_PAGE = 25
WHY = {"rows": 2, "hint": "对方会看到。"}
DEEDS = {"approve": acts.approve, "refuse": acts.refuse, "end": acts.end}
DONE = {
    "approve": "已开通，对方会收到消息。",
    "refuse": "已退回，对方会收到原因。",
    "end": "合作已终止。",
}


@only(perms.works_at_a_desk)
@require_safe
def partner_list(request):
    """All partners in scope, narrowed."""
    form = PartnerFilter(request.GET)
    found = Partner.objects.visible_to(request.user).select_related("station", "division")
    page = Paginator(_narrowed(found, form), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "form": form, "may_enter": bool(_own_centres(request.user))}
    return render(request, "services/desk/partner_list.html", context)


def _narrowed(found, form):
    if state := form.value("state"):
        found = found.filter(state=state)
    if role := form.value("role"):
        found = found.filter(roles__contains=[role])
    if nature := form.value("nature"):
        found = found.filter(nature=nature)
    if text := form.value("q").strip():
        low = text.lower()
        found = found.filter(
            Q(name__contains=text)
            | Q(name_pinyin__startswith=low)
            | Q(name_initials__startswith=low)
            | Q(credit_code=text.upper())
        )
    return found.order_by("name_pinyin", "pk")


def _own_centres(user):
    return [each.pk for each in centres() if perms.may_keep_partners(user, each)]


@only(perms.works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def partner_new(request):
    """Enter a partner that came to the counter; a colleague checks it."""
    own = _own_centres(request.user)
    if not own:
        raise Http404
    form = PartnerForm(request.POST if request.method == "POST" else None)
    form.fields["station"].queryset = centres().filter(pk__in=own)
    if request.method == "POST" and form.is_valid():
        try:
            partner = acts.apply(partner=form.save(), by=request.user)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "单位已登记，请同事核对。")
            return redirect("services:desk_partner", pk=partner.pk)
    return render(request, "services/desk/partner_new.html", {"form": form})


@only(perms.works_at_a_desk)
@require_safe
def partner(request, pk):
    """One: its facts, members, and what can be done."""
    return _page(request, _partner(request, pk))


def _partner(request, pk):
    rows = Partner.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("station", "division", "applied_by", "decided_by"), pk=pk
    )


def _page(request, shown, **bound):
    may_check = perms.may_check_partners(request.user, shown.station)
    context = {
        "partner": shown,
        "members": shown.members.in_force(),
        "may_check": may_check,
        "may_keep": may_check or perms.may_keep_partners(request.user, shown.station),
        "own_entry": shown.applied_by_id == request.user.pk,
        "refuse_form": ReasonForm(**WHY, auto_id="refuse_%s"),
        "end_form": ReasonForm(**WHY, auto_id="end_%s"),
        "member_form": MemberForm(auto_id="member_%s"),
    } | bound
    return render(request, "services/desk/partner.html", context)


@only(perms.works_at_a_desk)
@require_POST
def act(request, pk, act):
    """Approve, refuse, end."""
    shown = _partner(request, pk)
    if act not in DEEDS:
        raise Http404
    more, form = {}, None
    if act != "approve":
        form = ReasonForm(request.POST, **WHY, auto_id=f"{act}_%s")
        if not form.is_valid():
            return _page(request, shown, **{f"{act}_form": form})
        more = form.cleaned_data
    try:
        DEEDS[act](partner=shown, by=request.user, **more)
    except DomainError as refused:
        if form is None:
            messages.error(request, refused.message)
            return redirect("services:desk_partner", pk=pk)
        add_refusal(form, refused)
        return _page(request, _partner(request, pk), **{f"{act}_form": form})
    messages.success(request, DONE[act])
    return redirect("services:desk_partner", pk=pk)


@only(perms.works_at_a_desk)
@require_POST
def member_add(request, pk):
    """Let somebody act for the partner, by the mobile number of their account."""
    shown = _partner(request, pk)
    form = MemberForm(request.POST, auto_id="member_%s")
    if not form.is_valid():
        return _page(request, shown, member_form=form)
    try:
        acts.add_member(partner=shown, by=request.user, **form.cleaned_data)
    except DomainError as refused:
        add_refusal(form, refused)
        return _page(request, shown, member_form=form)
    messages.success(request, f"已添加{form.cleaned_data['name']}。")
    return redirect("services:desk_partner", pk=pk)


@only(perms.works_at_a_desk)
@require_POST
def member_end(request, pk, member):
    """Take somebody off the list."""
    shown = _partner(request, pk)
    found = get_object_or_404(shown.members.in_force(), pk=member)
    try:
        acts.end_member(member=found, by=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"已移除{found.name}。")
    return redirect("services:desk_partner", pk=pk)


@only(perms.works_at_a_desk)
@require_safe
def licence(request, pk):
    """The licence that was handed in; looking at it is written down."""
    shown = _partner(request, pk)
    if not shown.licence_file:
        raise Http404
    try:
        data = private_files.fetch(shown.licence_file)
    except FileNotFoundError:
        raise Http404 from None
    audit.record("services.partner_licence_read", shown, by=request.user,
                 station=shown.station, request=request)  # fmt: skip
    return file_answer(data, name="单位执照")

"""The partner room: whose rooms I have, the room, its members and keys; and applying for one."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import private_files
from accounts.perms import is_citizen, only
from services import uploads
from services.actions import partners as acts
from services.enums import PartnerRole, PartnerState
from services.forms.fields import add_refusal
from services.forms.partners import ApplyForm, KeyForm, MemberForm
from services.models import Partner
from services.partner_room import room, tiles_for
from veterans_portal.errors import DomainError

OPEN_APPLICATIONS = [PartnerState.APPLIED, PartnerState.REFUSED]


@only(is_citizen)
@require_safe
def rooms(request):
    """The rooms I work in and the applications I made; with one room only, straight into it."""
    mine = list(Partner.objects.of_member(request.user))
    asked = list(Partner.objects.filter(applied_by=request.user, state__in=OPEN_APPLICATIONS))
    if len(mine) == 1 and not asked:
        return redirect("services:partner_room", pk=mine[0].pk)
    return render(request, "services/partner/rooms.html", {"mine": mine, "asked": asked})


@only(is_citizen)
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request, pk=None):
    """Apply for an organisation, or mend an application that was refused."""
    asked = None
    if pk is not None:
        own = Partner.objects.filter(applied_by=request.user, state=PartnerState.REFUSED)
        asked = get_object_or_404(own, pk=pk)
    initial = {"contact_name": request.user.name, "contact_phone": request.user.phone}
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ApplyForm(*posted, instance=asked, initial={} if asked else initial)
    if request.method == "POST" and form.is_valid():
        try:
            partner = _apply(form, request.user)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(
                request,
                f"申请已提交，{partner.station.name}核对后会发消息告诉您。"
                f"有疑问请拨打{partner.station.phone or '12345'}。",
            )
            return redirect("services:partner_rooms")
    return render(request, "services/partner/apply.html", {"form": form, "asked": asked})


def _apply(form, user):
    """Keep the licence with the application; without the application it does not stay."""
    upload, partner = form.cleaned_data["upload"], form.save()
    stored, replaced = "", ""
    if upload:
        stored = private_files.keep(uploads.clean(upload).data, lasting=True)
        replaced, partner.licence_file = partner.licence_file, stored
    try:
        acts.apply(partner=partner, by=user)
    except DomainError:
        if stored:
            private_files.remove(stored)
        raise
    if replaced:
        private_files.remove(replaced)
    return partner


@require_safe
@room()
def partner_room(request, partner):
    """What there is to do for the partner."""
    context = {
        "partner": partner,
        "tiles": tiles_for(partner, request.user),
        "is_keeper": acts.is_keeper(request.user, partner),
        "has_keys": PartnerRole.BANK in partner.roles,
    }
    return render(request, "services/partner/room.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@room()
def members(request, partner):
    """Who acts for the partner; a keeper adds one by the mobile number."""
    is_keeper = acts.is_keeper(request.user, partner)
    form = MemberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            if is_keeper:
                acts.note_trying(by=request.user)
            acts.add_member(partner=partner, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, f"已添加{form.cleaned_data['name']}。")
            return redirect("services:partner_members", pk=partner.pk)
    rows = partner.members.in_force().select_related("user")
    context = {"partner": partner, "members": rows, "is_keeper": is_keeper, "form": form}
    return render(request, "services/partner/members.html", context)


@require_POST
@room()
def member_end(request, partner, member):
    """Take somebody off the list."""
    found = get_object_or_404(partner.members.in_force(), pk=member)
    try:
        acts.end_member(member=found, by=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"已移除{found.name}。")
    if found.user_id == request.user.pk:
        return redirect("services:partner_rooms")
    return redirect("services:partner_members", pk=partner.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@room(PartnerRole.BANK)
def keys(request, partner):
    """Keys of the partner's own system; a new one is shown once."""
    form, made = KeyForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _, made = acts.make_key(partner=partner, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            form = KeyForm()
    context = {
        "partner": partner,
        "keys": partner.keys.select_related("member").order_by("-created_at"),
        "is_keeper": acts.is_keeper(request.user, partner),
        "form": form,
        "made": made,
    }
    return render(request, "services/partner/keys.html", context)


@require_POST
@room(PartnerRole.BANK)
def key_revoke(request, partner, key):
    """Stop a key at once."""
    found = get_object_or_404(partner.keys, pk=key)
    try:
        acts.revoke_key(key=found, by=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"密钥“{found.label}”已停用。")
    return redirect("services:partner_keys", pk=partner.pk)

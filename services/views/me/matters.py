"""My matters: what is under way, what comes next, papers, taking one back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import is_citizen, only
from services.actions import matters
from services.actions.matter_files import may_add, missing_papers
from services.enums import CITIZEN_ACTS, OPEN_MATTERS, UNDECIDED, MatterState
from services.forms.my_matters import WithdrawForm
from services.matter_rules import days_left, may_act_for_oneself
from services.matter_words import answer_rows
from services.models import Matter
from veterans_portal.errors import DomainError

PER_PAGE = 20


def mine(user):
    """The citizen's own matters and those they entered for others; drafts are their writer's."""
    found = Matter.objects.visible_to(user).with_all()
    return found.exclude(Q(state=MatterState.DRAFT) & ~Q(by=user))


@only(is_citizen)
@require_safe
def my_matters(request):
    """Open ones and drafts in full, ended ones by pages."""
    found = mine(request.user)
    open_ = list(found.filter(state__in=OPEN_MATTERS))
    drafts = list(found.filter(state=MatterState.DRAFT))
    past = found.exclude(state__in=[MatterState.DRAFT, *OPEN_MATTERS]).select_related("card")
    page = Paginator(past, PER_PAGE).get_page(request.GET.get("page"))
    context = {"open": open_, "drafts": drafts, "page_obj": page}
    return render(request, "services/me/matter_list.html", context)


@require_safe
def matter(request, number):
    """One matter; fresh from sending (`?new=1`) it is the confirmation."""
    if request.user.is_staff_member:
        return redirect("services:desk_matter", number=number)
    shown = _own(request, number)
    if shown.state == MatterState.DRAFT:
        return redirect("services:matter_edit", shown.number)
    return render(request, "services/me/matter.html", _about(request, shown))


def _about(request, shown):
    acts = may_add(shown, request.user)
    return {
        "matter": shown,
        "kind": shown.kind,
        "station": shown.station,
        "fresh": "new" in request.GET and shown.state == MatterState.SUBMITTED,
        # in parts: a telephone breaks the line between them
        "spoken_number": f"{shown.number[:4]} {shown.number[4:8]} {shown.number[8:]}",
        "rows": answer_rows(shown),
        "timeline": _timeline(shown),
        "documents": list(shown.documents.order_by("issued_at")),
        "has_files": shown.files.kept().exists(),
        "missing": missing_papers(shown) if acts else [],
        "may_hand_in": acts,
        "nothing_new": _nothing_new(shown),
        "may_withdraw": shown.state in UNDECIDED and may_act_for_oneself(shown, request.user),
        "days_left": _days_left(shown),
        "rating": _rating(shown),
        "for_another": shown.by_id == request.user.pk and shown.proxy_id is not None,
    }


def _days_left(shown):
    """Working days until the promised day; None when no clock runs."""
    if shown.state != MatterState.ACCEPTED:
        return None
    return days_left(shown.due_on, today=timezone.localdate())


def _rating(shown):
    """The invitation to rate that is still open, or None."""
    invitation = getattr(shown, "rating_invitation", None)
    if invitation is None or hasattr(invitation, "rating"):
        return None
    return invitation if invitation.expires_at > timezone.now() else None


def _timeline(shown):
    """What happened, in the words meant for the person; then what is still ahead."""
    entries = [
        {
            "at": event.at,
            "title": CITIZEN_ACTS.get(event.act, event.get_act_display()),
            "body": event.public_words,
        }
        for event in shown.events.all()
        if event.public_words
    ]
    if shown.state == MatterState.SUBMITTED and shown.check_by:
        entries.append(
            {"at": shown.check_by, "title": "站里看材料，最迟在这一天", "state": "current"}
        )
    elif shown.state == MatterState.SUPPLEMENT:
        entries.append(
            {"at": shown.supplement_by, "title": "请在这一天前补好材料", "state": "current"}
        )
    elif shown.state == MatterState.ACCEPTED:
        entries.append({"at": shown.due_on, "title": "最迟在这一天办好", "state": "current"})
    return entries


@require_safe
def matter_paper(request, number):
    """The sheet to keep: the number, what was asked, and whom to call."""
    shown = _own(request, number)
    if shown.state == MatterState.DRAFT:
        raise Http404
    context = {"matter": shown, "kind": shown.kind, "station": shown.station,
               "rows": answer_rows(shown), "back_url": shown.get_absolute_url()}  # fmt: skip
    return render(request, "services/me/matter_paper.html", context)


@only(is_citizen)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, number):
    """Ask for the reason, then take it back; a draft goes without a reason."""
    shown = _own(request, number)
    draft = shown.state == MatterState.DRAFT
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and (draft or form.is_valid()):
        reason = "草稿不要了" if draft else form.cleaned_data["reason"]
        try:
            matters.withdraw(matter=shown, by=request.user, reason=reason)
        except DomainError as refused:
            messages.error(request, refused.message)
            return redirect(shown)
        messages.success(request, "草稿已删除。" if draft else "已经撤回。需要时可以重新办理。")
        return redirect("services:my_matters")
    context = {"matter": shown, "kind": shown.kind, "station": shown.station, "form": form}
    return render(request, "services/me/matter_withdraw.html", context)


@only(is_citizen)
@require_POST
def supplement(request, number):
    """Say that the papers asked for are there: handed in here, or, ticked, brought to the station."""
    shown = _own(request, number)
    if _nothing_new(shown) and "elsewhere" not in request.POST:
        messages.warning(request, "还没有看到您新上传的材料。已经送到站里的，请勾选以后再交。")
        return redirect(shown)
    try:
        matters.supplement(matter=shown, by=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "材料已交回，站里会接着看。")
    return redirect(shown)


def _nothing_new(shown):
    """Whether papers were asked for and none has been handed in since: they are asked for once only."""
    if shown.state != MatterState.SUPPLEMENT:
        return False
    return not shown.files.kept().filter(at__gte=shown.supplement_asked_at).exists()


def _own(request, number):
    if not request.user.is_citizen:
        raise Http404
    return get_object_or_404(mine(request.user).select_related("proxy"), number=number)

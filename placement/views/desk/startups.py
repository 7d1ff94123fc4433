"""Enterprises and bundles at the desk."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Min, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.perms import only
from placement import perms
from placement.actions import bundles, enterprises
from placement.enums.startups import (
    ENTERPRISE_LISTED,
    ENTERPRISE_TO_CHECK,
    ITEM_OPEN,
    BundleState,
    EnterpriseState,
)
from placement.forms.startups import EnterpriseDeskFilter, ItemForm, KindForm, PublishForm
from placement.models import BundleKind, StartupBundle, VeteranEnterprise
from services.forms.fields import add_refusal
from services.forms.reasons import ReasonForm
from services.perms import works_at_a_desk
from veterans_portal.errors import DomainError

PER_PAGE = 25
WHY = {"length": 200, "rows": 2, "hint": "本人会看到。"}


@only(works_at_a_desk)
@require_safe
def enterprise_list(request):
    """Enterprises in scope, those to check first."""
    form = EnterpriseDeskFilter(request.GET)
    found = form.narrow(VeteranEnterprise.objects.visible_to(request.user))
    found = found.select_related("person", "station").order_by("-submitted_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "placement/desk/enterprise_list.html", {"form": form, "page_obj": page})


def _enterprise(request, pk):
    rows = VeteranEnterprise.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("person", "station", "division", "decided_by", "submitted_by"), pk=pk
    )


@only(works_at_a_desk)
@require_safe
def enterprise(request, pk):
    """One, with its decision."""
    return _enterprise_page(request, _enterprise(request, pk))


def _enterprise_page(request, shown, **bound):
    checks = perms.may_check_loans(request.user, shown.station)
    waits = shown.state in ENTERPRISE_TO_CHECK
    context = {
        "enterprise": shown,
        "may_check": checks and waits and shown.submitted_by_id != request.user.pk,
        "own_entry": waits and shown.submitted_by_id == request.user.pk,
        "may_feature": checks and shown.state in ENTERPRISE_LISTED,
        "may_remove": checks and shown.state != EnterpriseState.REMOVED,
        "publish_form": PublishForm(auto_id="publish_%s"),
        "refuse_form": ReasonForm(**WHY, auto_id="refuse_%s"),
        "remove_form": ReasonForm(**WHY, auto_id="remove_%s"),
    } | bound
    return render(request, "placement/desk/enterprise.html", context)


ACTS: dict[str, tuple[Any, str]] = {
    "publish": (enterprises.publish, "已通过，公开展示了。"),
    "refuse": (enterprises.refuse, "已记为未通过，本人会收到消息。"),
    "remove": (enterprises.remove, "已撤下，本人会收到消息。"),
}


@only(works_at_a_desk)
@require_POST
def enterprise_act(request, pk, act):
    """Publish, refuse, take down; show first or no longer."""
    shown = _enterprise(request, pk)
    if act in ("feature", "unfeature"):
        try:
            enterprises.feature(enterprise=shown, by=request.user, on=act == "feature")
        except DomainError as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, "已改。")
        return redirect("placement:desk_enterprise", shown.pk)
    if act not in ACTS:
        raise Http404
    deed, words = ACTS[act]
    shape = PublishForm if act == "publish" else ReasonForm
    form = shape(request.POST, auto_id=f"{act}_%s", **({} if act == "publish" else WHY))
    if form.is_valid():
        try:
            deed(enterprise=shown, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, words)
            return redirect("placement:desk_enterprise", shown.pk)
    return _enterprise_page(request, shown, **{f"{act}_form": form})


@only(works_at_a_desk)
@require_safe
def bundle_list(request):
    """Bundles in scope: those under way by their next due day, then those that are over."""
    found = StartupBundle.objects.visible_to(request.user).select_related("person", "station")
    state = request.GET.get("state", "")
    if state in BundleState.values:
        found = found.filter(state=state)
    open_ = Q(items__state__in=ITEM_OPEN)
    found = found.annotate(
        in_all=Count("items"), left=Count("items", filter=open_),
        due_on=Min("items__due_on", filter=open_),
    ).order_by("due_on", "-submitted_at", "-pk")  # fmt: skip
    context = {
        "page_obj": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "tabs": [("全部", "?", state not in BundleState.values)]
        + [(each.label, f"?state={each}", each == state) for each in BundleState],
    }
    return render(request, "placement/desk/bundle_list.html", context)


def _bundle(request, pk):
    rows = StartupBundle.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("person", "station"), pk=pk)


@only(works_at_a_desk)
@require_safe
def bundle(request, pk):
    """One: its items, each with its form."""
    shown = _bundle(request, pk)
    audit.record("placement.bundle_read", shown, by=request.user, station=shown.station,
                 on_behalf_of=shown.person.name, request=request)  # fmt: skip
    return _bundle_page(request, shown)


def _bundle_page(request, shown, *, bound=None, at=None):
    items = list(shown.items.select_related("noted_by"))
    keeps = shown.is_open and perms.may_keep_loans(request.user, shown.station)
    for each in items:
        if keeps and each.is_open:
            each.form = bound if at == each.pk else ItemForm(item=each)
    context = {"bundle": shown, "items": items, "keeps": keeps, "bound": bound}
    return render(request, "placement/desk/bundle.html", context)


@only(works_at_a_desk)
@require_POST
def item_note(request, pk, item):
    """Note how an item goes."""
    shown = _bundle(request, pk)
    known = get_object_or_404(shown.items, pk=item)
    form = ItemForm(request.POST, item=known)
    if form.is_valid():
        try:
            bundles.note(item=known, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "已登记，本人会收到消息。")
            return redirect("placement:desk_bundle", shown.pk)
    return _bundle_page(request, shown, bound=form, at=known.pk)


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def kinds(request, pk=None):
    """The items of the bundle; heads of the city keep the list."""
    keeps = perms.may_keep_terms(request.user)
    if (pk or request.method == "POST") and not keeps:
        raise Http404
    known = get_object_or_404(BundleKind, pk=pk) if pk else BundleKind()
    form = KindForm(request.POST if request.method == "POST" else None, instance=known)
    if request.method == "POST" and form.is_valid():
        try:
            bundles.save_kind(kind=form.save(commit=False), by=request.user)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "事项已保存，以后提交的按新的办。")
            return redirect("placement:desk_bundle_kinds")
    context = {"form": form if keeps else None, "known": list(BundleKind.objects.all()[:100]),
               "edited": known if pk else None}  # fmt: skip
    return render(request, "placement/desk/bundle_kinds.html", context)

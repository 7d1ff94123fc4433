"""One version of a rule: in words, edited piece by piece while a draft, previewed, published, retired."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import only
from placement.actions import outreach
from placement.views.desk.outreach_rules import rules_of
from services import perms
from services.actions import rules as acts
from services.enums import RuleState
from services.forms import rules as forms
from services.forms.fields import add_refusal
from services.models import RuleVersion
from services.rules import RuleError, parse, tree
from services.rules.conditions import KINDS, ORDER
from services.rules.golden import judged
from services.rules.outline import outline
from veterans_portal.errors import DomainError

NOW = "规则已发布，正在后台查找符合的人，完成后会发消息告诉您。"
LATER = "规则已发布，从起用那天的夜里开始查找。"


def _version(request, pk):
    rows = RuleVersion.objects.filter(rule__in=rules_of(request.user))
    return get_object_or_404(
        rows.select_related("rule__station", "author", "published_by", "retired_by"), pk=pk
    )


def _may_edit(version, user):
    return (
        version.state == RuleState.DRAFT
        and version.author_id == user.pk
        and perms.may_write_rules(user, version.rule.station)
    )


def _draft(request, pk):
    """The draft, if the reader is the one who writes it; Http404 otherwise."""
    version = _version(request, pk)
    if not _may_edit(version, request.user):
        raise Http404
    return version


@only(perms.works_at_a_desk)
@require_safe
def version(request, pk):
    """The version as it stands, with the controls its author has."""
    shown = _version(request, pk)
    root = parse(shown.conditions, complete=False)
    may_publish = perms.may_publish_rules(request.user, shown.rule.station)
    draft = shown.state == RuleState.DRAFT
    cases = list(shown.cases.all())
    for each in cases:
        each.says = judged(shown, each)
    may_edit = _may_edit(shown, request.user)
    today = timezone.localdate()
    context = {
        "version": shown,
        "counts": outreach.counts(shown, on=today) if may_edit and any(root.leaves()) else None,
        "tree": outline(root),
        "cases": cases,
        "page": dict(forms.PAGES).get(shown.offer_url, ""),
        "may_edit": may_edit,
        "may_publish": draft and may_publish and shown.author_id != request.user.pk,
        "may_discard": draft and (may_publish or shown.author_id == request.user.pk),
        "may_retire": shown.state == RuleState.PUBLISHED and may_publish,
        "may_preview": perms.scope_of(request.user).covers(shown.reach),
    }
    return render(request, "placement/desk/outreach_version.html", context)


@only(perms.works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request, pk):
    """What the draft offers and when it holds."""
    shown = _draft(request, pk)
    initial = {name: getattr(shown, name) for name in acts.OFFER} | {"edits": shown.edits}
    form = forms.EditedOfferForm(
        request.POST if request.method == "POST" else None, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            acts.write_offer(version=shown, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "已保存。")
            return redirect("placement:desk_outreach_version", pk=pk)
    context = {"form": form, "fields": form.visible_fields(), "version": shown}
    return render(request, "placement/desk/outreach_offer.html", context)


@only(perms.works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def condition(request, pk):
    """Choose a kind of condition, fill in its values; or change one that is there (`edit`)."""
    shown = _draft(request, pk)
    place = request.GET.get("at", "")
    root = parse(shown.conditions, complete=False)
    try:
        there = tree.at(root, place)
    except RuleError:
        raise Http404 from None
    editing = not isinstance(there, tree.Group)
    kind = there.key if editing else request.GET.get("is", "")
    if kind not in KINDS:
        context = {"version": shown, "kinds": ORDER, "place": place}
        return render(request, "placement/desk/outreach_kinds.html", context)
    form = forms.ConditionForm(
        request.POST if request.method == "POST" else None,
        kind=kind, condition=there if editing else None, initial={"edits": shown.edits},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        deed = acts.change_node if editing else acts.add_node
        try:
            deed(version=shown, by=request.user, edits=form.cleaned_data["edits"], place=place,
                 node=form.node)  # fmt: skip
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "条件已保存。")
            return redirect("placement:desk_outreach_version", pk=pk)
    context = {"form": form, "version": shown, "kind": KINDS[kind], "editing": editing}
    return render(request, "placement/desk/outreach_condition.html", context)


@only(perms.works_at_a_desk)
@require_POST
def change_tree(request, pk):
    """Add a group, say how a group counts, take something out."""
    shown = _draft(request, pk)
    do, _, key = request.POST.get("do", "").partition("-")
    try:
        same = {"version": shown, "by": request.user, "place": request.POST.get("at", ""),
                "edits": int(request.POST.get("edits", ""))}  # fmt: skip
    except ValueError:
        raise Http404 from None
    if (do, key) != ("remove", "") and (do not in ("group", "kind") or key not in tree.GROUPS):
        raise Http404
    try:
        if do == "remove":
            acts.remove_node(**same)
        elif do == "group":
            acts.add_node(**same, node={key: []})
        else:
            acts.change_node(**same, node=key)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已保存。")
    return redirect("placement:desk_outreach_version", pk=pk)


@only(perms.works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def case(request, pk):
    """Add a golden case."""
    shown = _draft(request, pk)
    form = forms.CaseForm(
        request.POST if request.method == "POST" else None,
        initial={"edits": shown.edits, "on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            acts.add_case(
                version=shown, by=request.user, edits=data["edits"], title=data["title"],
                on=data["on"], facts=form.facts(shown), expected=data["expected"],
            )  # fmt: skip
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "例子已保存。")
            return redirect("placement:desk_outreach_version", pk=pk)
    return render(request, "placement/desk/outreach_case.html", {"form": form, "version": shown})


@only(perms.works_at_a_desk)
@require_POST
def case_remove(request, pk, case):
    """Take a golden case out."""
    shown = _draft(request, pk)
    try:
        acts.remove_case(version=shown, by=request.user, edits=shown.edits, pk=case)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "例子已删去。")
    return redirect("placement:desk_outreach_version", pk=pk)


@only(perms.works_at_a_desk)
@require_safe
def preview(request, pk):
    """Before it goes live: how many, where, a masked sample; nothing is written."""
    shown = _version(request, pk)
    if not perms.scope_of(request.user).covers(shown.reach) or shown.state == RuleState.RETIRED:
        raise Http404
    health = perms.may_see_health(request.user, shown.rule.station)
    context = {
        "version": shown,
        "preview": outreach.preview(shown, on=timezone.localdate(), health=health),
        "may_publish": shown.state == RuleState.DRAFT
        and shown.author_id != request.user.pk
        and perms.may_publish_rules(request.user, shown.rule.station),
    }
    return render(request, "placement/desk/outreach_preview.html", context)


@only(perms.works_at_a_desk)
@require_POST
def decide(request, pk, act):
    """Ask a colleague to publish, publish (from the preview), retire, discard."""
    shown = _version(request, pk)
    rule = shown.rule_id
    try:
        if act == "publish":
            job = outreach.go_live(version=shown, by=request.user)
            said = NOW if job else LATER
        elif act == "ask":
            acts.ask_to_publish(version=shown, by=request.user, edits=shown.edits)
            messages.success(request, "已请同事发布，会出现在他们的今日工作里。再改会收回。")
            return redirect("placement:desk_outreach_version", pk=pk)
        elif act == "retire":
            acts.retire(version=shown, by=request.user)
            said = "规则已停用。已经告知的和已派出的任务不受影响。"
        elif act == "discard":
            acts.discard(version=shown, by=request.user)
            messages.success(request, "草稿已删去。")
            return redirect("placement:desk_outreach_rules")
        else:
            raise Http404
    except DomainError as refused:
        messages.error(request, refused.message)
        return redirect("placement:desk_outreach_version", pk=pk)
    messages.success(request, said)
    return redirect("placement:desk_outreach_rule", pk=rule)

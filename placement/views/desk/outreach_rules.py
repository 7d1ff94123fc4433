"""Rules of "we come to you" at the desk: the list, a new one, one with its versions and its nights."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import only
from placement.enums.outreach import LeadState
from placement.models import OutreachLead, OutreachRun
from services import perms
from services.actions import rules as acts
from services.enums import RuleKind, RuleState
from services.forms import rules as forms
from services.forms.fields import add_refusal
from services.models import Rule, RuleVersion
from veterans_portal.errors import DomainError

PER_PAGE = 25
NIGHTS = 7


def writes_rules(user):
    """Staff who may write a rule for some station."""
    return perms.works_at_a_desk(user) and forms.writable_stations(user).exists()


def rules_of(user):
    """The outreach rules a reader sees."""
    return Rule.objects.visible_to(user).filter(kind=RuleKind.OUTREACH)


@only(perms.works_at_a_desk)
@require_safe
def rule_list(request):
    """Rules in force, those being written, those that ended; how many people each has found."""
    state = request.GET.get("state", "")
    state = state if state in RuleState.values else RuleState.PUBLISHED
    rows = RuleVersion.objects.visible_to(request.user).filter(
        state=state, rule__kind=RuleKind.OUTREACH
    )
    rows = rows.select_related("rule__station", "author").annotate(found=Count("leads"))
    page = Paginator(rows.order_by("rule__title", "-number"), PER_PAGE)
    context = {
        "page_obj": page.get_page(request.GET.get("page")),
        "tabs": [(each.label, f"{request.path}?state={each}", each == state) for each in RuleState],
        "may_write": writes_rules(request.user),
    }
    return render(request, "placement/desk/outreach_rule_list.html", context)


@only(writes_rules)
@require_http_methods(["GET", "HEAD", "POST"])
def rule_new(request):
    """A rule's name, where it applies, and what it offers; its conditions come next."""
    form = forms.NewRuleForm(
        request.POST if request.method == "POST" else None, user=request.user,
        initial={"valid_from": timezone.localdate()},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            version = acts.begin(kind=RuleKind.OUTREACH, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "草稿已建立，请接着写条件。")
            return redirect("placement:desk_outreach_version", pk=version.pk)
    context = {"form": form, "fields": list(form)}
    return render(request, "placement/desk/outreach_offer.html", context)


@only(perms.works_at_a_desk)
@require_safe
def rule(request, pk):
    """One rule: its versions, whom it has found so far, and what its last nights brought."""
    shown = _rule(request, pk)
    versions = list(shown.versions.select_related("author", "published_by"))
    open_ = any(each.state == RuleState.DRAFT for each in versions)
    leads = OutreachLead.objects.visible_to(request.user).filter(rule=shown)
    counts = {str(each): Count("pk", filter=Q(state=each)) for each in LeadState}
    runs = OutreachRun.objects.filter(version__rule=shown).select_related("version")
    counted = leads.aggregate(**counts)
    context = {
        "rule": shown,
        "versions": versions,
        "counts": [(each.label, counted[str(each)]) for each in LeadState],
        "runs": runs[:NIGHTS],
        "may_draft": not open_ and perms.may_write_rules(request.user, shown.station),
    }
    return render(request, "placement/desk/outreach_rule.html", context)


@only(perms.works_at_a_desk)
@require_POST
def draft_again(request, pk):
    """Begin the next version."""
    shown = _rule(request, pk)
    if not perms.may_write_rules(request.user, shown.station):
        raise Http404
    try:
        version = acts.draft_again(rule=shown, by=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
        return redirect("placement:desk_outreach_rule", pk=pk)
    messages.success(request, "新的草稿已建立，改好以后请同事发布。")
    return redirect("placement:desk_outreach_version", pk=version.pk)


def _rule(request, pk):
    return get_object_or_404(rules_of(request.user).select_related("station"), pk=pk)

"""What the rules found for the signed-in person and why; declining, and wanting to be found again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.perms import is_citizen, only
from placement.actions import outreach as acts
from placement.models import OutreachLead, OutreachRefusal
from services.forms.rules import page_address
from services.models import Person
from veterans_portal.errors import DomainError

PER_PAGE = 10


@only(is_citizen)
@require_safe
def found(request):
    """The newest first, each with its reasons; what was declined stands below."""
    rows = OutreachLead.objects.visible_to(request.user).select_related("version", "rule", "task")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    for lead in page.object_list:
        lead.visit = getattr(lead, "task", None)
        lead.why = lead.reasons_for(health=True)
        lead.address = page_address(lead.version.offer_url)
    refusals = OutreachRefusal.objects.visible_to(request.user).standing().select_related("rule")
    person = Person.objects.filter(account=request.user).select_related("station").first()
    context = {
        "page_obj": page,
        "refusals": list(refusals),
        "person": person,
        "none_wanted": any(each.rule_id is None for each in refusals),
    }
    return render(request, "placement/me/outreach.html", context)


@only(is_citizen)
@require_POST
def decline(request):
    """Not this one any more, or none at all: `lead` names what was found, without it none."""
    person = Person.objects.own_file(request.user)
    if person is None:
        raise Http404
    rule, pk = None, request.POST.get("lead", "")
    if pk:
        if not pk.isascii() or not pk.isdigit() or len(pk) > 18:
            raise Http404
        rows = OutreachLead.objects.visible_to(request.user).select_related("rule")
        rule = get_object_or_404(rows, pk=pk).rule
    try:
        acts.decline(person=person, by=request.user, rule=rule)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已记下，以后不再为此打扰您。改变主意时，在这一页下面恢复。")
    return redirect("placement:my_outreach")


@only(is_citizen)
@require_POST
def again(request, pk):
    """Take a refusal back."""
    rows = OutreachRefusal.objects.visible_to(request.user).standing().select_related("person")
    acts.accept_again(refusal=get_object_or_404(rows, pk=pk), by=request.user)
    messages.success(request, "已恢复。以后有适合您的服务，我们会告诉您。")
    return redirect("placement:my_outreach")

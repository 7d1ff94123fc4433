"""A person's loans: the wish, the consent that names the bank, what came of it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import is_citizen, only
from placement.actions import loans as acts
from placement.enums.loans import LOAN_TO_GIVE_UP, LoanState
from placement.forms.loans import AgreeForm, WishForm
from placement.loan_words import timeline
from placement.models import LoanReferral
from services.forms.fields import add_refusal
from services.models import Person
from veterans_portal.errors import DomainError

SHOWN = 50


def _mine(request, pk):
    return get_object_or_404(LoanReferral.objects.visible_to(request.user).with_all(), pk=pk)


@only(is_citizen)
@require_safe
def my_loans(request):
    """My wishes, newest first, and where each stands."""
    mine = list(LoanReferral.objects.visible_to(request.user).with_all()[:SHOWN])
    has_file = bool(mine) or Person.objects.own_file(request.user) is not None
    return render(request, "placement/me/loans.html", {"loans": mine, "has_file": has_file})


@only(is_citizen)
@require_http_methods(["GET", "HEAD", "POST"])
def loan_edit(request, pk=None):
    """Write a wish, or change it before it is handed in."""
    known = _mine(request, pk) if pk else None
    if known is not None and known.state != LoanState.DRAFT:
        raise Http404
    person = known.person if known else Person.objects.own_file(request.user)
    if person is None:
        return render(request, "placement/me/no_file.html", {"title": "申请创业贷款"})
    known = known or LoanReferral(person=person)
    form = WishForm(request.POST if request.method == "POST" else None, instance=known)
    if request.method == "POST" and form.is_valid():
        wanted = form.save(commit=False)
        if not pk:
            wanted.client_key = form.cleaned_data["client_key"]
        try:
            saved = acts.save_draft(referral=wanted, by=request.user)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            return redirect(saved)
    context = {"form": form, "person": person, "loan": known if pk else None}
    return render(request, "placement/me/loan_edit.html", context)


@only(is_citizen)
@require_http_methods(["GET", "HEAD", "POST"])
def loan(request, pk):
    """One: as a draft with the consent, then with its way."""
    shown = _mine(request, pk)
    is_draft = shown.state == LoanState.DRAFT
    posted = request.POST if request.method == "POST" and is_draft else None
    form = AgreeForm(posted, referral=shown) if is_draft else None
    if request.method == "POST":
        if not is_draft:
            return redirect(shown)
        if form.is_valid():
            try:
                acts.submit(referral=shown, by=request.user, **form.cleaned_data)
            except DomainError as refused:
                add_refusal(form, refused)
            else:
                messages.success(request, "已提交，站点核验身份后告诉银行。")
                return redirect(shown)
    context = {
        "loan": shown,
        "form": form,
        "entries": [] if is_draft else timeline(shown),
        "may_give_up": shown.state in LOAN_TO_GIVE_UP,
    }
    return render(request, "placement/me/loan.html", context)


@only(is_citizen)
@require_POST
def loan_give_up(request, pk):
    """Give a wish up, or throw a draft away."""
    shown = _mine(request, pk)
    try:
        if shown.state == LoanState.DRAFT:
            acts.delete_draft(referral=shown, by=request.user)
            messages.success(request, "草稿已删除。")
            return redirect("placement:my_loans")
        acts.withdraw(referral=shown, by=request.user, reason=request.POST.get("reason", ""))
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已放弃，同意也一起撤回，银行看不到您的信息了。")
    return redirect(shown)

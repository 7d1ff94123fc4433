"""Loan referrals at the desk: verify and push, enter at the counter, see where banks are."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.perms import only
from placement import perms
from placement.actions import loans as acts
from placement.actions.loans.verifying import is_veteran
from placement.enums.loans import LOAN_TO_GIVE_UP, LoanState
from placement.forms.loans import LoanFilter, TermsForm, VerifyForm, WishForm, WrittenForm
from placement.loan_words import timeline
from placement.models import LoanReferral, LoanTerms
from services.forms.fields import add_refusal
from services.forms.reasons import ReasonForm
from services.models import Person
from services.perms import may_keep_file, works_at_a_desk
from veterans_portal.errors import DomainError

PER_PAGE = 25
WHY = {"length": 200, "rows": 2, "hint": "本人会看到。"}


def _in_scope(request, pk):
    rows = LoanReferral.objects.visible_to(request.user).with_all()
    return get_object_or_404(rows.select_related("verified_by", "by", "person__station"), pk=pk)


@only(works_at_a_desk)
@require_safe
def loan_list(request):
    """Referrals in scope: those with a term first, soonest due."""
    form = LoanFilter(request.GET)
    found = form.narrow(LoanReferral.objects.visible_to(request.user).with_all())
    found = found.order_by(F("due_on").asc(nulls_last=True), "-created_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "keeps_terms": perms.may_keep_terms(request.user)}
    return render(request, "placement/desk/loan_list.html", context)


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def loan_new(request, person):
    """Write a wish for somebody at the counter; what the file knows is not typed again."""
    shown = get_object_or_404(
        Person.objects.visible_to(request.user).select_related("station", "account"), pk=person
    )
    if not may_keep_file(request.user, shown.station):
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = WishForm(posted, instance=LoanReferral(person=shown))
    if posted is not None and form.is_valid():
        wanted = form.save(commit=False)
        wanted.client_key = form.cleaned_data["client_key"]
        try:
            saved = acts.save_draft(referral=wanted, by=request.user)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            return redirect("placement:desk_loan", saved.pk)
    return render(request, "placement/desk/loan_new.html", {"form": form, "person": shown})


@only(works_at_a_desk)
@require_safe
def loan(request, pk):
    """One: who, what is wanted, the next step, its way."""
    shown = _in_scope(request, pk)
    audit.record("placement.loan_read", shown, by=request.user, station=shown.station,
                 on_behalf_of=shown.person.name, request=request)  # fmt: skip
    return _page(request, shown)


def _page(request, shown, **bound):
    user = request.user
    keeps = perms.may_keep_loans(user, shown.station)
    keeps_file = may_keep_file(user, shown.person.station)
    waiting = shown.state == LoanState.SUBMITTED
    context = {
        "loan": shown,
        "entries": timeline(shown) if shown.submitted_at else [],
        "veteran": is_veteran(shown.person),
        "may_enter": keeps_file and shown.state == LoanState.DRAFT,
        "may_verify": keeps and waiting and shown.by_id != user.pk,
        "own_entry": waiting and shown.by_id == user.pk,
        "may_give_up": keeps_file and shown.state in LOAN_TO_GIVE_UP,
        "verify_form": VerifyForm(auto_id="verify_%s"),
        "refuse_form": ReasonForm(**WHY, auto_id="refuse_%s"),
        "enter_form": WrittenForm(auto_id="enter_%s"),
        "withdraw_form": ReasonForm(length=200, rows=2, auto_id="withdraw_%s"),
    } | bound
    return render(request, "placement/desk/loan.html", context)


# What is pressed: its form, its act, what is said when it is done.
ACTS: dict[str, tuple[Any, Any, str]] = {
    "verify": (VerifyForm, acts.verify, "已核验并推送银行，银行和本人都会收到消息。"),
    "refuse": (ReasonForm, acts.refuse, "已记为核验未通过，本人会收到消息。"),
    "enter": (WrittenForm, acts.enter, "已提交，请另一位同事核验身份。"),
    "withdraw": (ReasonForm, acts.withdraw, "已记为本人放弃，银行看不到本人信息了。"),
}


@only(works_at_a_desk)
@require_POST
def loan_act(request, pk, act):
    """Verify and push, refuse, hand in with a written consent, note that the person gave up."""
    shown = _in_scope(request, pk)
    if act not in ACTS:
        raise Http404
    shape, deed, words = ACTS[act]
    extra = WHY if act == "refuse" else {"length": 200, "rows": 2} if act == "withdraw" else {}
    form = shape(request.POST, auto_id=f"{act}_%s", **extra)
    if form.is_valid():
        try:
            deed(referral=shown, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, words)
            return redirect("placement:desk_loan", shown.pk)
    return _page(request, shown, **{f"{act}_form": form})


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request):
    """The terms in force and those before; heads of the city enter new ones."""
    keeps = perms.may_keep_terms(request.user)
    if request.method == "POST" and not keeps:
        raise Http404
    form = TermsForm(request.POST if request.method == "POST" else None) if keeps else None
    if request.method == "POST" and form.is_valid():
        try:
            acts.enter_terms(terms=form.save(commit=False), by=request.user)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "时限已填写。")
            return redirect("placement:desk_loan_terms")
    known = list(LoanTerms.objects.select_related("entered_by")[:20])
    return render(request, "placement/desk/loan_terms.html", {"form": form, "known": known})

"""A bank's room: its own referrals, its answers, its monthly returns."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.views.jobs import file_response
from placement import bank_sheets
from placement.actions import bank_returns, loans
from placement.actions.loans.answering import Money
from placement.enums.loans import ANSWERABLE, LOAN_SEEN_BY_BANK, AnsweredBy, LoanState
from placement.forms.loans import AnswerForm, LoanFilter, ReturnForm, month_of
from placement.loan_words import timeline
from placement.models import BankReturn, LoanReferral
from services.enums import PartnerRole
from services.forms.fields import add_refusal
from services.partner_room import room
from veterans_portal.errors import DomainError

PER_PAGE = 20
PROBLEMS_SHOWN = 200
banks_room = room(PartnerRole.BANK)


@require_safe
@banks_room
def loan_list(request, partner):
    """Referrals that were pushed to this bank; those with a term first."""
    form = LoanFilter(request.GET, states=[LoanState(each) for each in LOAN_SEEN_BY_BANK])
    found = form.narrow(LoanReferral.objects.of_bank(partner).with_all(), names=False)
    found = found.order_by(F("due_on").asc(nulls_last=True), "-pushed_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"partner": partner, "form": form, "page_obj": page}
    return render(request, "placement/partner/loan_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@banks_room
def loan(request, partner, loan):
    """One: what the consent covers, and the form for the bank's answer."""
    shown = get_object_or_404(LoanReferral.objects.of_bank(partner).with_all(), pk=loan)
    kinds = [kind for kind, states in ANSWERABLE.items() if shown.state in states]
    form = None
    if kinds:
        posted = request.POST if request.method == "POST" else None
        form = AnswerForm(posted, kinds=kinds, initial={"on": timezone.localdate()})
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid() and _answered(request, shown, form):
            return redirect("placement:partner_loan", partner.pk, shown.pk)
    elif shown.shows_person:
        audit.record("placement.loan_read", shown, by=request.user, station=shown.station,
                     on_behalf_of=shown.person.name, detail={"bank": partner.pk},
                     request=request)  # fmt: skip
    context = {"partner": partner, "loan": shown, "form": form, "entries": timeline(shown)}
    return render(request, "placement/partner/loan.html", context)


def _answered(request, shown, form):
    data = dict(form.cleaned_data)
    facts = [data.pop(name, None) for name in ("amount", "rate", "term_months")]
    money = Money(*facts) if all(value is not None for value in facts) else None
    try:
        loans.answer(referral=shown, by=request.user, via=AnsweredBy.ROOM, money=money, **data)
    except DomainError as refused:
        add_refusal(form, refused)
        return False
    messages.success(request, "已登记，本人会收到消息。")
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@banks_room
def returns(request, partner):
    """Upload a month, and the months before."""
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form, problems = ReturnForm(*posted), []
    if request.method == "POST" and form.is_valid():
        made, problems = upload(form, bank=partner, by=request.user)
        if made is not None:
            messages.success(request, "回报已上传，核对中心会逐笔核对。")
            return redirect("placement:partner_bank_return", partner.pk, made.pk)
    found = BankReturn.objects.filter(bank=partner).order_by("-month", "-version")
    context = {
        "partner": partner,
        "form": form,
        "problems": problems[:PROBLEMS_SHOWN],
        "more_problems": max(len(problems) - PROBLEMS_SHOWN, 0),
        "page_obj": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "placement/partner/bank_returns.html", context)


def upload(form, *, bank, by):
    """`(the return or None, problems of cells)` of a valid form; refusals stand beside its fields."""
    file = form.cleaned_data["file"]
    file.seek(0)
    try:
        made = bank_returns.upload(
            bank=bank, month=form.cleaned_data["month"], data=file.read(), by=by
        )
    except bank_returns.CellsRefused as refused:
        add_refusal(form, refused)
        return None, refused.problems
    except DomainError as refused:
        form.add_error(refused.field if refused.field in form.fields else "file", refused.message)
        return None, []
    return made, []


@require_safe
@banks_room
def return_sheet(request, partner):
    """The sheet of a month with the referrals that the portal knows."""
    month = month_of(request.GET.get("month", ""))
    if month is None:
        raise Http404
    return file_response(
        bank_sheets.template(partner, month), f"{partner.name}{month:%Y-%m}放款回报.xlsx"
    )


@require_safe
@banks_room
def bank_return(request, partner, bank_return):
    """One return of the bank: its lines as they came out."""
    shown = get_object_or_404(BankReturn.objects.filter(bank=partner), pk=bank_return)
    lines = shown.lines.select_related("referral").order_by("row", "pk")
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    context = {"partner": partner, "return": shown, "page_obj": page}
    return render(request, "placement/partner/bank_return.html", context)

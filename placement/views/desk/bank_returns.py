"""What banks return of a month: set against the referrals, decided line by line, confirmed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit, private_files
from accounts.perms import only
from accounts.views.jobs import file_response
from placement import perms
from placement.actions import bank_returns as acts
from placement.enums.loans import FINDING_TO_DECIDE, BankReturnState, Finding
from placement.forms.loans import DecideForm, DeskReturnForm
from placement.models import BankReturn
from placement.views.desk.fairs import own_stations
from placement.views.partner.loans import PROBLEMS_SHOWN, upload
from services.enums import PartnerRole
from services.forms.fields import add_refusal
from services.forms.reasons import ReasonForm
from services.models import Partner
from services.perms import works_at_a_desk
from veterans_portal.errors import DomainError

PER_PAGE = 25
WHY = {"length": 200, "rows": 2, "hint": "银行会看到。"}
NOT_DECIDED = Q(lines__decision__isnull=True)


def _in_scope(request, pk):
    rows = BankReturn.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("bank", "station", "uploaded_by", "decided_by"), pk=pk
    )


def _banks(user):
    own = [each.pk for each in own_stations(user, perms.may_keep_loans)]
    found = Partner.objects.acting_as(PartnerRole.BANK).visible_to(user)
    return found.order_by("name") if own else found.none()


@only(works_at_a_desk)
@require_safe
def return_list(request):
    """Returns in scope: those that wait first, then by month."""
    found = BankReturn.objects.visible_to(request.user).select_related("bank")
    state = request.GET.get("state", "")
    if state in BankReturnState.values:
        found = found.filter(state=state)
    found = found.annotate(
        in_all=Count("lines"),
        left=Count("lines", filter=NOT_DECIDED),
        yuan=Sum("lines__counted"),
    ).order_by("-month", "bank__name", "-version")
    context = {
        "page_obj": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "tabs": [("全部", "?", state not in BankReturnState.values)]
        + [(each.label, f"?state={each}", each == state) for each in BankReturnState],
        "may_upload": _banks(request.user).exists(),
    }
    return render(request, "placement/desk/bank_return_list.html", context)


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def return_new(request):
    """Upload for a bank that sent its return another way."""
    banks = _banks(request.user)
    if not banks.exists():
        raise Http404
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form, problems = DeskReturnForm(*posted, banks=banks), []
    if request.method == "POST" and form.is_valid():
        made, problems = upload(form, bank=form.cleaned_data["bank"], by=request.user)
        if made is not None:
            messages.success(request, "回报已上传，请另一位同事核对。")
            return redirect("placement:desk_bank_return", made.pk)
    context = {"form": form, "problems": problems[:PROBLEMS_SHOWN],
               "more_problems": max(len(problems) - PROBLEMS_SHOWN, 0)}  # fmt: skip
    return render(request, "placement/desk/bank_return_new.html", context)


@only(works_at_a_desk)
@require_safe
def bank_return(request, pk):
    """One: sums, what differs with its decisions, all lines."""
    return _page(request, _in_scope(request, pk))


def _page(request, shown, *, bound=None, send_form=None):
    checks = perms.may_check_loans(request.user, shown.station)
    is_open = shown.state == BankReturnState.SUBMITTED
    lines = shown.lines.select_related("referral", "decided_by")
    finding = request.GET.get("finding", "")
    if finding in Finding.values:
        lines = lines.filter(finding=finding)
    to_decide = list(lines.filter(finding__in=FINDING_TO_DECIDE).order_by("row", "pk")[:PER_PAGE])
    for each in to_decide:
        is_bound = bound is not None and bound.line_pk == each.pk
        initial = {"decision": each.decision, "reason": each.reason}
        each.form = bound if is_bound else DecideForm(line=each, initial=initial)
    page = Paginator(lines.order_by("row", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    counts = dict(shown.lines.order_by().values_list("finding").annotate(Count("pk")))
    sums = shown.lines.aggregate(
        returned=Sum("amount"), counted=Sum("counted"),
        left=Count("pk", filter=Q(decision__isnull=True)),
    )  # fmt: skip
    context = {
        "return": shown,
        "sums": sums,
        "tabs": [("全部", "?", finding not in Finding.values)]
        + [(f.label, f"?finding={f}", f == finding, counts[f]) for f in Finding if counts.get(f)],
        "to_decide": to_decide,
        "page_obj": page,
        "may_decide": checks and is_open,
        "may_accept": checks and is_open and shown.uploaded_by_id != request.user.pk,
        "own_upload": is_open and shown.uploaded_by_id == request.user.pk,
        "send_form": send_form or ReasonForm(**WHY, auto_id="send_%s"),
        "bound": bound,
    }
    return render(request, "placement/desk/bank_return.html", context)


@only(works_at_a_desk)
@require_POST
def line_decide(request, pk, line):
    """Decide whose figure counts."""
    shown = _in_scope(request, pk)
    known = get_object_or_404(shown.lines.select_related("referral"), pk=line)
    form = DecideForm(request.POST, line=known)
    form.line_pk = known.pk
    if form.is_valid():
        try:
            acts.decide(line=known, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "已决定。")
            return redirect("placement:desk_bank_return", shown.pk)
    return _page(request, shown, bound=form)


@only(works_at_a_desk)
@require_POST
def return_act(request, pk, act):
    """Confirm, or send back."""
    shown = _in_scope(request, pk)
    form = None
    try:
        if act == "accept":
            acts.accept(bank_return=shown, by=request.user)
            messages.success(request, "已确认，金额计入月报。")
        elif act == "send-back":
            form = ReasonForm(request.POST, **WHY, auto_id="send_%s")
            if not form.is_valid():
                return _page(request, shown, send_form=form)
            acts.send_back(bank_return=shown, by=request.user, **form.cleaned_data)
            messages.success(request, "已退回，银行会收到消息。")
        else:
            raise Http404
    except DomainError as refused:
        messages.error(request, refused.message)
    return redirect("placement:desk_bank_return", shown.pk)


@only(works_at_a_desk)
@require_safe
def return_file(request, pk):
    """The file as the bank sent it."""
    shown = _in_scope(request, pk)
    try:
        data = private_files.fetch(shown.file)
    except FileNotFoundError as gone:
        raise Http404 from gone
    audit.record("placement.bank_return_file_read", shown, by=request.user,
                 station=shown.station, request=request)  # fmt: skip
    return file_response(data, f"{shown.bank.name}{shown.month:%Y-%m}放款回报.xlsx")

"""Employers of a fair checked at the desk, and the door of a fair on its day."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.perms import only
from placement import fair_figures, perms
from placement.actions import fairs as acts
from placement.enums.fairs import FairEmployerState, FairState
from placement.forms.fairs import ApplyForm, SignInForm, WalkInForm
from placement.models import FairEmployer
from placement.views.desk.fairs import fair_in_scope
from services.enums import CAME_STATES, PartnerRole
from services.forms.fields import add_refusal
from services.forms.reasons import ReasonForm
from services.models import Booking, Partner
from services.perms import works_at_a_desk
from veterans_portal.errors import DomainError

LAST = 10
WHY = {"length": 100, "rows": 2, "hint": "单位会看到。"}


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def employer(request, pk):
    """An employer's application with its posts; `do` is accept, refuse or withdraw."""
    rows = FairEmployer.objects.visible_to(request.user)
    rows = rows.select_related("fair__station", "partner__station", "applied_by", "decided_by")
    shown = get_object_or_404(rows, pk=pk)
    forms = {name: ReasonForm(**WHY, auto_id=f"{name}_%s") for name in ("refuse", "withdraw")}
    if request.method == "POST" and _decide(request, shown, forms):
        return redirect("placement:desk_fair", shown.fair_id)
    user, station = request.user, shown.fair.station
    is_open = shown.fair.state == FairState.OPEN
    context = {
        "employer": shown,
        "fair": shown.fair,
        "posts": list(shown.posts.select_related("vacancy__division")),
        "may_check": perms.may_check_jobs(user, station)
        and is_open
        and shown.state == FairEmployerState.APPLIED,
        "own_entry": shown.applied_by_id == user.pk,
        "may_withdraw": perms.may_keep_jobs(user, station)
        and is_open
        and shown.state in (FairEmployerState.APPLIED, FairEmployerState.ACCEPTED),
        "refuse_form": forms["refuse"],
        "withdraw_form": forms["withdraw"],
    }
    return render(request, "placement/desk/fair_employer.html", context)


def _decide(request, shown, forms):
    """Do what was pressed; whether it was done."""
    do, form = request.POST.get("do"), None
    try:
        if do == "accept":
            done = acts.accept(employer=shown, by=request.user)
            messages.success(request, f"已通过，展位是{done.stand_number}号。")
            return True
        if do not in forms:
            raise Http404
        form = forms[do] = ReasonForm(request.POST, **WHY, auto_id=f"{do}_%s")
        if form.is_valid():
            act = acts.refuse if do == "refuse" else acts.withdraw
            act(employer=shown, by=request.user, **form.cleaned_data)
            messages.success(request, "已记下，展位空出来了。")
            return True
    except DomainError as refused:
        if form is None:
            messages.error(request, refused.message)
        else:
            add_refusal(form, refused)
    return False


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def employer_new(request, pk):
    """Apply for an employer that called or came: first which one (`?partner=`), then its posts."""
    fair = fair_in_scope(request, pk)
    if not perms.may_keep_jobs(request.user, fair.station) or not fair.takes_applications():
        raise Http404
    mine = Partner.objects.visible_to(request.user).acting_as(PartnerRole.EMPLOYER)
    wanted = request.GET.get("partner", "")
    partner = None
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 18:
        partner = get_object_or_404(mine, pk=int(wanted))
    form = None
    if partner is not None:
        form = ApplyForm(request.POST if request.method == "POST" else None, partner=partner)
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            try:
                acts.apply(
                    fair=fair, partner=partner, vacancies=list(data["vacancies"]),
                    by=request.user, client_key=data["client_key"], note=data["note"],
                )  # fmt: skip
            except DomainError as refused:
                add_refusal(form, refused)
            else:
                messages.success(request, "已代单位报名，请同事核对。")
                return redirect("placement:desk_fair", fair.pk)
    context = {"fair": fair, "partner": partner, "form": form,
               "partners": [] if partner else list(mine.order_by("name_pinyin")[:200])}  # fmt: skip
    return render(request, "placement/desk/fair_employer_new.html", context)


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def door(request, pk):
    """The fair's door: sign in by code, or enter whoever came without one."""
    fair = fair_in_scope(request, pk)
    if not perms.may_receive_at_fairs(request.user, fair.station) or fair.state != FairState.OPEN:
        raise Http404
    sign_in, walk_in = SignInForm(), WalkInForm()
    if request.method == "POST":
        sign_in, walk_in, done = _receive(request, fair, sign_in, walk_in)
        if done:
            return redirect("placement:desk_fair_door", fair.pk)
    came = Booking.objects.filter(slot__offering=fair.visits_id, state__in=CAME_STATES)
    context = {
        "fair": fair,
        "sign_in_form": sign_in,
        "walk_in_form": walk_in,
        "came": list(came.order_by("-checked_in_at")[:LAST]),
        "totals": fair_figures.totals(fair),
    }
    return render(request, "placement/desk/fair_door.html", context)


def _receive(request, fair, sign_in, walk_in):
    form = None
    try:
        if request.POST.get("do") == "walk-in":
            form = walk_in = WalkInForm(request.POST)
            if form.is_valid():
                booking = acts.walk_in(fair=fair, by=request.user, **form.cleaned_data)
                messages.success(
                    request, f"{booking.contact_name}已登记并签到，预约码{booking.spoken_code}。"
                )
                return sign_in, walk_in, True
        else:
            form = sign_in = SignInForm(request.POST)
            if form.is_valid():
                booking = acts.sign_in(fair=fair, by=request.user, **form.cleaned_data)
                messages.success(request, f"{booking.contact_name}已签到，{booking.heads}人。")
                return sign_in, walk_in, True
    except DomainError as refused:
        add_refusal(form, refused)
    return sign_in, walk_in, False

"""Letters at the desk: who is not at work yet, whose employer owes wages, visits, allowances."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.perms import only
from placement import perms
from placement.actions import seating
from placement.enums.selection import LetterState
from placement.forms.selection import MonthForm, SeatForm, VisitForm
from placement.models import IntroductionLetter, PlacementCase, SelectionRules
from services.forms.fields import add_refusal
from services.perms import works_at_a_desk
from veterans_portal.errors import DomainError

PER_PAGE = 25
VIEWS = ("waiting", "overdue", "visits", "all")
LABELS = {"waiting": "待上岗", "overdue": "逾期未上岗", "visits": "待回访", "all": "全部"}


def letter_in_scope(request, pk):
    """The letter of a station in the reader's scope; Http404 otherwise."""
    rows = IntroductionLetter.objects.visible_to(request.user).with_all()
    return get_object_or_404(rows.select_related("follow_up", "issued_by"), pk=pk)


@only(works_at_a_desk)
@require_safe
def letter_list(request):
    """By term: waiting, overdue (the employer pays), to be visited, all."""
    view = request.GET.get("show", "waiting")
    view = view if view in VIEWS else "waiting"
    rows = IntroductionLetter.objects.visible_to(request.user).with_all()
    if view == "waiting":
        rows = rows.waiting().order_by("seat_by", "pk")
    elif view == "overdue":
        rows = rows.overdue().order_by("seat_by", "pk")
    elif view == "visits":
        rows = rows.filter(follow_up__done_on__isnull=True, follow_up__isnull=False)
        rows = rows.order_by("follow_up__due_on", "pk")
    page = Paginator(rows.select_related("follow_up"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "view": view,
        "tabs": [(LABELS[each], f"?show={each}", each == view) for each in VIEWS],
    }
    return render(request, "placement/desk/letter_list.html", context)


@only(works_at_a_desk)
@require_safe
def letter(request, pk):
    """One: facts, and the seat or the visit as the next step."""
    return _page(request, letter_in_scope(request, pk))


def _page(request, shown, form=None):
    follow_up = getattr(shown, "follow_up", None)
    context = {
        "letter": shown,
        "follow_up": follow_up,
        "may_handle": perms.may_handle_cases(request.user, shown.station),
        "may_visit": perms.may_go_out(request.user, shown.station),
        "form": form or _form(shown),
    }
    return render(request, "placement/desk/letter.html", context)


def _form(shown, data=None):
    return (SeatForm if shown.state == LetterState.ISSUED else VisitForm)(data)


@only(works_at_a_desk)
@require_POST
def letter_act(request, pk, act):
    """Confirm the seat, or note the visit."""
    shown = letter_in_scope(request, pk)
    if act not in ("seat", "visit"):
        raise Http404
    form = (SeatForm if act == "seat" else VisitForm)(request.POST)
    if not form.is_valid():
        return _page(request, shown, form)
    try:
        if act == "seat":
            seating.seat(letter=shown, by=request.user, **form.cleaned_data)
        elif getattr(shown, "follow_up", None) is None:
            raise Http404
        else:
            seating.visit(follow_up=shown.follow_up, by=request.user, **form.cleaned_data)
    except DomainError as refused:
        add_refusal(form, refused)
        return _page(request, shown, form)
    messages.success(request, "已登记上岗。" if act == "seat" else "已登记回访。")
    return redirect("placement:letter", pk)


@only(works_at_a_desk)
@require_safe
def allowance(request):
    """Who waits for a post or a seat in a month, and what the government pays for it (L2 §75)."""
    form = MonthForm(request.GET)
    first = form.first()
    after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    rows = PlacementCase.objects.visible_to(request.user).arranged().with_all()
    rows = rows.filter(reported_on__lt=after)
    rows = rows.filter(Q(onboard_on__isnull=True) | Q(onboard_on__gte=first))
    rows = rows.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=first))
    try:
        amount = SelectionRules.objects.on(first).living_allowance
    except DomainError:
        amount = None
    page = Paginator(rows.order_by("reported_on", "pk"), PER_PAGE)
    context = {
        "form": form, "first": first, "amount": amount,
        "page_obj": page.get_page(request.GET.get("page")),
    }  # fmt: skip
    return render(request, "placement/desk/living_allowance.html", context)

"""What people think of us: rates by station and month, bad ones to mend, a grade taken by phone."""

from datetime import date, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import only
from services import perms
from services.actions import ratings as acts
from services.enums import Grade, RatingChannel, RectificationState
from services.forms import ratings as forms
from services.forms.fields import add_refusal
from services.models import Arrival, Matter, Rating, Rectification, Station, Window
from services.models.offering import midnight
from services.views.desk.bookings import whole_number
from services.views.public.rating import screen_token
from veterans_portal.errors import DomainError

PER_PAGE = 25
FEW = 5  # fewer ratings than this are not broken down outside the station (`domain.md` D.5)
MONTHS = 12
# The same whether or not it was rated before: the desk must not learn who gave the grade it sees.
TAKEN_DOWN = "已记下，谢谢。本人先前已经评价过的，以先前的为准。"


@only(perms.works_at_a_desk)
@require_safe
def ratings(request):
    """One month: the rate per station, and what has to be mended."""
    month = _month(request.GET.get("month"))
    after = (month + timedelta(days=32)).replace(day=1)
    rows = Rating.objects.visible_to(request.user).in_month(midnight(month), midnight(after))
    mine = perms.scope_of(request.user).paths
    stations = [_rate(row, own=row["station__path"] in mine) for row in _by_station(rows)]
    open_ = (
        Rectification.objects.visible_to(request.user)
        .open()
        .select_related("station", "rating__invitation__matter")
    )
    page = Paginator(open_.order_by("call_by", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    for each in page:
        each.shows_terms = acts.may_mend(request.user, each)
    context = {
        "month": month,
        "months": _months(),
        "stations": stations,
        "page_obj": page,
        "today": timezone.localdate(),
    }
    return render(request, "services/desk/ratings.html", context)


def _by_station(rows):
    counts = {f"grade_{grade}": Count("pk", filter=Q(grade=grade)) for grade in Grade.values}
    grouped = rows.values("station__path", "station__name").annotate(in_all=Count("pk"), **counts)
    return grouped.order_by("station__path")


def _rate(row, *, own):
    """A station's line: fewer than FEW are not broken down outside the station itself."""
    hidden = row["in_all"] < FEW and not own
    good = sum(
        row[f"grade_{grade}"] for grade in (Grade.VERY_SATISFIED, Grade.SATISFIED, Grade.FAIR)
    )
    return {
        "name": row["station__name"],
        "in_all": row["in_all"],
        "hidden": hidden,
        "grades": [row[f"grade_{grade}"] for grade, _ in forms.GRADES],
        "rate": good / row["in_all"],
    }


def _month(text):
    """The first of a month written 2026-11, else of this month; none is looked at before it began."""
    now = timezone.localdate().replace(day=1)
    try:
        return min(date.fromisoformat(f"{text}-01"), now)
    except ValueError:
        return now


def _months():
    first, months = timezone.localdate().replace(day=1), []
    for _ in range(MONTHS):
        months.append(first)
        first = (first - timedelta(days=1)).replace(day=1)
    return months


@only(perms.works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def take_down(request):
    """A grade said on the phone: by a colleague who did not handle the matter, found by its number,
    or the visit without one (`?visit=`)."""
    visit = _visit(request)
    form = forms.PhoneRatingForm(request.POST if request.method == "POST" else None, visit=visit)
    if request.method == "POST" and form.is_valid():
        invitation = _invitation(request.user, visit, form.cleaned_data)
        if invitation is None:
            form.add_error("number", "没有找到这件办结的事，请核对编号。")
        else:
            try:
                _take_down(invitation, form.cleaned_data, request.user)
            except DomainError as refused:
                add_refusal(form, refused)
            else:
                messages.success(request, TAKEN_DOWN)
                return redirect("services:desk_ratings")
    return render(request, "services/desk/rating_phone.html", {"form": form, "visit": visit})


def _visit(request):
    """The visit the grade is about, at a station in scope and invited to rate; None without one."""
    if "visit" not in request.GET:
        return None
    rows = Arrival.objects.visible_to(request.user).select_related("station", "item")
    number = whole_number(request.GET["visit"])
    return get_object_or_404(rows.filter(rating_invitation__isnull=False), pk=number)


def _invitation(user, visit, data):
    if visit is not None:
        return acts.invitation_of(arrival=visit)
    seen = Matter.objects.visible_to(user).filter(number=data["number"])
    return acts.invitation_of(matter=seen.first())


def _take_down(invitation, data, user):
    """A first rating stands, and the desk is not told of it."""
    try:
        acts.rate(
            invitation=invitation, grade=data["grade"], reasons=data["reasons"],
            words=data["words"], channel=RatingChannel.PHONE, taken_down_by=user,
        )  # fmt: skip
    except acts.RatingError as refused:
        if refused.code != "rated_before":
            raise


@only(perms.works_at_a_desk)
@require_safe
def screens(request):
    """The addresses of the rating screens of my stations' windows."""
    stations = Station.objects.active().filter(path__in=perms.scope_of(request.user).paths)
    windows = Window.objects.filter(station__in=stations).select_related("station")
    rows = [
        (window, screen_token(window)) for window in windows.order_by("station__path", "number")
    ]
    return render(request, "services/desk/rating_screens.html", {"rows": rows})


@only(perms.works_at_a_desk)
@require_safe
def rectification(request, pk):
    """One bad rating: what was said, without who, until it is closed."""
    return _page(request, _rectification(request, pk))


def _rectification(request, pk):
    rows = Rectification.objects.visible_to(request.user).select_related(
        "station", "called_by", "closed_by", "rating__station",
        "rating__invitation__matter__kind", "rating__invitation__matter__by",
        "rating__invitation__arrival__item",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


def _page(request, shown, **more):
    closed = shown.state == RectificationState.CLOSED
    invitation = shown.rating.invitation
    may_mend = not closed and acts.may_mend(request.user, shown)
    context = {
        "rectification": shown,
        "rating": shown.rating,
        "invitation": invitation,
        "closed": closed,
        # words may say who wrote them: until it is closed they are for those who mend it
        "may_read_words": closed or may_mend,
        "may_mend": may_mend,
        "disclose_form": forms.DiscloseForm(auto_id="disclose_%s"),
        "call_form": forms.CallBackForm(),
        "close_form": forms.CloseForm(),
    } | more
    return render(request, "services/desk/rectification.html", context)


ACTS = {
    "disclose": ("disclose_form", forms.DiscloseForm),
    "call": ("call_form", forms.CallBackForm),
    "close": ("close_form", forms.CloseForm),
}


@only(perms.works_at_a_desk)
@require_POST
def act(request, pk, act):
    """Look up whom to call, write down the call, close it."""
    shown = _rectification(request, pk)
    if act not in ACTS:
        raise Http404
    name, maker = ACTS[act]
    form = maker(request.POST, auto_id="disclose_%s" if act == "disclose" else "id_%s")
    if not form.is_valid():
        return _page(request, shown, **{name: form})
    try:
        if act == "disclose":
            whom = acts.disclose(
                rectification=shown, by=request.user, reason=form.cleaned_data["reason"],
                request=request,
            )  # fmt: skip
            return _page(request, shown, whom=whom)
        deed = acts.call_back if act == "call" else acts.close
        deed(rectification=shown, by=request.user, **form.cleaned_data)
    except DomainError as refused:
        add_refusal(form, refused)
        return _page(request, _rectification(request, pk), **{name: form})
    messages.success(request, "已记下。")
    return redirect("services:desk_ratings")

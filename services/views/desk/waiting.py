"""The waiting lists at the desk: which days are waited for, who is next, answers by phone."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from services.actions import waiting
from services.enums import ON_THE_LIST, WaitingState
from services.forms.fields import add_refusal
from services.forms.network import clean_text
from services.forms.waiting import DeskWaitingForm, PriorityForm
from services.models import Offering, Person, WaitingEntry
from services.perms import may_arrange_offerings, scope_of
from services.views.me.waiting import waited_slots
from veterans_portal.errors import DomainError

PER_PAGE = 50


@require_safe
def lists(request):
    """Offerings and days for which somebody waits, soonest first (`?reach=below`: all below)."""
    scope = scope_of(request.user)
    if not scope.postings:
        raise Http404
    below = request.GET.get("reach") == "below"
    mine = WaitingEntry.objects.visible_to(request.user).on_the_list()
    if not below:
        mine = mine.filter(station__path__in=scope.paths)
    days = (
        mine.order_by()
        .values("offering", "day", "offering__title", "station__name")
        .annotate(
            waiting=Count("pk", filter=Q(state=WaitingState.WAITING)),
            offered=Count("pk", filter=Q(state=WaitingState.OFFERED)),
        )
        .order_by("day", "station__name", "offering__title")
    )
    page = Paginator(days, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "services/desk/waiting_days.html", {"page_obj": page, "below": below})


@require_safe
def line(request, pk, day):
    """Who waits for a day, in the order in which places are offered; offers that stand first."""
    offering = _offering(request, pk)
    entries = WaitingEntry.objects.filter(offering=offering, day=day).with_offering()
    offered = entries.filter(state=WaitingState.OFFERED).with_told()
    page = Paginator(entries.in_turn(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "offering": offering, "station": offering.station, "day": day,
        "offered": list(offered.select_related("person").order_by("offer_until")),
        "page_obj": page,
        "ended": entries.exclude(state__in=ON_THE_LIST).order_by("-ended_at")[:PER_PAGE],
        "may_prioritise": may_arrange_offerings(request.user, offering.station),
        "may_join": bool(waited_slots(offering, day)) and offering.waiting_list,
    }  # fmt: skip
    return render(request, "services/desk/waiting_line.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def join(request, pk, day):
    """Put somebody on the list who stands here or is on the phone (`?person=` for a file)."""
    offering = _offering(request, pk)
    person = _person(request)
    form = DeskWaitingForm(
        request.POST if request.method == "POST" else None,
        slots=waited_slots(offering, day), person=person,
        initial={"heads": offering.party_min},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            entry = waiting.join(
                offering=offering, day=day, slot=form.cleaned_data["slot"],
                heads=form.cleaned_data["heads"], by=request.user,
                client_key=form.cleaned_data["client_key"], person=person, contact=form.contact,
                on_behalf=True,
            )  # fmt: skip
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, f"{entry.contact_name}已加入候补。")
            return redirect("services:desk_waiting_day", pk=pk, day=day)
    context = {"form": form, "offering": offering, "station": offering.station, "day": day,
               "person": person}  # fmt: skip
    return render(request, "services/desk/waiting_new.html", context)


@require_POST
def act(request, pk, act):
    """Do one act with an entry and return to its list."""
    if not request.user.is_staff_member:
        raise Http404
    entry = get_object_or_404(WaitingEntry.objects.visible_to(request.user), pk=pk)
    deed = {"accept": _accept, "decline": _decline, "leave": _leave, "forward": _forward}.get(act)
    if deed is None:
        raise Http404
    try:
        done = deed(request, entry)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{entry.contact_name}：{done}")
    return redirect("services:desk_waiting_day", pk=entry.offering_id, day=entry.day)


def _accept(request, entry):
    booking = waiting.accept(entry=entry, by=request.user)
    return f"已约好，预约码 {booking.spoken_code}，请告诉对方。"


def _decline(request, entry):
    waiting.decline(entry=entry, by=request.user)
    return "名额已让给下一位。"


def _leave(request, entry):
    waiting.leave(entry=entry, by=request.user, reason=clean_text(request.POST.get("reason", "")))
    return "已移出候补名单。"


def _forward(request, entry):
    form = PriorityForm(request.POST)
    if not form.is_valid():
        raise DomainError("请写明提前的原因，最多200个字，名单上会显示。")
    before = None
    if pk := form.cleaned_data["before"]:
        same = WaitingEntry.objects.filter(offering=entry.offering_id, day=entry.day)
        before = get_object_or_404(same, pk=pk)
    waiting.prioritise(
        entry=entry, by=request.user, before=before, reason=form.cleaned_data["reason"]
    )
    return "次序已调整。"


def _offering(request, pk):
    mine = Offering.objects.visible_to(request.user).select_related("station", "window")
    return get_object_or_404(mine, pk=pk)


def _person(request):
    text = request.GET.get("person") or ""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    files = Person.objects.visible_to(request.user).select_related("account", "station")
    return get_object_or_404(files, pk=int(text))

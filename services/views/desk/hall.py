"""The hall at the desk: choose a window, call and serve, the history of one who came."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import only
from services import hall, perms
from services.actions import arrivals
from services.enums import ArrivalState
from services.forms.hall import ActForm
from services.forms.network import clean_text
from services.models import Arrival, RatingInvitation, Station, Window
from services.opening import closing_of
from services.views.desk.stations import station_in_scope
from veterans_portal.errors import DomainError

MINE = "hall_window"  # the window this clerk sits at, in the session


@only(perms.works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request):
    """Where do you sit today? Remembered for this sign-in; `?station=` shows one below."""
    if request.method == "POST":
        window = window_in_scope(request.user, request.POST.get("window", ""))
        request.session[MINE] = window.pk
        return redirect("services:desk_hall_window", window.pk)
    code = clean_text(request.GET.get("station", ""))
    if code:
        stations = [station_in_scope(request.user, code)]
    else:
        paths = perms.scope_of(request.user).paths
        stations = Station.objects.filter(path__in=paths).order_by("path")
    windows = Window.objects.filter(station__in=stations).select_related("attendant")
    of = {}
    for window in windows.prefetch_related("items").order_by("number"):
        of.setdefault(window.station_id, []).append(window)
    seat = windows.filter(pk=request.session.get(MINE)).select_related("station").first()
    context = {"places": [(each, of.get(each.pk, [])) for each in stations], "seat": seat}
    return render(request, "services/desk/hall.html", context)


def window_in_scope(user, pk):
    """A window of a station in the reader's scope, or 404."""
    if not str(pk).isascii() or not str(pk).isdigit() or len(str(pk)) > 18:
        raise Http404
    window = get_object_or_404(Window.objects.select_related("station"), pk=pk)
    if not perms.may_serve_at(user, window.station):
        raise Http404
    return window


@only(perms.works_at_a_desk)
@require_safe
def window(request, pk):
    """One window: who stands there, what can be done now, who is next."""
    mine = window_in_scope(request.user, pk)
    arrival = hall.at_window(mine)
    context = _line(mine) | {
        "arrival": arrival,
        "stands": hall.stands(arrival),
        "others": mine.station.windows.exclude(pk=mine.pk).order_by("number"),
        "shut": closing_of(mine, now=timezone.now()),
    }
    if arrival:
        context |= {
            "matters": hall.matters_of(arrival, request.user),
            "may_open_file": arrival.person_id
            and perms.scope_of(request.user).covers(arrival.person.station.path),
        }
    return render(request, "services/desk/hall_window.html", context)


@only(perms.works_at_a_desk)
@require_safe
def line(request, pk):
    """The part of the window's page that changes by itself; asked for again and again."""
    mine = window_in_scope(request.user, pk)
    context = _line(mine) | {"stands": hall.stands(hall.at_window(mine))}
    return render(request, "services/desk/hall_line.html", context)


def _line(window):
    """A window's people with a fresh name for the next request."""
    return {"window": window, "key": uuid.uuid4().hex, "now": timezone.now()} | hall.line_of(window)


@only(perms.works_at_a_desk)
@require_POST
def call(request, pk):
    """Call the next one to this window, or stay with the one already called."""
    mine = window_in_scope(request.user, pk)
    form = ActForm(request.POST, station=mine.station)
    form.full_clean()
    try:
        called = arrivals.call_next(
            window=mine,
            by=request.user,
            closed_reason=form.cleaned_data.get("reason", ""),
            client_key=form.cleaned_data.get("client_key", ""),
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        _tell_nobody_waits(request, called)
    return redirect("services:desk_hall_window", mine.pk)


def _tell_nobody_waits(request, called):
    if called is None:
        messages.info(request, "现在没有人等这个窗口。")


def arrival_in_scope(user, pk):
    """An arrival at a station in the reader's scope, or 404."""
    return get_object_or_404(Arrival.objects.visible_to(user).with_all(), pk=pk)


@only(perms.works_at_a_desk)
@require_safe
def arrival(request, pk):
    """Who came, what for, by whom on behalf, and everything that happened."""
    return render(request, "services/desk/arrival.html", _arrival_page(request, pk))


def _arrival_page(request, pk):
    mine = arrival_in_scope(request.user, pk)
    events = mine.events.select_related("window", "by")
    waits = mine.state == ArrivalState.WAITING and mine.day == timezone.localdate()
    return {
        "arrival": mine,
        "key": uuid.uuid4().hex,
        "ahead": hall.ahead_of(mine) if waits else None,
        "waited": hall.minutes(
            hall.with_waiting_time(Arrival.objects.filter(pk=mine.pk)).get().waited
            if mine.called_at or mine.begun_at
            else None
        ),
        "others": mine.station.windows.exclude(pk=mine.window_id).order_by("number"),
        "may_open_file": mine.person_id
        and perms.scope_of(request.user).covers(mine.person.station.path),
        "matters": hall.matters_of(mine, request.user),
        "may_rate": RatingInvitation.objects.filter(arrival=mine).exists(),
        "history": [
            {
                "at": each.at,
                "title": each.get_act_display()
                + (f" · {each.window.number}号窗口" if each.window else ""),
                "by": str(each.by) if each.by else "系统",
                "body": each.note,
            }
            for each in events
        ],
    }


@only(perms.works_at_a_desk)
@require_safe
def ticket(request, pk):
    """The ticket to carry: number, place, time, nothing personal."""
    mine = arrival_in_scope(request.user, pk)
    context = {"arrival": mine, "ahead": hall.ahead_of(mine)}
    return render(request, "services/desk/arrival_ticket.html", context)


@only(perms.works_at_a_desk)
@require_POST
def act(request, pk, act):
    """Do one act with an arrival, and return to the window or to the arrival's page."""
    mine = arrival_in_scope(request.user, pk)
    if act not in ACTS:
        raise Http404
    form = ActForm(request.POST, station=mine.station_id)
    if form.is_valid():
        try:
            ACTS[act](request, mine, form.cleaned_data)
        except DomainError as error:
            messages.error(request, error.message)
    else:
        messages.error(request, next(iter(form.errors.values()))[0])
    seat = form.cleaned_data.get("window")
    if seat is not None:
        return redirect("services:desk_hall_window", seat.pk)
    return redirect(mine)


def _at_the_window(perform):
    def do(request, arrival, data):
        perform(
            arrival=arrival, by=request.user, window=data["window"], client_key=data["client_key"]
        )

    return do


def _in_words(perform, done):
    def do(request, arrival, data):
        perform(
            arrival=arrival, by=request.user, reason=data["reason"], client_key=data["client_key"]
        )
        messages.success(request, f"{arrival.ticket}{done}")

    return do


def _back(request, arrival, data):
    arrivals.back_in_line(arrival=arrival, by=request.user, client_key=data["client_key"])
    messages.success(request, f"{arrival.ticket}已重新排队。")


def _hand_over(request, arrival, data):
    to = data["to"]
    if to is None:
        messages.error(request, "请选择转到哪个窗口。")
        return
    arrivals.hand_over(
        arrival=arrival, to_window=to, by=request.user, note=data["reason"],
        window=data["window"], client_key=data["client_key"],
    )  # fmt: skip
    messages.success(request, f"{arrival.ticket}已转到{to.number}号窗口，排队次序不变。")


def _finish_and_call(request, arrival, data):
    if data["window"] is None:
        raise Http404
    called = arrivals.finish_and_call(
        arrival=arrival, window=data["window"], by=request.user, client_key=data["client_key"]
    )
    _tell_nobody_waits(request, called)


ACTS = {
    "recall": _at_the_window(arrivals.recall),
    "begin": _at_the_window(arrivals.begin),
    "skip": _at_the_window(arrivals.skip),
    "finish": _at_the_window(arrivals.finish),
    "next": _finish_and_call,
    "back": _back,
    "hand-over": _hand_over,
    "forward": _in_words(arrivals.draw_forward, "已优先，排在现场来的人前面。"),
    "leave": _in_words(arrivals.leave, "已记为离开。"),
}

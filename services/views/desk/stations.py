"""The desk's side of a station: what its page says, its windows, its history, open or closed."""

from functools import reduce
from operator import or_

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.acts import label
from accounts.models import AuditEntry
from services.actions import stations as acts
from services.forms.stations import CloseStationForm, StationForm, WindowForm
from services.models import Station, Window
from services.perms import may_keep_station, may_open_or_close, scope_of
from veterans_portal.errors import DomainError

HISTORY_LENGTH = 20
HISTORY_ACTS = ("services.station_", "services.window_")


@require_safe
def own(request):
    """Straight to the station where the staff member is posted."""
    paths = scope_of(request.user).paths
    if not paths:
        raise Http404
    return redirect("services:desk_station", Station.objects.get(path=paths[0]).code)


@require_safe
def station(request, code):
    """Everything about a station in scope, with what may be done to it."""
    shown = station_in_scope(request.user, code)
    below = Station.objects.filter(parent=shown).order_by("kind", "path")
    context = {
        "station": shown,
        "windows": shown.windows.prefetch_related("items").order_by("number"),
        "below": below,
        "history": history(shown),
        "may_keep": may_keep_station(request.user, shown),
        "may_close": may_open_or_close(request.user, shown.path),
        "close_form": CloseStationForm(),
    }
    return render(request, "services/desk/station.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, code):
    shown = station_to_keep(request.user, code)
    form = StationForm(request.POST or None, instance=shown)
    if request.method == "POST" and form.is_valid():
        changed = acts.change_station(station=shown, values=form.cleaned_data, by=request.user)
        words = "、".join(changed)
        messages.success(request, f"已保存：{words}。" if changed else "内容没有变化。")
        return redirect("services:desk_station", shown.code)
    context = {"station": Station.objects.get(pk=shown.pk), "form": form}
    return render(request, "services/desk/station_edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def window(request, code, pk=None):
    """A new window, or a changed one."""
    shown = station_to_keep(request.user, code)
    kept = get_object_or_404(Window, pk=pk, station=shown) if pk else Window(station=shown)
    form = WindowForm(request.POST or None, instance=kept)
    if request.method == "POST" and form.is_valid():
        try:
            items = form.cleaned_data["items"]
            acts.keep_window(window=form.instance, items=items, by=request.user)
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, f"{form.instance}已保存。")
            return redirect("services:desk_station", shown.code)
    context = {"station": shown, "form": form, "window": kept if pk else None}
    return render(request, "services/desk/station_window.html", context)


@require_POST
def remove_window(request, code, pk):
    shown = station_to_keep(request.user, code)
    kept = get_object_or_404(Window.objects.select_related("station"), pk=pk, station=shown)
    act(request, "窗口已撤销。", acts.remove_window, window=kept)
    return redirect("services:desk_station", shown.code)


@require_POST
def close(request, code):
    shown = station_in_scope(request.user, code)
    if not may_open_or_close(request.user, shown.path):
        raise Http404
    form = CloseStationForm(request.POST)
    if form.is_valid():
        done = f"{shown.name}将于填写的日期停用，公众页面会说明请到上级站点办理。"
        act(request, done, acts.close_station, station=shown, **form.cleaned_data)
    else:
        for problem in (text for texts in form.errors.values() for text in texts):
            messages.error(request, problem)
    return redirect("services:desk_station", shown.code)


@require_POST
def reopen(request, code):
    shown = station_in_scope(request.user, code)
    if not may_open_or_close(request.user, shown.path):
        raise Http404
    act(request, f"{shown.name}已恢复使用。", acts.reopen_station, station=shown)
    return redirect("services:desk_station", shown.code)


def act(request, done, verb, **what):
    """Run an act and say how it went."""
    try:
        verb(by=request.user, **what)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)


def station_in_scope(user, code):
    return get_object_or_404(
        Station.objects.visible_to(user).select_related("parent", "division"), code=code
    )


def station_to_keep(user, code):
    shown = station_in_scope(user, code)
    if not may_keep_station(user, shown):
        raise Http404
    return shown


def history(shown):
    """What was changed about the station, as timeline entries, newest first."""
    ours = reduce(or_, (Q(act__startswith=act) for act in HISTORY_ACTS))
    entries = AuditEntry.objects.about(shown).filter(ours)
    return [
        {
            "at": entry.at,
            "title": label(entry.act),
            "by": entry.actor_name,
            "body": "；".join(
                f"{what}：{before or '空'} → {after or '空'}"
                for what, (before, after) in entry.detail.get("changes", {}).items()
            ),
        }
        for entry in entries[:HISTORY_LENGTH]
    ]

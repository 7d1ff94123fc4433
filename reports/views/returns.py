"""The list of returns, one return to fill, review, compare and print, and closing the month."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import only
from reports import sheet as sheets
from reports.actions import periods as period_acts
from reports.actions import returns as acts
from reports.catalogue import BY_CODE
from reports.enums import EDITABLE, ReturnState
from reports.forms import OVERDUE, ReturnFilter, ReturnForm, ReviewForm
from reports.models import ReportingPeriod, Return
from reports.perms import may_close_period
from reports.states import state_bar, timeliness
from reports.versions import history_of
from services.perms import may_fill_return, may_review_return, scope_of, works_at_a_desk
from veterans_portal.errors import DomainError

PER_PAGE = 50


@only(works_at_a_desk)
@require_safe
def returns(request):
    """Returns in the viewer's scope, by default those of the latest month."""
    periods = list(ReportingPeriod.objects.all())
    form, period, rows = _filtered(request, periods)
    scoped = Return.objects.visible_to(request.user)
    if period:
        scoped = scoped.filter(period=period)
    page = Paginator(
        rows.select_related("station", "period", "filler").order_by(
            "-period__month", "station__path"
        ),
        PER_PAGE,
    ).get_page(request.GET.get("page"))
    for row in page:
        row.may_accept = (
            row.state == ReturnState.FILED
            and row.filler_id != request.user.pk
            and may_review_return(request.user, row.station)
        )
    return render(
        request,
        "reports/returns.html",
        {
            "filter_form": form,
            "period": period,
            "page": page,
            "bar": state_bar(scoped),
            "timeliness": timeliness(scoped),
            "may_accept_any": any(row.may_accept for row in page),
            "closing": _closing(request.user, period),
        },
    )


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request, pk):
    """One return: its figures for everybody in scope, its form for the station's own clerks."""
    of = return_of(request, pk)
    may_fill = may_fill_return(request.user, of.station)
    if request.method == "POST":
        if not may_fill:
            raise PermissionDenied
        return _fill(request, of)
    return _show(request, of, may_fill=may_fill)


@only(works_at_a_desk)
@require_POST
def review(request, pk):
    """Accept the return, or send some indicators back."""
    of = return_of(request, pk)
    if not may_review_return(request.user, of.station):
        raise PermissionDenied
    rows = sheets.rows_of(of)
    form = ReviewForm(request.POST, rows=rows)
    if not form.is_valid():
        return _show(request, of, review_form=form, status=422)
    version = form.cleaned_data["version"]
    try:
        if request.POST.get("act") == "back":
            acts.send_back(of=of, version=version, reasons=form.reasons(), by=request.user)
            messages.success(request, "已退回。站点会收到消息，只能修改您写明的指标。")
        else:
            acts.accept_return(of=of, version=version, by=request.user)
            messages.success(request, f"{of.station.name}的{of.period}月报已审核通过。")
    except DomainError as error:
        form.add_error(None, error.message)
        return _show(request, getattr(error, "now", of), review_form=form, status=409)
    return redirect(of)


@only(works_at_a_desk)
@require_POST
def accept_many(request):
    """Accept the ticked returns, each as the reviewer saw it; others are named with the reason."""
    seen = dict(_tick(text) for text in request.POST.getlist("accept") if _tick(text))
    chosen = (
        Return.objects.visible_to(request.user)
        .filter(pk__in=seen)
        .select_related("station", "period")
    )
    mine = {of: seen[of.pk] for of in chosen if may_review_return(request.user, of.station)}
    accepted, refused = acts.accept_returns(seen=mine, by=request.user)
    for of, why in refused:
        messages.warning(request, f"{of.station.name}没有通过：{why}")
    if accepted:
        messages.success(request, f"{len(accepted)}份月报已审核通过。")
    elif not seen:
        messages.warning(request, "请先勾选要通过的月报。")
    return redirect(request.POST.get("next") if _is_own(request) else "reports:returns")


@only(works_at_a_desk)
@require_POST
def close(request, pk):
    """Close the month for the whole city."""
    period = get_object_or_404(ReportingPeriod, pk=pk)
    if not may_close_period(request.user):
        raise PermissionDenied
    if not request.POST.get("sure"):
        messages.warning(request, "关闭以后不能再改数。请先勾选“我已核对”，再点关闭。")
    else:
        try:
            count = period_acts.close_period(period=period, by=request.user)
            messages.success(request, f"{period}月报已关闭，{count}份月报已锁定。")
        except DomainError as error:
            messages.warning(request, error.message)
    return redirect("reports:returns")


@only(works_at_a_desk)
@require_safe
def versions(request, pk):
    """Every version of a return with what changed in it."""
    of = return_of(request, pk)
    return render(request, "reports/versions.html", {"of": of, "history": history_of(of)})


@only(works_at_a_desk)
@require_safe
def paper(request, pk):
    """The return on paper, with the columns of the monthly sheet (`domain.md` C.2)."""
    of = return_of(request, pk)
    context = {"of": of, "rows": sheets.rows_of(of), "back_url": of.get_absolute_url()}
    return render(request, "reports/paper.html", context)


def return_of(request, pk):
    """The return within the viewer's scope, with what its pages show; 404 outside."""
    scoped = Return.objects.visible_to(request.user)
    return get_object_or_404(
        scoped.select_related("station__parent", "period", "filler", "reviewer"), pk=pk
    )


def _fill(request, of):
    rows = sheets.rows_of(of)
    form = ReturnForm(request.POST, rows=rows)
    act = request.POST.get("act", "save")
    if not form.is_valid():
        return _show(request, of, form=form, may_fill=True, status=422)
    entries = form.entries(blanks_are_nought=act == "noughts")
    values = {"of": of, "version": form.cleaned_data["version"], "entries": entries}
    try:
        if act == "file":
            acts.file_return(**values, by=request.user)
            messages.success(request, f"{of.period}月报已上报，等待上级审核。")
        else:
            acts.save_return(**values, by=request.user)
            if act == "refresh":
                _refresh(request, of)
            else:
                messages.success(request, "已保存。填完以后请点“上报”。")
    except acts.FiguresRefusedError as error:
        form.refuse(error.problems)
        return _show(request, of, form=form, may_fill=True, status=422)
    except acts.StaleReturnError as error:
        return _show_stale(request, error, form)
    except DomainError as error:
        form.add_error(None, error.message)
        return _show(request, of, form=form, may_fill=True, status=409)
    return redirect(of)


def _refresh(request, of):
    changed = period_acts.refresh_return(of=of, by=request.user)
    words = "系统数已按最新记录刷新。" if changed else "系统数没有变化，您填的数已保存。"
    messages.success(request, words)


def _show_stale(request, error, form):
    """The clerk's own text stays in the cells; the next try counts against the new version."""
    rows = sheets.rows_of(error.now)
    data = form.data.copy()
    data["version"] = error.now.version
    again = ReturnForm(data, rows=rows)
    again.is_valid()
    again.add_error(None, error.message)
    return _show(request, error.now, form=again, may_fill=True, stale=True, status=409)


def _show(request, of, *, form=None, review_form=None, may_fill=None, stale=False, status=200):
    user, rows = request.user, sheets.rows_of(of)
    may_fill = may_fill_return(user, of.station) if may_fill is None else may_fill
    may_review = may_review_return(user, of.station) and of.filler_id != user.pk
    if may_fill and of.is_editable and form is None:
        form = ReturnForm(rows=rows, initial={"version": of.version})
    if may_review and of.state in (ReturnState.FILED, ReturnState.ACCEPTED) and review_form is None:
        review_form = ReviewForm(rows=rows, initial={"version": of.version})
    if not of.is_editable or not may_fill:
        form = None
    cells = [_cell(row, form, review_form, stale) for row in rows]
    context = {
        "of": of,
        "cells": cells,
        "form": form,
        "review_form": review_form,
        "may_fill": may_fill,
        "stale": stale,
        "problems": _problems(form or review_form),
        "overdue": of.is_overdue(),
        "own_review": may_review_return(user, of.station) and of.filler_id == user.pk,
        "waiting": sum(1 for cell in cells if cell["open"] and _must_be_filled(cell["row"])),
    }
    return render(request, "reports/return.html", context, status=status)


def _must_be_filled(row):
    return row.indicator.core and row.value is None


def _problems(form):
    """What the summary on top says: each sentence with its indicator, linked to the cell."""
    if form is None:
        return []
    said = [{"text": text, "target": ""} for text in form.non_field_errors()]
    for field in form:
        indicator = BY_CODE.get(field.name.partition("-")[2])
        name = f"{indicator.code} {indicator.name}：" if indicator else ""
        said += [{"text": name + text, "target": field.id_for_label} for text in field.errors]
    return said


def _cell(row, form, review_form, stale):
    is_open = bool(form) and row.is_open
    reason = form.reason(row) if is_open else None
    numbers = form.cells(row) if is_open else []
    wrong = [text for field, _ in numbers for text in field.errors]
    wants_reason = row.line.is_jump or any("说明" in text for text in wrong)
    return {
        "row": row,
        "open": is_open,
        "numbers": numbers,
        "reason": reason,
        "reason_open": bool(reason and (reason.value() or reason.errors or wants_reason)),
        "back": review_form.reason(row) if review_form else None,
        "wrong": bool(wrong),
        "stored": row.value if stale else None,
    }


def _filtered(request, periods):
    data = request.GET.copy()
    if "month" not in data and periods:
        single = len(scope_of(request.user).paths) == 1 and not _has_stations_below(request.user)
        data["month"] = "all" if single else f"{periods[0].month:%Y-%m}"
    form = ReturnFilter(data, periods=periods)
    rows = Return.objects.visible_to(request.user)
    if not form.is_valid():
        return form, None, rows.none()
    chosen = form.cleaned_data
    period = next((p for p in periods if f"{p.month:%Y-%m}" == chosen["month"]), None)
    if period:
        rows = rows.filter(period=period)
    if chosen["state"] == OVERDUE:
        rows = rows.overdue()
    elif chosen["state"]:
        rows = rows.filter(state=chosen["state"])
    if chosen["tier"]:
        rows = rows.filter(station__tier=int(chosen["tier"]) or None)
    if chosen["q"]:
        words = Q(station__name__contains=chosen["q"]) | Q(
            station__pinyin__startswith=chosen["q"].lower()
        )
        rows = rows.filter(words)
    return form, period, rows


def _has_stations_below(user):
    return Return.objects.visible_to(user).values("station").distinct()[:2].count() > 1


def _closing(user, period):
    """What stands before closing the month, for those who may."""
    if period is None or period.locked_at or not may_close_period(user):
        return None
    return period.returns.aggregate(
        total=Count("pk"),
        missing=Count("pk", filter=Q(state__in=EDITABLE)),
        waiting=Count("pk", filter=Q(state=ReturnState.FILED)),
    )


def _tick(text):
    """`12:3` is return 12 as seen in version 3; anything else is ignored."""
    seen = re.fullmatch(r"([0-9]{1,18}):([0-9]{1,9})", text)
    return (int(seen[1]), int(seen[2])) if seen else None


def _is_own(request):
    return (request.POST.get("next") or "").startswith("/desk/returns/")

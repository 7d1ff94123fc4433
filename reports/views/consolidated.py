"""The consolidated report: ordered here, made in the background, fetched here."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import jobs
from accounts.models import Job
from accounts.perms import only
from accounts.views.jobs import file_response
from reports import months
from reports.views.rollup import station_of
from services.perms import works_at_a_desk
from veterans_portal.errors import DomainError

KIND = "reports.consolidated"
SHOWN = 10
FILES = {"excel": ("file", "file_name"), "word": ("word", "word_name")}


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def consolidated(request):
    """Choose months and station; the last reports of the viewer with progress and files."""
    station = station_of(request)
    span = months.chosen(request.POST or request.GET)
    if request.method == "POST":
        if span is None:
            messages.warning(request, "还没有开始填报的月份，暂时不能生成报告。")
        else:
            _order(request, station, span)
        return redirect("reports:consolidated")
    mine = list(
        Job.objects.visible_to(request.user).filter(kind=KIND).order_by("-created_at")[:SHOWN]
    )
    context = {
        "station": station,
        "span": span,
        "jobs": mine,
        "running": any(not each.is_over for each in mine),
    }
    template = "reports/includes/report_jobs.html" if request.htmx else "reports/consolidated.html"
    return render(request, template, context)


@only(works_at_a_desk)
@require_safe
def download(request, pk, kind):
    """A finished file, to the person who ordered it."""
    found = get_object_or_404(Job.objects.visible_to(request.user), pk=pk, kind=KIND)
    if kind not in FILES or not found.result.get(FILES[kind][0]) or not jobs.still_allowed(found):
        raise Http404
    file, name = FILES[kind]
    try:
        data, name = jobs.hand_over(found, by=request.user, file=file, name=name)
    except FileNotFoundError:
        messages.warning(request, "文件已过保存期，请重新生成一份。")
        return redirect("reports:consolidated")
    return file_response(data, name)


def _order(request, station, span):
    params = {
        "station": station.pk,
        "first": span.first.isoformat(),
        "last": span.last.isoformat(),
        "page": reverse("reports:consolidated"),
    }
    title = f"{station.name}{span}综合报告"
    try:
        jobs.start(KIND, title=title, owner=request.user, params=params, once=True)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "已开始生成，一般不到一分钟。可以先去做别的。")

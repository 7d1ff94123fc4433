"""A piece of long work, seen by its owner: how far it is, its result, or why it stopped."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from accounts import jobs
from accounts.models import Job
from veterans_portal.errors import DomainError

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS_OF_FILE = {
    ".xlsx": SPREADSHEET,
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".json": "application/json",
}


@require_safe
def job(request, pk):
    """The page polls this address; an htmx request gets the changing part alone."""
    found = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    template = "accounts/job_state.html" if request.htmx else "accounts/job.html"
    return render(request, template, {"job": found})


@require_POST
def retry(request, pk):
    """Begin a failed job again."""
    found = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    try:
        jobs.retry(found, by=request.user)
    except DomainError as error:
        messages.warning(request, error.message)
    return redirect(found.params.get("page") or found)


@require_safe
def file(request, pk):
    """The file a job made, to its owner, as long as it is kept."""
    found = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if not found.result.get("file") or not jobs.still_allowed(found):
        raise Http404
    try:
        data, name = jobs.hand_over(found, by=request.user)
    except FileNotFoundError:
        messages.warning(request, "文件已过保存期，请重新生成一份。")
        return redirect(found)
    return file_response(data, name)


def file_response(data, file_name):
    """An answer that the browser saves under `file_name` and keeps nowhere else."""
    suffix = f".{file_name.rpartition('.')[2]}"
    answer = HttpResponse(data, content_type=KINDS_OF_FILE.get(suffix, "application/octet-stream"))
    answer.headers["Content-Disposition"] = content_disposition_header(True, file_name)
    answer.headers["Cache-Control"] = "no-store"
    return answer

"""A return by Excel: the portal's own workbook out, and back in with errors per cell."""

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import only
from accounts.views.jobs import file_response
from reports import sheet as sheets
from reports import workbook
from reports.actions import returns as acts
from reports.actions.returns import FiguresRefusedError
from reports.enums import ReturnAct
from reports.forms import UploadForm
from reports.views.returns import return_of
from services.perms import may_fill_return, works_at_a_desk
from veterans_portal.errors import DomainError

SALT = "reports.corrections"
CORRECTIONS_FOR = 60 * 60  # seconds


@only(works_at_a_desk)
@require_safe
def download(request, pk):
    """The workbook of a return for anybody in scope; only open cells can be typed into."""
    of = return_of(request, pk)
    return file_response(
        workbook.write(of, sheets.rows_of(of)), f"{of.station.name}{of.period}月报.xlsx"
    )


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request, pk):
    """Read the filled workbook into the draft; whatever cannot be read is said per cell."""
    of = return_of(request, pk)
    if not may_fill_return(request.user, of.station):
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            return _take_in(request, of, form)
    return _show(request, of, form, status=422 if form.errors else 200)


@only(works_at_a_desk)
@require_POST
def corrections(request, pk):
    """The workbook just uploaded with its errors beside the cells; nothing is stored for it."""
    of = return_of(request, pk)
    if not may_fill_return(request.user, of.station):
        raise PermissionDenied
    try:
        kept = signing.loads(
            request.POST.get("kept", ""), salt=f"{SALT}.{of.pk}", max_age=CORRECTIONS_FOR
        )
    except signing.BadSignature:
        messages.warning(request, "核对结果已过期，请再上传一次表格。")
        return redirect("reports:upload", of.pk)
    texts = {
        code: {int(column): text for column, text in cells.items()}
        for code, cells in kept["texts"].items()
    }
    data = workbook.write(of, sheets.rows_of(of), texts=texts, problems=kept["problems"])
    return file_response(data, f"{of.station.name}{of.period}月报（待更正）.xlsx")


def _take_in(request, of, form):
    rows = sheets.rows_of(of)
    try:
        filled = workbook.read(form.cleaned_data["workbook"], of, rows)
    except DomainError as error:
        form.add_error("workbook", error.message)
        return _show(request, of, form, status=422)
    problems = filled.problems
    if not problems:
        try:
            acts.save_return(
                of=of,
                version=filled.version,
                entries=filled.entries,
                by=request.user,
                act=ReturnAct.UPLOADED,
            )
        except FiguresRefusedError as error:
            problems = error.problems
        except acts.StaleReturnError as error:
            form.add_error(
                None,
                "您下载表格以后，这份月报又有了改动。请重新下载，把数填进新的表格再上传，"
                f"以免盖掉同事填的数。（现为第{error.now.version}版）",
            )
            return _show(request, of, form, status=409)
        except DomainError as error:
            form.add_error(None, error.message)
            return _show(request, of, form, status=409)
    if problems:
        return _show(request, of, form, rows=rows, filled=filled, problems=problems, status=422)
    messages.success(request, "表格已填入草稿，还没有上报。请核对后点“上报”。")
    return redirect(of)


def _show(request, of, form, *, rows=(), filled=None, problems=None, status=200):
    problems = problems or {}
    kept = signing.dumps(
        {"texts": filled.texts, "problems": problems}, salt=f"{SALT}.{of.pk}", compress=True
    ) if problems else ""  # fmt: skip
    wrong = [(row.indicator, problems[row.indicator.code]) for row in rows
             if row.indicator.code in problems]  # fmt: skip
    context = {"of": of, "form": form, "wrong": wrong, "kept": kept}
    return render(request, "reports/upload.html", context, status=status)

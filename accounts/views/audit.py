"""The auditor's pages: search the trail, read one entry, take it away as Excel."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import audit_export
from accounts.audit import record
from accounts.filters import AuditFilter
from accounts.models import AuditEntry, AuditSeal
from accounts.perms import only, reads_audit
from veterans_portal.errors import DomainError

PER_PAGE = 50


@only(reads_audit)
@require_safe
def audit(request):
    """The trail, newest first; looking at it leaves an entry itself."""
    found = AuditFilter(request.GET, AuditEntry.objects.order_by("-id"))
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)  # before this look adds its own entry
    used = {name: value for name, value in request.GET.items() if value and name != "page"}
    record("accounts.audit_read", by=request.user, detail={"conditions": used, "page": page.number})
    context = {"page_obj": page, "filter": found, "form": found.form}
    return render(request, "accounts/audit.html", context)


@only(reads_audit)
@require_safe
def entry(request, pk):
    """One entry with its detail and its seal."""
    found = get_object_or_404(AuditEntry, pk=pk)
    record("accounts.audit_read", found, by=request.user)
    context = {"entry": found, "seal": AuditSeal.objects.filter(entry=found).first()}
    return render(request, "accounts/audit_entry.html", context)


@only(reads_audit)
@require_POST
def export(request):
    """Start the export of what the conditions find; the job's page hands out the file."""
    found = AuditFilter(request.POST, AuditEntry.objects.all())
    if not found.is_valid():
        messages.warning(request, "筛选条件有误，请改好后再导出。")
        return redirect("accounts:audit")
    try:
        return redirect(audit_export.start(conditions=request.POST, by=request.user))
    except DomainError as error:
        messages.warning(request, error.message)
        return redirect("accounts:audit")

"""The audit trail as an Excel file, made in the background."""

from io import BytesIO
from urllib.parse import urlencode

import xlsxwriter
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from accounts import acts, jobs, private_files
from accounts.audit import record
from accounts.filters import AuditFilter
from accounts.models import AuditEntry
from accounts.perms import reads_audit
from veterans_portal import crypto
from veterans_portal.errors import DomainError

KIND = "accounts.audit_export"
MOST_ROWS = 200_000
HEADS = (
    ("编号", 10), ("时间", 20), ("操作人", 14), ("操作", 22), ("结果", 8), ("对象", 24),
    ("对象编号", 14), ("代何人办理", 12), ("来源地址", 18), ("内容", 60),
)  # fmt: skip


def start(*, conditions, by):
    """Start the export of what AuditFilter finds under `conditions`; returns the Job."""
    chosen = {name: conditions[name] for name in AuditFilter.base_filters if conditions.get(name)}
    with transaction.atomic():
        record("accounts.audit_exported", by=by, detail={"conditions": chosen})
        # Conditions may name a person, so they stand in the job encrypted.
        params = {"conditions": crypto.encrypt(urlencode(chosen))}
        return jobs.start(KIND, title="导出审计日志", owner=by, params=params)


@jobs.job(KIND, allowed=lambda row: reads_audit(row.owner))
def export(row):
    """Write the file in pieces; returns its private name."""
    query = QueryDict(crypto.decrypt(row.params["conditions"]))
    found = AuditFilter(query, AuditEntry.objects.order_by("id")).qs
    total = found.count()
    if total > MOST_ROWS:
        raise DomainError(
            f"符合条件的有{total:,}条，一次最多导出{MOST_ROWS:,}条。请缩短时间再导出。"
        )
    jobs.progress(row, 0, total, "写入表格")
    buffer = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet("审计日志")
        _head(book, sheet, row)
        for number, entry in enumerate(found.iterator(chunk_size=2000), 1):
            sheet.write_row(number + 1, 0, _cells(entry))
            jobs.progress(row, number)
    return {
        "file": private_files.keep(buffer.getvalue()),
        "file_name": f"审计日志{timezone.localtime():%Y%m%d-%H%M}.xlsx",
    }


def _head(book, sheet, row):
    """Who took it away and when stands on top of every copy (`domain.md` D.5)."""
    bold = book.add_format({"bold": True, "bg_color": "#F0ECE4"})
    for column, (_, width) in enumerate(HEADS):
        sheet.set_column(column, column, width)
    sheet.write(0, 0, f"导出人：{row.owner}　{timezone.localtime():%Y-%m-%d %H:%M}　仅限审计使用")
    sheet.write_row(1, 0, [name for name, _ in HEADS], bold)
    sheet.freeze_panes(2, 0)


def _cells(entry):
    return [
        entry.pk,
        f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}",
        entry.actor_name,
        acts.label(entry.act),
        entry.get_outcome_display(),
        entry.target_name,
        entry.target_id,
        entry.on_behalf_of,
        entry.address or "",
        "；".join(f"{name}：{value}" for name, value in entry.words()),
    ]

"""What beat starts for the month, and the long work behind the reports."""

import datetime as dt
from io import BytesIO

from celery import shared_task

from accounts import audit, jobs, private_files
from accounts.jobs import job
from reports.actions import periods, reminders
from reports.documents import official, sheets
from reports.documents.data import gather
from reports.models import ReportingPeriod
from services.models import Station
from services.perms import scope_of


@shared_task
def open_periods():
    """Open last month, and months before it that were missed while the portal was down."""
    periods.open_due_periods()


@shared_task
def refresh_periods():
    """Recount the system figures of every month that is not closed."""
    for period in ReportingPeriod.objects.filter(locked_at__isnull=True):
        periods.refresh_period(period=period)


@shared_task
def remind():
    """Remind of returns due and overdue, and escalate; each message goes once."""
    reminders.remind()


def _covers_station(row):
    """Whether the owner still works at the report's station or above it."""
    station = Station.objects.filter(pk=row.params["station"]).first()
    return station is not None and scope_of(row.owner).covers(station.path)


@job("reports.consolidated", allowed=_covers_station)
def make_consolidated(row):
    """Make the Excel and the Word draft of a station's months; begun again, both are made anew."""
    params = row.params
    station = Station.objects.get(pk=params["station"])
    first, last = (dt.date.fromisoformat(params[key]) for key in ("first", "last"))
    jobs.progress(row, 0, 100, note="正在汇总各站月报")
    report = gather(station, first, last)

    def tell(done, total):
        jobs.progress(row, 10 + 70 * done // total, 100, note="正在写 Excel 表")

    excel, word = BytesIO(), BytesIO()
    sheets.write(report, excel, progress=tell)
    jobs.progress(row, 85, 100, note="正在写 Word 稿")
    official.write(report, word)
    result = {
        "file": private_files.keep(excel.getvalue()),
        "file_name": f"{report.name}.xlsx",
        "word": private_files.keep(word.getvalue()),
        "word_name": f"{report.name}（草稿）.docx",
        "url": params["page"],
        "words": f"{report.name}已生成。",
    }
    audit.record("reports.report_made", station, by=row.owner, detail={"months": report.months})
    return result

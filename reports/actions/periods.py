"""Opening a month, keeping its system figures fresh, closing it."""

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit
from reports import bulk, counting
from reports.enums import EDITABLE, ReturnAct, ReturnState
from reports.models import ReportingPeriod, Return
from services.actions.workdays import due_day
from services.models import Station
from veterans_portal.errors import DomainError
from veterans_portal.indicators import Span, previous_month


def open_due_periods(*, today=None):
    """Open the month just past, and months before it that were missed; safe to run again.

    Goes back to the first period there is (a new portal starts with last month).
    """
    last = previous_month(today or timezone.localdate())
    first = ReportingPeriod.objects.order_by("month").values_list("month", flat=True).first()
    known = set(ReportingPeriod.objects.values_list("month", flat=True))
    month, opened = last, []
    while month >= (first or last):
        if month not in known or month == last:
            opened.append(open_period(month=month, today=today))
        month = previous_month(month)
    return opened


@transaction.atomic
def open_period(*, month, today=None):
    """Open a past month: deadlines, one return per station then in service, figures filled from
    records in one pass per table (`domain.md` C.3). Running it again only adds what is missing.

    Raises DomainError for a month that is not over.
    """
    span = Span.month(month)
    if span.last >= (today or timezone.localdate()):
        raise DomainError(f"{month.year}年{month.month}月还没有结束，月底以后才能开始填报。")
    period = ReportingPeriod.objects.filter(month=span.first).first()
    if period is None:
        period, created = ReportingPeriod.objects.get_or_create(
            month=span.first, defaults=deadlines(span.last)
        )
        if created:
            audit.record("reports.period_opened", period)
    if period.locked_at:
        return period
    Return.objects.bulk_create(
        [
            Return(period=period, station_id=pk, due_on=period.due(tier))
            for pk, tier in Station.objects.active(on=span.last).values_list("pk", "tier")
        ],
        ignore_conflicts=True,
    )
    if bulk.create_figures(period, counting.by_station(span)):
        fresh = period.returns.filter(versions__isnull=True).values_list("pk", flat=True)
        bulk.keep_versions(fresh, act=ReturnAct.OPENED)
    return period


def deadlines(last_day):
    """The last days for filing by tier: n-th working days after the month (`domain.md` C.1)."""
    workdays = settings.REPORT_DUE_WORKDAYS
    return {
        f"due_{tier}": due_day(workdays[tier], after=last_day)
        for tier in ("village", "town", "district", "city")
    }


@transaction.atomic
def refresh_period(*, period):
    """Recount the system figures of all returns of an open month that may still be edited."""
    return _refresh(period, period.returns.all(), station=None, by=None)


@transaction.atomic
def refresh_return(*, of, by):
    """Recount the system figures of one return; says whether a figure changed."""
    changed = _refresh(of.period, Return.objects.filter(pk=of.pk), station=of.station, by=by)
    if changed:
        audit.record("reports.return_refreshed", of, by=by)
    return bool(changed)


@transaction.atomic
def close_period(*, period, by):
    """Freeze a month for good: every return is locked as it stands and keeps its last version.

    Raises DomainError when it is closed already.
    """
    period = ReportingPeriod.objects.select_for_update(no_key=True).get(pk=period.pk)
    if period.locked_at:
        raise DomainError(f"{period}的月报已经关闭，不用再关。")
    period.locked_at = timezone.now()
    period.save(update_fields=["locked_at"])
    open_returns = period.returns.exclude(state=ReturnState.LOCKED)
    ids = list(
        open_returns.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)
    )
    Return.objects.filter(pk__in=ids).update(state=ReturnState.LOCKED, version=F("version") + 1)
    bulk.keep_versions(ids, act=ReturnAct.LOCKED, by=by)
    audit.record("reports.period_closed", period, by=by, detail={"returns": len(ids)})
    return len(ids)


def _refresh(period, returns, *, station, by):
    locked = returns.filter(state__in=EDITABLE).select_for_update(no_key=True).order_by("pk")
    if period.locked_at or not list(locked.values_list("pk", flat=True)):
        return []
    span = Span.month(period.month)
    counted = counting.by_station(span, stations=[station.pk] if station else None)
    changed = bulk.refresh_figures(period, counted, station=station)
    Return.objects.filter(pk__in=changed).update(version=F("version") + 1)
    bulk.keep_versions(changed, act=ReturnAct.REFRESHED, by=by)
    return changed

"""Telling stations that a return is due, overdue, and their superiors that it still is not there."""

import datetime as dt
from collections import defaultdict

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.messages import tell
from reports.enums import EDITABLE
from reports.models import Return
from services.enums import Role
from services.models import CalendarDay, Posting
from veterans_portal.chinese_dates import day as cn_day

WORDS = {
    "T-2": ("月报即将截止", "{period}月报请在{due}前上报，还有2个工作日。"),
    "T": ("月报今天截止", "{period}月报今天（{due}）截止，请下班前上报。"),
    "T+1": (
        "月报已逾期，请尽快上报",
        "{period}月报应在{due}前上报，现已逾期，请今天补报并说明原因。",
    ),
}
ESCALATE = "T+3"


def remind(*, today=None):
    """Send what is due today: T-2, T and T+1 to the fillers, T+3 to the head above (working days,
    `domain.md` C.3 rule 4). Each is told once however often this runs, and a day that was missed
    is made up for as long as it is still true. Returns how many people were told.
    """
    today = today or timezone.localdate()
    waiting = _waiting(today)
    if not waiting:
        return 0
    days = [each.due_on for each in waiting]
    calendar = workdays_around(min(days), max(days))
    by_stage = defaultdict(list)
    for each in waiting:
        stage = stage_of(each.due_on, today, calendar)
        if stage:
            by_stage[stage].append(each)
    told = sum(
        _remind_fillers(returns, stage) for stage, returns in by_stage.items() if stage != ESCALATE
    )
    return told + _escalate(by_stage[ESCALATE])


def stage_of(due_on, today, calendar):
    """The last mark reached: T-2, T, T+1 or T+3; None while it is too early.

    `calendar` holds the working days around the deadline, in order. Raises nothing when it is
    short: marks beyond its end are not reached.
    """
    before = [day for day in calendar if day < due_on]
    after = [day for day in calendar if day > due_on]
    marks = [
        ("T-2", before[-2] if len(before) > 1 else due_on),
        ("T", due_on),
        ("T+1", after[0] if after else None),
        (ESCALATE, after[2] if len(after) > 2 else None),
    ]
    reached = [stage for stage, day in marks if day and day <= today]
    return reached[-1] if reached else None


def workdays_around(first, last):
    """The working days from three weeks before `first` to three weeks after `last`, in order."""
    margin = dt.timedelta(days=21)
    return list(
        CalendarDay.objects.filter(day__range=(first - margin, last + margin), is_workday=True)
        .order_by("day")
        .values_list("day", flat=True)
    )


def _waiting(today):
    """Returns still to be filed whose deadline is near or past, in months not closed."""
    return list(
        Return.objects.filter(
            state__in=EDITABLE,
            first_filed_at__isnull=True,
            period__locked_at__isnull=True,
            due_on__lte=today + dt.timedelta(days=14),
        ).select_related("period", "station")
    )


@transaction.atomic
def _remind_fillers(returns, stage):
    people = _staff([each.station_id for each in returns], Role.CLERK, Role.HEAD)
    title, body = WORDS[stage]
    told = 0
    for each in returns:
        words = body.format(period=each.period, due=cn_day(each.due_on))
        for user in people[each.station_id]:
            tell(
                to=user,
                kind="reports.due",
                title=title,
                body=f"{each.station.name}：{words}",
                url=each.get_absolute_url(),
                about=each,
                dedupe=f"return:{each.pk}:{each.times_returned}:{stage}:{user.pk}",
            )
            told += 1
    return told


@transaction.atomic
def _escalate(returns):
    """One message per superior station and month, however many returns are missing below it."""
    below = defaultdict(list)
    for each in returns:
        below[each.station.parent_id or each.station_id, each.period].append(each)
    people = _staff([station for station, _ in below], Role.HEAD, Role.REVIEWER)
    told = 0
    for (station, period), missing in below.items():
        names = "、".join(each.station.name for each in missing[:3])
        more = f"等{len(missing)}个站点" if len(missing) > 3 else ""
        for user in people[station]:
            tell(
                to=user,
                kind="reports.escalated",
                title="下级月报逾期三个工作日未报",
                body=f"{period}月报，{names}{more}已逾期三个工作日仍未上报，请督促。",
                url=f"{reverse('reports:returns')}?month={period.month:%Y-%m}&state=OVERDUE",
                about=period,
                dedupe=f"period:{period.pk}:{station}:{ESCALATE}:{user.pk}",
            )
            told += 1
    return told


def _staff(stations, *roles):
    """`{station id: [user]}` of those posted there now in one of the roles, each once."""
    people = defaultdict(list)
    postings = (
        Posting.objects.in_force()
        .filter(station__in=stations, role__in=roles)
        .select_related("user")
        .order_by("user_id", "-role")
    )
    for posting in postings:
        if posting.user not in people[posting.station_id]:
            people[posting.station_id].append(posting.user)
    return people

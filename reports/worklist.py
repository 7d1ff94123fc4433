"""The month on the work desk: returns to fill at my station, returns to review below it."""

from functools import reduce
from operator import or_

from django.db.models import Count, Q, Window
from django.urls import reverse
from django.utils import timezone

from reports.enums import EDITABLE, ReturnState
from reports.models import Return
from services.enums import Role
from services.perms import scope_of
from services.worklist import SHOWN, Item, Section


def returns_to_fill(user, *, below):
    """Returns not filed yet, returned ones first; `below` adds those of the stations under mine."""
    roles = () if below else (Role.CLERK, Role.HEAD)
    where = _at(user, below, roles)
    if where is None:
        return None
    waiting = Return.objects.filter(where, state__in=EDITABLE, period__locked_at__isnull=True)
    return _section(
        waiting,
        title="月报填报",
        query="state=NOT_STARTED",
        empty="没有待填的月报。",
        job=lambda of: "退回修改" if of.state == ReturnState.RETURNED else "填报",
    )


def returns_to_review(user, *, below):
    """Filed returns that wait for me: of the stations right under mine, or of all under it."""
    scope = scope_of(user)
    mine = [path for path, role in scope.postings if role in (Role.REVIEWER, Role.HEAD)]
    if not mine:
        return None
    where = reduce(or_, (_under(path, below) for path in mine))
    waiting = Return.objects.filter(where, state=ReturnState.FILED).exclude(filler=user)
    return _section(
        waiting,
        title="月报审核",
        filed=True,
        query="state=FILED",
        empty="没有待审核的月报。",
        job=lambda of: "审核",
    )


def _at(user, below, roles):
    paths = [path for path, role in scope_of(user).postings if not roles or role in roles]
    if not paths:
        return None
    end = "__startswith" if below else ""
    return reduce(or_, (Q(**{f"station__path{end}": path}) for path in paths))


def _under(path, below):
    """Strictly under a path (the city reviews itself); right under it without `below`."""
    city = Q(station__path=path, station__parent__isnull=True)
    if below:
        return (Q(station__path__startswith=path) & ~Q(station__path=path)) | city
    return Q(station__parent__path=path) | city


def _section(waiting, *, title, query, empty, job, filed=False):
    """The first of them with the counts of all, in one query. Filed ones are not late any more:
    they show when they came."""
    today = timezone.localdate()
    rows = list(
        waiting.select_related("station", "period")
        .annotate(
            count=Window(Count("*")),
            late=Window(Count("pk", filter=Q(due_on__lt=today))),
            today=Window(Count("pk", filter=Q(due_on=today))),
        )
        .order_by("due_on", "station__path")[:SHOWN]
    )
    return Section(
        title=title,
        url=f"{reverse('reports:returns')}?month=all&{query}",
        items=[
            Item(
                of.station.name if filed else str(of.period),
                job(of),
                of.get_absolute_url(),
                due=None if filed else of.due_on,
                at=of.filed_at if filed else None,
                note=str(of.period) if filed else of.station.name,
            )
            for of in rows
        ],
        unit="份",
        empty=empty,
        count=rows[0].count if rows else 0,
        late=rows[0].late if rows and not filed else 0,
        today=rows[0].today if rows and not filed else 0,
    )

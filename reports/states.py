"""How far the returns of a subtree are: counts by state as a bar, and how timely they came."""

from dataclasses import dataclass

from django.db.models import Count, F, Q
from django.utils import timezone

from reports.enums import EDITABLE, ReturnState

TONES = {
    ReturnState.NOT_STARTED: "quiet",
    ReturnState.DRAFT: "note",
    ReturnState.FILED: "warning",
    ReturnState.RETURNED: "error",
    ReturnState.ACCEPTED: "done",
    ReturnState.LOCKED: "locked",
}


@dataclass(frozen=True)
class Segment:
    """A stretch of the bar: `left` and `width` in percent."""

    state: str
    label: str
    count: int
    tone: str
    left: float
    width: float


def bar_of(counts):
    """The segments of `{state: count}` in the order of a return's life."""
    total, left, made = sum(counts.values()), 0.0, []
    for state in ReturnState:
        count = counts.get(state, 0)
        if count:
            width = round(100 * count / total, 2)
            made.append(Segment(state, state.label, count, TONES[state], round(left, 2), width))
            left += width
    return made


def state_bar(returns):
    """The bar of a queryset of returns, in one query."""
    rows = returns.order_by().values_list("state").annotate(count=Count("pk"))
    return bar_of(dict(rows))


def timeliness(returns):
    """Share filed in time and share accepted without being sent back, with their bases; a month
    is counted once its deadline has passed (`domain.md` C.3 rule 4)."""
    late = Q(due_on__lt=timezone.localdate())
    return returns.aggregate(
        due=Count("pk", filter=late),
        on_time=Count("pk", filter=late & Q(first_filed_at__date__lte=F("due_on"))),
        overdue=Count("pk", filter=late & Q(state__in=EDITABLE, first_filed_at__isnull=True)),
        reviewed=Count("pk", filter=Q(reviewed_at__isnull=False)),
        first_pass=Count("pk", filter=Q(reviewed_at__isnull=False, times_returned=0)),
    )

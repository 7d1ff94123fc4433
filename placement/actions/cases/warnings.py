"""Early warning: whoever has not reported is told once, in time (`domain.md` B.5 clock)."""

from datetime import timedelta

from django.utils import timezone

from placement.enums import CaseState
from placement.models import PlacementCase
from placement.notices import cases as notices

DAYS_BEFORE = 7


def warn_of_reports(today=None):
    """Tell everybody whose term to report ends within a week, once; returns how many there are."""
    today = today or timezone.localdate()
    soon = PlacementCase.objects.with_all().filter(
        state=CaseState.TRANSFERRED_IN,
        report_by__gte=today,
        report_by__lte=today + timedelta(days=DAYS_BEFORE),
    )
    cases = list(soon.order_by("pk"))
    for case in cases:
        notices.tell(
            case, notices.report_soon(case), dedupe=f"placement-report:{case.pk}:{case.report_by}"
        )
    return len(cases)

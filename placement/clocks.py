"""The clocks of placement files: which are over, and which are near enough to warn of."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from placement.enums import AWAITING_A_POST, CaseState
from placement.models import PlacementTerms
from veterans_portal.errors import DomainError

TERMS = (
    ([CaseState.TRANSFERRED_IN], "report_by"),
    (AWAITING_A_POST, "place_by"),
    ([CaseState.LETTER_ISSUED], "seat_by"),
)


def running(clock, today=None):
    """Files whose running clock is over ("late"), or ends within the warning time ("soon")."""
    today = today or timezone.localdate()
    if clock == "late":
        bounds = {"lt": today}
    else:
        bounds = {"gte": today, "lte": today + timedelta(days=warn_days(today))}
    wanted = Q()
    for states, term in TERMS:
        wanted |= Q(state__in=states, **{f"{term}__{each}": day for each, day in bounds.items()})
    return wanted


def warn_days(today):
    """How many days ahead clocks are warned of; none while no terms were entered."""
    try:
        return PlacementTerms.objects.on(today).warn_days
    except DomainError:
        return 0

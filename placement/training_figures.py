"""Figures of training: how many of those who should are trained (A113), what people think of a provider."""

from django.db.models import Avg, Count, Q

from placement.enums.training import DutyState, RunState
from placement.models import CourseRun, Enrolment, TrainingDuty
from services.enums import COUNTED_STATES

FEWEST = 5  # an average over fewer would tell who said it


def coverage(user, *, year=None):
    """`{all, trained, exempt, asked, due, percent}` of the duties in the reader's scope.

    `percent` is trained of those not exempt (应训尽训 = 100), None when there is nobody. `year` narrows to
    duties that arose in it.
    """
    rows = TrainingDuty.objects.visible_to(user)
    if year:
        rows = rows.filter(arose_on__year=year)
    found = rows.order_by().aggregate(
        all=Count("pk"),
        **{
            each.lower(): Count("pk", filter=Q(state=each))
            for each in (DutyState.TRAINED, DutyState.EXEMPT, DutyState.ASKED, DutyState.DUE)
        },
    )
    should = found["all"] - found["exempt"]
    found["percent"] = found["trained"] * 100 / should if should else None
    return found


def runs_with_heads(runs):
    """Runs with `heads` (people in them) and, once enough said so, `average` (of 5)."""
    runs = list(
        runs.select_related("course__provider", "slot", "station").annotate(
            heads=Count("enrolments", filter=Q(enrolments__booking__state__in=COUNTED_STATES)),
            said=Count("enrolments__grade"),
            mean=Avg("enrolments__grade"),
        )
    )
    for each in runs:
        each.average = round(each.mean, 1) if each.said >= FEWEST else None
    return runs


def provider_average(provider):
    """(average of 5 or None, how many said so) over all of a provider's finished runs."""
    found = Enrolment.objects.filter(
        run__course__provider=provider, run__state=RunState.CLOSED
    ).aggregate(mean=Avg("grade"), said=Count("grade"))
    return (round(found["mean"], 1) if found["said"] >= FEWEST else None), found["said"]


def runs_of(provider):
    """All runs of a provider's courses, newest first."""
    return CourseRun.objects.filter(course__provider=provider)

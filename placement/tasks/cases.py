"""The nights of placement: publications end, terms are warned of."""

from celery import shared_task

from placement.actions.cases import warnings
from placement.actions.plans import demands
from placement.actions.scoring import publications


@shared_task
def settle_publications():
    """Make final what was published long enough, with nothing open about it."""
    return publications.settle_due()


@shared_task
def warn_of_placement_terms():
    """Tell those whose report is due soon, and employers that have not answered a call."""
    demands.remind_missing()
    return warnings.warn_of_reports()

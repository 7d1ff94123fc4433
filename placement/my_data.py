"""What the work section holds about a signed-in person (see accounts.my_data), subject by subject."""

from placement import (
    case_data,
    fair_data,
    outreach_data,
    selection_data,
    startup_data,
    training_data,
)

PARTS = (
    case_data,
    fair_data,
    outreach_data,
    selection_data,
    startup_data,
    training_data,
)


def subjects(user):
    """Rows whose audit entries are about the person."""
    return [row for part in PARTS for row in part.subjects(user)]


def sections(user):
    """What is held, in words."""
    return [section for part in PARTS for section in part.sections(user)]

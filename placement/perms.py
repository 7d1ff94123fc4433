"""Who may do what in the work section: named predicates over the scope of a member of the staff."""

from services.enums import Role
from services.perms import scope_of


def may_keep_jobs(user, station):
    """Clerks and heads posted at the station or above it: plan fairs, enter vacancies and notices,
    note how intentions and applicants go."""
    return scope_of(user).covers(station.path, Role.CLERK, Role.HEAD)


def may_check_jobs(user, station):
    """Reviewers and heads posted at the station or above it: open fairs, check employers and
    vacancies, publish notices."""
    return scope_of(user).covers(station.path, Role.REVIEWER, Role.HEAD)


def may_receive_at_fairs(user, station):
    """Staff posted at the station or above it, in any role: sign people in at the door."""
    return scope_of(user).covers(station.path)

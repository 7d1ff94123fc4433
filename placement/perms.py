"""Who may do what in the work section: named predicates over the scope of a member of the staff."""

from services.enums import Role, Tier
from services.models import Station
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


def may_go_out(user, station):
    """Staff posted at the station or above it, in any role: go and see people, note what they say."""
    return scope_of(user).covers(station.path)


# --- cases, points, the year's plan -------------------------------------------------------------


def may_handle_cases(user, station):
    """Clerks and heads posted at the centre or above it: open, report, count, prepare."""
    return scope_of(user).covers(station.path, Role.CLERK, Role.HEAD)


def may_decide_cases(user, station):
    """Reviewers and heads posted at the centre or above it: approve schemes, publications and
    plans, answer objections, end a case."""
    return scope_of(user).covers(station.path, Role.REVIEWER, Role.HEAD)


def may_check_points(user, station):
    """Everybody posted at the centre or above it; that two different people do is the act's."""
    return scope_of(user).covers(station.path, Role.CLERK, Role.REVIEWER, Role.HEAD)


def may_keep_terms(user):
    """Heads posted at the city: the terms hold for every district."""
    return any(path.count("/") == 1 and role == Role.HEAD for path, role in scope_of(user).postings)


def receiving_stations(user):
    """Centres of the city and the districts where `user` may open placement files."""
    stations = Station.objects.active().filter(tier__in=[Tier.CITY, Tier.DISTRICT])
    return stations.filter(pk__in=[
        each.pk for each in stations if may_handle_cases(user, each)
    ]).order_by("path")  # fmt: skip


# --- start-ups and loans ------------------------------------------------------------------------


def may_keep_loans(user, station):
    """Clerks and heads posted at the station or above it: enter, verify and push referrals, note
    how the items of a start-up bundle go."""
    return scope_of(user).covers(station.path, Role.CLERK, Role.HEAD)


def may_check_loans(user, station):
    """Reviewers and heads posted at the station or above it: decide what banks return, publish
    enterprises."""
    return scope_of(user).covers(station.path, Role.REVIEWER, Role.HEAD)


# --- training -----------------------------------------------------------------------------------


def may_keep_training(user, station):
    """Clerks and heads posted at the station or above it: plan courses and runs, enter people and
    results, ask for exemptions."""
    return scope_of(user).covers(station.path, Role.CLERK, Role.HEAD)


def may_check_training(user, station):
    """Reviewers and heads posted at the station or above it: open courses, approve exemptions."""
    return scope_of(user).covers(station.path, Role.REVIEWER, Role.HEAD)


def may_receive_at_training(user, station):
    """Staff posted at the station or above it, in any role: sign people in."""
    return scope_of(user).covers(station.path)


def may_conduct_selection(user, station):
    """Clerks, reviewers and heads posted at the centre or above it: open, pause, take down choices.

    That a choice is undone by two of them is the act's."""
    return scope_of(user).covers(station.path, Role.CLERK, Role.REVIEWER, Role.HEAD)

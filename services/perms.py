"""Who may see and do what: the scope of a staff member, and named predicates over it."""

from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from services.enums import Role, Tier


@dataclass(frozen=True)
class Scope:
    """The subtrees a user works in, as (path, role) pairs of postings in force."""

    postings: tuple = field(default_factory=tuple)

    @property
    def paths(self):
        return sorted({path for path, _ in self.postings})

    def filter(self, queryset, path_field):
        """Narrow `queryset` to rows whose station path lies in the scope."""
        if not self.postings:
            return queryset.none()
        return queryset.filter(
            reduce(or_, (Q(**{f"{path_field}__startswith": path}) for path in self.paths))
        )

    def covers(self, path, *roles):
        """Whether some posting (in one of `roles`, if given) stands at or above `path`."""
        return any(
            path.startswith(mine) and (not roles or role in roles) for mine, role in self.postings
        )

    def holds_at(self, path, *roles):
        """Whether some posting (in one of `roles`, if given) is at exactly this station."""
        return any(path == mine and (not roles or role in roles) for mine, role in self.postings)


def scope_of(user):
    """Return the scope of `user`: empty for citizens, administrators and outsiders.

    Read once per user object, so a request pays one query.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_staff_member:
        return Scope()
    if not hasattr(user, "_scope"):
        today = timezone.localdate()
        rows = (
            user.postings.filter(since__lte=today)
            .filter(Q(until__isnull=True) | Q(until__gt=today))
            .values_list("station__path", "role")
        )
        user._scope = Scope(tuple(sorted(rows)))
    return user._scope


def may_serve_at(user, station):
    """Staff posted at the station itself or above it, in any role."""
    return scope_of(user).covers(station.path)


def may_fill_return(user, station):
    """Clerks and heads posted at exactly this station."""
    return scope_of(user).holds_at(station.path, Role.CLERK, Role.HEAD)


def may_review_return(user, station):
    """Reviewers and heads posted above the station (for the city: at the city itself)."""
    scope = scope_of(user)
    if station.parent_id is None:
        return scope.holds_at(station.path, Role.REVIEWER, Role.HEAD)
    above = path_above(station)
    return scope.covers(above, Role.REVIEWER, Role.HEAD)


def may_arrange_offerings(user, station):
    """Clerks and heads posted at the station or above it: offer, change, close hours."""
    return scope_of(user).covers(station.path, Role.CLERK, Role.HEAD)


def may_keep_station(user, station):
    """Clerks and heads posted at the station or above it: its page, windows and service items."""
    return scope_of(user).covers(station.path, Role.CLERK, Role.HEAD)


def may_open_or_close(user, path):
    """Reviewers and heads posted above the station with this path; nobody closes the city's."""
    above = path.rstrip("/").rpartition("/")[0]
    return bool(above) and scope_of(user).covers(f"{above}/", Role.REVIEWER, Role.HEAD)


def may_keep_file(user, station):
    """Clerks and heads posted at the station or above it: collect, correct, submit, link."""
    return scope_of(user).covers(station.path, Role.CLERK, Role.HEAD)


def may_handle_matters(user, station):
    """Clerks and heads posted at the station or above it: check, accept, handle, finish."""
    return scope_of(user).covers(station.path, Role.CLERK, Role.HEAD)


def may_mend_ratings(user, station):
    """Reviewers and heads posted at the station or above it: call back, mend, close."""
    return scope_of(user).covers(station.path, Role.REVIEWER, Role.HEAD)


def may_mend_ratings_above(user, station):
    """Reviewers and heads posted above the station (for the city: at the city)."""
    above = station.path if station.parent_id is None else path_above(station)
    return scope_of(user).covers(above, Role.REVIEWER, Role.HEAD)


def may_keep_partners(user, station):
    """Clerks and heads posted at the station or above it: enter partners, mend them, add members."""
    return scope_of(user).covers(station.path, Role.CLERK, Role.HEAD)


def may_check_partners(user, station):
    """Reviewers and heads posted at the station or above it: approve, refuse, end a partner."""
    return scope_of(user).covers(station.path, Role.REVIEWER, Role.HEAD)


def may_write_rules(user, station):
    """Clerks and heads posted at the city or the district the rule belongs to, or above it."""
    return _is_upper(station) and scope_of(user).covers(station.path, Role.CLERK, Role.HEAD)


def may_publish_rules(user, station):
    """Reviewers and heads posted at the city or the district the rule belongs to, or above it."""
    return _is_upper(station) and scope_of(user).covers(station.path, Role.REVIEWER, Role.HEAD)


def _is_upper(station):
    return station.tier in (Tier.CITY, Tier.DISTRICT)


def path_above(station):
    """The path of the station one tier up."""
    return station.path[: -len(station.segment) - 1]


def may_review_file(user, station):
    """Who checks what a station filed (`domain.md` B.2: the village collects, the town reviews).

    Reviewers and heads posted above a village or special station; for towns and higher, those
    posted there or above. That the reviewer is not the filler is the act's own check.
    """
    return scope_of(user).covers(review_path(station), Role.REVIEWER, Role.HEAD)


def may_enter_file(user, station):
    """Who closes the last step, by `settings.FILES_ENTERED_BY`: the reviewer (TOWN), or reviewers
    and heads of the district and the city (DISTRICT)."""
    if settings.FILES_ENTERED_BY == "TOWN":
        return may_review_file(user, station)
    district = "".join(f"{part}/" for part in station.path.split("/")[:2])
    return scope_of(user).covers(district, Role.REVIEWER, Role.HEAD)


def may_see_health(user, station):
    """Disability is shown to clerks of the person's own station, and to reviewers and heads of
    the station or above it (`domain.md` D.5)."""
    scope = scope_of(user)
    return scope.holds_at(station.path, Role.CLERK) or scope.covers(
        station.path, Role.REVIEWER, Role.HEAD
    )


def review_path(station):
    """The path at or above which a reviewer of the station's files must be posted."""
    if station.tier in (Tier.CITY, Tier.DISTRICT, Tier.TOWN):
        return station.path
    return path_above(station)


def works_at_a_desk(user):
    """Staff with at least one posting in force."""
    return bool(scope_of(user).postings)


def may_import_roster(user, station):
    """Clerks, reviewers and heads posted at the station or above it."""
    return scope_of(user).covers(station.path, Role.CLERK, Role.REVIEWER, Role.HEAD)


def files_roster_at_once(user, station):
    """Reviewers and heads of the district or the city: what they bring in needs no second look.

    Everybody else's rows wait for the review that files from the counter get.
    """
    district = "".join(f"{part}/" for part in station.path.split("/")[:2] if part)
    return scope_of(user).covers(district, Role.REVIEWER, Role.HEAD)


def may_keep_guides(user):
    """Heads posted at the city: the words, terms and opening of the guides to matters."""
    city = {path for path, _ in scope_of(user).postings if path.count("/") == 1}
    return any(scope_of(user).holds_at(path, Role.HEAD) for path in city)

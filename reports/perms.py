"""Who may do what with the month. Filling and reviewing a return: `services.perms`."""

from services.enums import Role
from services.models import Station
from services.perms import scope_of


def may_close_period(user):
    """Reviewers and heads of the city station."""
    cities = Station.objects.filter(parent__isnull=True).values_list("path", flat=True)
    scope = scope_of(user)
    return any(scope.holds_at(path, Role.REVIEWER, Role.HEAD) for path in cities)

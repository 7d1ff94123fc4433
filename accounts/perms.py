"""Who may do what with accounts: named predicates, one per right (`domain.md` D.1, three administrators).

Each takes a user (anonymous allowed) and answers True or False. `only` makes one the policy of a
view: whoever may not gets 404, as if the page were not there.
"""

from functools import wraps

from django.http import Http404

from accounts.enums import AdminRole


def manages_accounts(user):
    """The system administrator: creates, resets and deactivates accounts; grants nothing."""
    return _holds(user, AdminRole.SYSTEM)


def manages_rights(user):
    """The security administrator: grants and ends rights and unlocks; creates no account."""
    return _holds(user, AdminRole.SECURITY)


def reads_audit(user):
    """The audit administrator: reads the trail; changes nothing."""
    return _holds(user, AdminRole.AUDIT)


def is_citizen(user):
    """A signed-in member of the public."""
    return bool(user.is_authenticated and user.is_citizen)


def only(predicate):
    """Decorate a view: users for whom `predicate` is false get 404."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not predicate(request.user):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _holds(user, role):
    return bool(
        user.is_authenticated
        and user.is_active
        and user.is_administrator
        and user.granted_at
        and user.admin_role == role
    )

"""Who a name and a password belong to: citizens by phone, everybody else by staff number."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts import sessions
from accounts.models import User


class PortalBackend(AuthenticationBackend):
    """allauth's backend over our two kinds of names.

    An unknown name costs one password hash like a known one, so the time tells nothing.
    """

    def _authenticate_by_username(self, username, password):
        user = User.objects.filter(staff_number=username).first()
        return self._check_password(user, password)

    def user_can_authenticate(self, user):
        return bool(user.is_active and (user.is_citizen or user.granted_at))

    def get_user(self, user_id):
        """The account of a running session; None ends the session of a deactivated one."""
        user = sessions.account_of(user_id) or User.objects.filter(pk=user_id).first()
        return user if user is not None and user.is_active else None

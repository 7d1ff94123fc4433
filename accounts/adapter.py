"""How allauth's sign-in meets our accounts: encrypted phones, session clocks, the audit trail."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts import kept_forms, sessions
from accounts.actions.security import set_display
from accounts.audit import client_address, record
from accounts.enums import AdminRole, UserKind
from accounts.models import User
from veterans_portal.context_processors import CONTRAST_COOKIE, SENIOR_COOKIE

DESKS = {
    AdminRole.SYSTEM: "accounts:staff",
    AdminRole.SECURITY: "services:desk_staffing",
    AdminRole.AUDIT: "accounts:audit",
}


class PortalAdapter(DefaultAccountAdapter):
    """Phones are verified before an account exists, so no stage asks for it again.

    `get_login_stages` is where a second factor for staff joins (`allauth.mfa`).
    """

    def get_login_stages(self):
        return []

    def is_open_for_signup(self, request):
        return True

    def pre_authenticate(self, request, **credentials):
        """Attempts are counted in `accounts.actions.locks` before allauth is asked."""

    def get_client_ip(self, request):
        return client_address(request)

    def add_message(self, request, level, message_template=None, *args, message=None, **kwargs):
        """Only our own words; allauth's greetings are left out."""
        if message:
            messages.add_message(request, level, message)

    def get_user_by_phone(self, phone):
        return User.objects.with_phone(phone).filter(kind=UserKind.CITIZEN).first()

    def get_phone(self, user):
        return (user.phone, user.phone_verified_at is not None) if user.phone else None

    def set_phone(self, user, phone, verified):
        user.phone = phone
        user.phone_verified_at = timezone.now() if verified else None
        user.save(update_fields=["phone", "phone_index", "phone_verified_at"])

    def set_phone_verified(self, user, phone):
        self.set_phone(user, phone, verified=True)

    def login(self, request, user):
        """Sign in: a new session key, its clocks, one session for staff, one audit row."""
        by_code = bool(getattr(request, "signed_in_by_code", False))
        super().login(request, user)
        sessions.start(
            request.session,
            device=sessions.device_of(request),
            address=client_address(request),
            by_code=by_code,
        )
        request.session.save()
        user.session_key = request.session.session_key
        user.save(update_fields=["session_key", "last_login"])
        keep_display(request, user)
        kept_forms.keep_for(request, user)
        record(
            "accounts.signed_in",
            user,
            by=user,
            detail={"way": "code" if by_code else "password"},
            request=request,
        )

    def logout(self, request):
        record("accounts.signed_out", request.user, by=request.user, request=request)
        super().logout(request)

    def get_login_redirect_url(self, request):
        return home_of(request.user)

    def get_logout_redirect_url(self, request):
        return address_of("home")


def keep_display(request, user):
    """Who enlarged the pages before signing in keeps them so (`domain.md` D.7)."""
    device = {
        "senior": request.COOKIES.get(SENIOR_COOKIE) == "1" or None,
        "contrast": request.COOKIES.get(CONTRAST_COOKIE) == "1" or None,
    }
    if any(device.values()):
        set_display(user=user, **device)


def home_of(user):
    """Where a person starts after signing in."""
    if user.is_citizen:
        return address_of("services:me")
    if user.is_staff_member:
        return address_of("services:desk")
    return address_of(DESKS.get(user.admin_role, "home"))


def address_of(name):
    """The address of a named page, the front page while that one is not built."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return "/"

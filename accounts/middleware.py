"""What stands before every page: the session's limits, forms kept over a time-out, overdue passwords.

Their order in the settings matters: all three come after authentication and before
LoginRequiredMiddleware, which would send an expired form to the sign-in page empty.
"""

from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect

from accounts import kept_forms, sessions
from accounts.actions.passwords import password_due

# pages that ask by themselves: nobody is here because of them
POLLS = {"accounts:job", "services:desk_hall_line", "services:board_now"}
WITHOUT_DUE_PASSWORD = {
    "account_change_password",
    "account_logout",
    "accounts:display",
    "accounts:extend",
}


class SessionLimits:
    """Ends a session that is over, with the reason; forbids browsers to store personal pages."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        personal = request.user.is_authenticated
        if personal:
            self._end_when_over(request)
        response = self.get_response(request)
        if personal or request.user.is_authenticated:
            response["Cache-Control"] = "no-store, private"
        return response

    def process_view(self, request, view, args, kwargs):
        match = request.resolver_match
        if request.user.is_authenticated and match.view_name not in POLLS:
            sessions.touch(request.session)

    @staticmethod
    def _end_when_over(request):
        reason = sessions.over(request.session, request.user)
        if reason:
            user = request.user
            logout(request)
            kept_forms.remember_owner(request, user)
            messages.warning(request, reason)


class KeptForms:
    """Keeps what an expired session posts, and puts it back into the form after sign-in."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and kept_forms.is_waiting(request):
            return kept_forms.put_back(request, response)
        return response

    def process_view(self, request, view, args, kwargs):
        if request.method != "POST":
            return None
        if request.user.is_authenticated:
            kept_forms.drop_if_sent_again(request)
            return None
        if getattr(view, "login_required", True) and kept_forms.can_keep(request):
            owner = kept_forms.owner_of_ended(request)
            return kept_forms.keep_and_sign_in(request, owner) if owner else None
        return None


class PasswordDue:
    """Leads to the new password first when it must be changed (`domain.md` D.1)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated or not password_due(request.user):
            return None
        if request.resolver_match.view_name in WITHOUT_DUE_PASSWORD:
            return None
        return redirect("account_change_password")

"""How the reader wants pages drawn, and the ping that keeps a session awake."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts.actions.security import set_display
from veterans_portal.context_processors import CONTRAST_COOKIE, SENIOR_COOKIE

YEAR = 365 * 24 * 60 * 60
SWITCHES = {"senior": SENIOR_COOKIE, "contrast": CONTRAST_COOKIE}
CHOICES = {"1": True, "0": False}


@login_not_required  # public: whoever reads may enlarge
@require_POST
def display(request):
    """Turn senior mode or high contrast on or off: on this device, and for the person signed in."""
    chosen = {
        name: CHOICES[request.POST[name]] for name in SWITCHES if request.POST.get(name) in CHOICES
    }
    if request.user.is_authenticated and chosen:
        set_display(user=request.user, **chosen)
    response = HttpResponseRedirect(_back(request))
    for name, on in chosen.items():
        response.set_cookie(
            SWITCHES[name],
            "1" if on else "0",
            max_age=YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


@require_safe
def extend(request):
    """Answer 204 and, by being asked, renew the session's clock (the page's two-minute warning)."""
    return HttpResponse(status=204)


def _back(request):
    url = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if ours else "/"

"""What every page may ask: how the reader wants it drawn, and who stands behind the site."""

from django.conf import settings

SENIOR_COOKIE = "portal_senior"
CONTRAST_COOKIE = "portal_contrast"


def page(request):
    """`display.senior`, `display.contrast` (kept on the person, else in a cookie), `site`, `session_idle_seconds`."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    if signed_in:
        display = {"senior": user.senior_mode, "contrast": user.high_contrast}
    else:
        display = {
            "senior": request.COOKIES.get(SENIOR_COOKIE) == "1",
            "contrast": request.COOKIES.get(CONTRAST_COOKIE) == "1",
        }
    return {
        "display": display,
        "site": _site(),
        "demonstration": settings.DEMONSTRATION,
        "session_idle_seconds": _idle_seconds(user) if signed_in else 0,
    }


def _site():
    """The footer's identity codes; empty ones are shown as 待核发."""
    return {
        "icp": getattr(settings, "PORTAL_ICP_NUMBER", ""),
        "police": getattr(settings, "PORTAL_POLICE_NUMBER", ""),
        "code": getattr(settings, "PORTAL_SITE_CODE", ""),
        "phone": getattr(settings, "PORTAL_PHONE", ""),
        "address": getattr(settings, "PORTAL_ADDRESS", ""),
    }


def _idle_seconds(user):
    """domain.md D.1: idle limit in seconds, shorter for staff."""
    if getattr(user, "kind", "") == "CITIZEN":
        return getattr(settings, "SESSION_IDLE_SECONDS_CITIZEN", 30 * 60)
    return getattr(settings, "SESSION_IDLE_SECONDS_STAFF", 15 * 60)

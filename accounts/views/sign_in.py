"""The way in."""

from django.views.csrf import csrf_failure

from accounts import kept_forms


def csrf_refused(request, reason=""):
    """A form of our own page whose token is of an earlier sign-in is kept and shown again."""
    ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if ours and kept_forms.can_keep(request):
        return kept_forms.keep_and_reload(request)
    return csrf_failure(request, reason)

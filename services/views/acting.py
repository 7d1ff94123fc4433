"""For whom a citizen does something: `?for=` in the address of every page that can be used for another."""

from django.http import Http404


def acting_by(request, circle):
    """The proxy named by `?for=`, of the `circle` in force; None: for oneself. Http404 for others'."""
    wanted = request.GET.get("for", "")
    if not wanted:
        return None
    proxy = next((each for each in circle if str(each.pk) == wanted), None)
    if proxy is None:
        raise Http404
    return proxy

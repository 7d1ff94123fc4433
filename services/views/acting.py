"""For whom a citizen does something: `?for=` in the address of every page that can be used for another."""

from django.http import Http404

from services.actions import proxies


def acting_by(request, circle):
    """The proxy named by `?for=`, of the `circle` in force; None: for oneself. Http404 for others'."""
    wanted = request.GET.get("for", "")
    if not wanted:
        return None
    proxy = next((each for each in circle if str(each.pk) == wanted), None)
    if proxy is None:
        raise Http404
    return proxy


def carried(request):
    """`proxy` and `for_whom` for pages on the way to a form, which keep `?for=` in their links.

    Anybody reads these pages: one that names nobody for whom the reader acts is dropped here.
    """
    proxy = None
    if "for" in request.GET and getattr(request.user, "is_citizen", False):
        wanted = request.GET["for"]
        proxy = next(
            (each for each in proxies.people_of(request.user) if str(each.pk) == wanted), None
        )
    return {"proxy": proxy, "for_whom": f"?for={proxy.pk}" if proxy else ""}

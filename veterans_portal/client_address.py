"""Where a request comes from. X-Forwarded-For counts only when a proxy of ours wrote it."""

from functools import lru_cache
from ipaddress import ip_address, ip_network

from django.conf import settings

UNKNOWN = "0.0.0.0"  # noqa: S104  (a request over a Unix socket has no address)


def client_address(request):
    """Return the browser's address as text.

    Walks X-Forwarded-For from the right and stops at the first address that is not one of
    `settings.TRUSTED_PROXIES` (networks; the word `unix` stands for a local socket).
    """
    nearest = _clean(request.META.get("REMOTE_ADDR", ""))
    seen = [nearest, *map(_clean, reversed(_forwarded(request)))]
    proxies = tuple(settings.TRUSTED_PROXIES)
    for address in seen:
        if not _is_proxy(address, proxies):
            return address or UNKNOWN
    return seen[-1] or UNKNOWN


def _forwarded(request):
    return [part for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]


def _clean(text):
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return ""


def _is_proxy(address, proxies):
    if not address:
        return "unix" in proxies
    return any(ip_address(address) in network for network in _networks(proxies))


@lru_cache(maxsize=8)
def _networks(proxies):
    return tuple(ip_network(proxy) for proxy in proxies if proxy != "unix")

"""How often one account, or one address without an account, may ask the API.

Counted in each web process by itself, so it costs nothing and needs no Redis; with several
processes somebody may therefore ask that many times as often. Signing in has limits of its own.
"""

import time

from django.conf import settings
from rest_framework.throttling import BaseThrottle

WINDOW = 60  # seconds

_counted = {"minute": 0, "names": {}}


class PerMinute(BaseThrottle):
    """At most API_RATE_USER requests a minute by an account, API_RATE_ANON by an address."""

    def allow_request(self, request, view):
        user = request.user
        if user is not None and user.is_authenticated:
            return within(f"u{user.pk}", settings.API_RATE_USER)
        return within(f"a{self.get_ident(request)}", settings.API_RATE_ANON)

    def wait(self):
        """Seconds until the next minute begins."""
        return WINDOW - time.time() % WINDOW


def spent(name, limit):
    """Whether `name` has had its `limit` (0: none) in this minute, without counting."""
    minute = int(time.time() // WINDOW)
    return bool(limit) and _counted["minute"] == minute and _counted["names"].get(name, 0) >= limit


def within(name, limit):
    """Count one request of `name`; whether it keeps to `limit` (0: none) in this minute."""
    minute = int(time.time() // WINDOW)
    if _counted["minute"] != minute:
        _counted.update(minute=minute, names={})
    names = _counted["names"]
    names[name] = names.get(name, 0) + 1
    return not limit or names[name] <= limit

"""The room of a partner (`/partner/`): its policy, and the tiles that the apps put into it.

A tile is a function of `(partner, user)` that returns a Tile or None; register it in
`AppConfig.ready`: `partner_room.register(demand_tile)`.
"""

from dataclasses import dataclass
from functools import wraps

from django.http import Http404

from services.models import Partner

_tiles = []


@dataclass(frozen=True)
class Tile:
    """One thing to do in the room: title, one line, where, and what waits (a short note)."""

    title: str
    line: str
    url: str
    icon: str = "document"
    note: str = ""


def register(tile):
    """Add a tile function (once); returns it, so it can decorate."""
    if tile not in _tiles:
        _tiles.append(tile)
    return tile


def tiles_for(partner, user):
    """What the apps have for this partner."""
    found = [tile(partner, user) for tile in _tiles]
    return [each for each in found if each is not None]


def partner_of(user, pk, *roles):
    """The partner in whose room `user` works today, in one of `roles` (any if none); or Http404."""
    if not user.is_authenticated or not user.is_citizen:
        raise Http404
    found = Partner.objects.of_member(user).select_related("station", "division")
    partner = found.filter(pk=pk).first()
    if partner is None or (roles and not set(roles) & set(partner.roles)):
        raise Http404
    return partner


def room(*roles):
    """Decorate a view `(request, partner, …)` whose address has the partner's `pk`: others get 404."""

    def decorate(view):
        @wraps(view)
        def guarded(request, pk, *args, **kwargs):
            return view(request, partner_of(request.user, pk, *roles), *args, **kwargs)

        return guarded

    return decorate

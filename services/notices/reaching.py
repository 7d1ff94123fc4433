"""Who is told, where several could be: past a former agent, the colleagues of a station."""

from django.utils import timezone

from accounts.models import User
from services.enums import Role
from services.models import Posting


def is_over(proxy):
    """Whether somebody acted for another and no longer may: nothing more goes to them."""
    return proxy is not None and not proxy.is_in_force()


def own_way(person, proxy):
    """(account, phone) by which a person is told once their agent no longer is, one of them None.

    The account, else the phone in the file; what the agent typed elsewhere does not count, nor a
    phone in the file that is the agent's. None when there is nothing left: then nobody is told.
    """
    if person.account_id is not None:
        return person.account, None
    theirs = {proxy.agent_phone, proxy.agent.phone if proxy.agent_id is not None else None}
    return (None, person.phone) if person.phone and person.phone not in theirs else None


def posted_at(station_id, roles=(Role.CLERK, Role.HEAD)):
    """Staff who hold one of these roles at a station today."""
    posted = Posting.objects.in_force(timezone.localdate()).filter(
        station_id=station_id, role__in=roles
    )
    return User.objects.filter(pk__in=posted.values("user")).order_by("pk")

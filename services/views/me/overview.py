"""The page after signing in: what comes next, where my file stands, who serves me."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.messages import unread_count
from accounts.models import Message
from accounts.perms import is_citizen, only
from services import own_panels
from services.models import Booking, Matter, Partner, Person, RegistrationRequest

MESSAGES = 3
MATTERS = 3


@only(is_citizen)
@require_safe
def overview(request):
    """For citizens with a file, with a request on its way, or with neither."""
    user = request.user
    person = Person.objects.filter(account=user).select_related("station").first()
    asked = None
    if person is None:
        asked = RegistrationRequest.objects.filter(user=user).select_related("station").first()
    found = person or asked
    context = {
        "person": person,
        "asked": asked,
        "station": found.station if found else None,
        "held": Booking.objects.visible_to(user).held().with_slot().first(),
        "booking": Booking.objects.visible_to(user).coming().with_slot().first(),
        "matters": list(Matter.objects.visible_to(user).open().with_all()[:MATTERS]),
        "in_a_partner": Partner.objects.visible_to(user).exists(),
        "panels": own_panels.registered(user, person),
        "unread": unread_count(user),
        "latest": list(Message.objects.inbox_of(user)[:MESSAGES]),
    }
    return render(request, "services/me/overview.html", context)

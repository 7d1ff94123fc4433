"""For developers: what would have gone to phones, codes included. Absent in service."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.enums import Channel
from accounts.models import Message

SHOWN = 30


@login_not_required
@require_safe
def outbox(request):
    """The latest SMS; open to everybody at the machine, for the code is needed to sign in."""
    if not settings.LOCAL_OUTBOX:
        raise Http404
    rows = Message.objects.filter(channel=Channel.SMS).order_by("-created_at")[:SHOWN]
    return render(request, "accounts/outbox.html", {"rows": rows})

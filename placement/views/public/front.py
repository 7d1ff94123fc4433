"""The front page of the work section: what one can look for and do."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

# Title, one line, url name, icon.
ROOMS = ()


@login_not_required
@require_safe
def front(request):
    """What the work section has for everybody."""
    rooms = [
        {"title": title, "line": line, "url": reverse(name), "icon": icon}
        for title, line, name, icon in ROOMS
    ]
    return render(request, "placement/public/front.html", {"rooms": rooms})

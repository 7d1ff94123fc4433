"""The work desk: what is due today, overdue and waiting, at my stations or under them."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.perms import only
from services import perms, worklist
from services.desk_sections import own_sections, todays_bookings
from services.models import Station


@only(perms.works_at_a_desk)
@require_safe
def desk(request):
    """One page, `?reach=below` for the whole area."""
    below = request.GET.get("reach") == "below"
    scope = perms.scope_of(request.user)
    sections = own_sections(request.user, below=below)
    sections += worklist.registered(request.user, below=below)
    station = Station.objects.filter(path__in=scope.paths).order_by("path").first()
    bookings = todays_bookings(request.user, below=below)
    context = {
        "station": station,
        "below": below,
        "today": timezone.localdate(),
        "sections": sections,
        "bookings": bookings,
        "late": sum(section.late for section in sections),
        "due_today": sum(section.today for section in sections),
        "waiting": sum(section.count for section in sections),
        "tabs": [
            ("本站", request.path, not below),
            ("辖区", f"{request.path}?reach=below", below),
        ],
    }
    return render(request, "services/desk/home.html", context)

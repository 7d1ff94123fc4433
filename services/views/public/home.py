"""The home page: one search, four doors, what people do most, and what is mine."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from services.announcements import notices
from services.doors import doors
from services.models import Booking
from services.public_figures import public_figures
from services.views.public.stations import own_station

# Title, one line, url name, icon. Those whose page is not built yet are left out.
FREQUENT_JOBS = (
    ("办事指南", "条件、材料、多久办好", "services:guides", "document"),
    ("找我的站", "家门口的服务站", "services:my_station", "pin"),
    ("登记建档", "退役报到、完善信息", "services:my_file", "edit"),
    ("预约办事", "选好时间再去", "services:stations", "calendar"),
    ("我的预约", "查看、取消、改期", "services:my_bookings", "ticket"),
    ("请帮我办", "留电话，我们打给您", "services:help_me", "help"),
)


@login_not_required
@require_safe
def home(request):
    """Everybody's first page."""
    figures, counted_at = public_figures()
    own = own_station(request.user)
    context = {
        "doors": doors(),
        "jobs": frequent_jobs(),
        "figures": figures,
        "counted_at": counted_at,
        "notices": notices(),
        "own": own,
        "booking": next_booking(request.user),
    }
    return render(request, "services/public/home.html", context)


def frequent_jobs():
    jobs = []
    for title, line, name, icon in FREQUENT_JOBS:
        try:
            jobs.append({"title": title, "line": line, "url": reverse(name), "icon": icon})
        except NoReverseMatch:
            continue
    return jobs


def next_booking(user):
    """The citizen's next appointment, or None."""
    if not user.is_authenticated or not user.is_citizen:
        return None
    coming = Booking.objects.visible_to(user).coming()
    return coming.select_related("slot__offering", "station").first()

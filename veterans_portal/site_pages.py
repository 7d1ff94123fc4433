"""The pages about the site itself that its footer must name (domain.md D.4, D.7, D.8)."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import path

from veterans_portal.navigation import site_map_for


@login_not_required
def site_map(request):
    """Every page that the reader may open from here, by subject."""
    return render(request, "pages/site_map.html", {"groups": site_map_for(request)})


@login_not_required
def accessibility(request):
    """How the site can be read, heard and worked by keyboard, and whom to tell when it cannot."""
    return render(request, "pages/accessibility.html")


@login_not_required
def privacy(request):
    """Who keeps which personal information, why, how long, and what a person may ask (PIPL §17)."""
    return render(request, "pages/privacy.html")


urlpatterns = [
    path("about/map/", site_map, name="site_map"),
    path("about/accessibility/", accessibility, name="accessibility"),
    path("about/privacy/", privacy, name="privacy"),
]

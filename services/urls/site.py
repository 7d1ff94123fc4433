"""Addresses of the site itself; their names stand without an app in front."""

from django.urls import path

from services.views.public import home, pages

urlpatterns = [
    path("", home.home, name="home"),
    path("benefits/", pages.planned_door, {"key": "benefits"}, name="benefits"),
    path("remembrance/", pages.planned_door, {"key": "remembrance"}, name="remembrance"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("sitemap/", pages.site_map, name="site_map"),
    path("figures/", pages.figures, name="figures"),
]

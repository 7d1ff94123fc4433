"""Every address of the portal. Closed by default: LoginRequiredMiddleware asks for sign-in."""

from django.contrib import admin
from django.urls import include, path

from veterans_portal import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

"""Every address of the portal. Closed by default: LoginRequiredMiddleware asks for sign-in."""

from django.conf import settings
from django.urls import include, path

from veterans_portal import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/", include("services.api.urls")),  # first: the busiest address when a slot opens
    path("api/v1/loans/", include("placement.urls.api")),
    path("accounts/", include("accounts.urls.entrance")),
    path("", include("accounts.urls")),
    path("", include("services.urls.site")),
    path("", include("services.urls")),
    path("", include("placement.urls.site")),
    path("", include("placement.urls")),
    path("", include("reports.urls")),
]

if settings.STYLEGUIDE:
    urlpatterns += [path("styleguide/", include("veterans_portal.styleguide"))]

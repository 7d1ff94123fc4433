"""All addresses of the service network, by subject."""

from services.urls import bookings, desk, network, persons, rosters, staffing

app_name = "services"
urlpatterns = [
    *network.urlpatterns,
    *persons.urlpatterns,
    *rosters.urlpatterns,
    *bookings.urlpatterns,
    *desk.urlpatterns,
    *staffing.urlpatterns,
]

"""All addresses of the service network, by subject."""

import services.urls.converters  # noqa: F401  registers <station:code>, <day:day>
from services.urls import (
    bookings,
    cards,
    desk,
    duplicates,
    guides,
    hall,
    hours,
    matters,
    matters_mine,
    network,
    papers,
    partners,
    persons,
    proxies,
    ratings,
    rosters,
    staffing,
    transfers,
    waiting,
)

app_name = "services"
urlpatterns = [
    *network.urlpatterns,
    *persons.urlpatterns,
    *rosters.urlpatterns,
    *bookings.urlpatterns,
    *desk.urlpatterns,
    *staffing.urlpatterns,
    *hours.urlpatterns,
    *matters.urlpatterns,
    *proxies.urlpatterns,
    *duplicates.urlpatterns,
    *transfers.urlpatterns,
    *ratings.urlpatterns,
    *hall.urlpatterns,
    *waiting.urlpatterns,
    *guides.urlpatterns,
    *matters_mine.urlpatterns,
    *papers.urlpatterns,
    *partners.urlpatterns,
    *cards.urlpatterns,
]

"""All addresses of the work section, by subject."""

from placement.urls import fairs, loans, outreach, placing, selection, startups, training

app_name = "placement"
urlpatterns = [
    *fairs.urlpatterns,
    *loans.urlpatterns,
    *outreach.urlpatterns,
    *placing.urlpatterns,
    *selection.urlpatterns,
    *startups.urlpatterns,
    *training.urlpatterns,
]

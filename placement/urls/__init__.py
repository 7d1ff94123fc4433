"""All addresses of the work section, by subject."""

from placement.urls import fairs

app_name = "placement"
urlpatterns = [*fairs.urlpatterns]

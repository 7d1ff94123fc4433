"""All addresses of the work section, by subject."""

app_name = "placement"
urlpatterns = []

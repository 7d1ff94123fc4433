"""All addresses of accounts: who you are, what you were told, what was recorded."""

from accounts.urls import identity, trail

app_name = "accounts"
urlpatterns = [*identity.urlpatterns, *trail.urlpatterns]

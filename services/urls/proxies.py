"""Who acts for whom."""

from django.urls import path

from services.views.desk import proxies as desk
from services.views.me import family as me

urlpatterns = [
    path("me/family/", me.family, name="family"),
    path("me/family/ask/", me.ask, name="family_ask"),
    path("me/family/<int:pk>/end/", me.end, name="family_end"),
    path("desk/proxies/", desk.proxy_list, name="desk_proxies"),
    path("desk/proxies/<int:pk>/", desk.proxy, name="desk_proxy"),
    path("desk/proxies/<int:pk>/proof/", desk.proof, name="desk_proxy_proof"),
    path("desk/proxies/<int:pk>/<slug:act>/", desk.act, name="desk_proxy_act"),
    path("desk/proxies-of/<int:pk>/", desk.record, name="desk_proxy_record"),
]

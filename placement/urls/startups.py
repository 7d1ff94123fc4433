"""Enterprises in the directory, and the start-up bundle."""

from django.urls import path

from placement.views.desk import startups as desk
from placement.views.me import startups as mine
from placement.views.public import enterprises

urlpatterns = [
    path("work/enterprises/", enterprises.enterprise_list, name="enterprises"),
    path("work/enterprises/<int:pk>/", enterprises.enterprise, name="enterprise"),
    path("me/startups/", mine.my_startups, name="my_startups"),
    path("me/startups/enterprises/new/", mine.enterprise_edit, name="my_enterprise_new"),
    path("me/startups/enterprises/<int:pk>/", mine.enterprise_edit, name="my_enterprise"),
    path(
        "me/startups/enterprises/<int:pk>/<slug:act>/",
        mine.enterprise_act,
        name="my_enterprise_act",
    ),
    path("me/startups/bundles/new/", mine.bundle_new, name="my_bundle_new"),
    path("me/startups/bundles/<int:pk>/", mine.bundle, name="my_bundle"),
    path("me/startups/bundles/<int:pk>/withdraw/", mine.bundle_withdraw, name="my_bundle_withdraw"),
    path("desk/enterprises/", desk.enterprise_list, name="desk_enterprises"),
    path("desk/enterprises/<int:pk>/", desk.enterprise, name="desk_enterprise"),
    path("desk/enterprises/<int:pk>/<slug:act>/", desk.enterprise_act, name="desk_enterprise_act"),
    path("desk/bundles/", desk.bundle_list, name="desk_bundles"),
    path("desk/bundles/kinds/", desk.kinds, name="desk_bundle_kinds"),
    path("desk/bundles/kinds/<int:pk>/", desk.kinds, name="desk_bundle_kind"),
    path("desk/bundles/<int:pk>/", desk.bundle, name="desk_bundle"),
    path("desk/bundles/<int:pk>/items/<int:item>/", desk.item_note, name="desk_bundle_item"),
]

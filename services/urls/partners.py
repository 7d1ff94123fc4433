"""Organisations that work with the bureau: their room, and the desk that keeps them."""

from django.urls import path

from services.views.desk import partners as desk
from services.views.partner import room

urlpatterns = [
    path("partner/", room.rooms, name="partner_rooms"),
    path("partner/apply/", room.apply, name="partner_apply"),
    path("partner/apply/<int:pk>/", room.apply, name="partner_mend"),
    path("partner/<int:pk>/", room.partner_room, name="partner_room"),
    path("partner/<int:pk>/members/", room.members, name="partner_members"),
    path(
        "partner/<int:pk>/members/<int:member>/end/",
        room.member_end,
        name="partner_member_end",
    ),
    path("partner/<int:pk>/keys/", room.keys, name="partner_keys"),
    path("partner/<int:pk>/keys/<int:key>/revoke/", room.key_revoke, name="partner_key_revoke"),
    path("desk/partners/", desk.partner_list, name="desk_partners"),
    path("desk/partners/new/", desk.partner_new, name="desk_partner_new"),
    path("desk/partners/<int:pk>/", desk.partner, name="desk_partner"),
    path("desk/partners/<int:pk>/licence/", desk.licence, name="desk_partner_licence"),
    path("desk/partners/<int:pk>/members/", desk.member_add, name="desk_partner_member_add"),
    path(
        "desk/partners/<int:pk>/members/<int:member>/end/",
        desk.member_end,
        name="desk_partner_member_end",
    ),
    path("desk/partners/<int:pk>/<slug:act>/", desk.act, name="desk_partner_act"),
]

"""Preferential cards: one's own, and those at the desk."""

from django.urls import path

from services.views.desk import cards as desk
from services.views.me import cards as me

urlpatterns = [
    path("me/card/", me.my_card, name="my_card"),
    path("me/card/<int:pk>/release/", me.release, name="my_card_release"),
    path("desk/cards/", desk.card_list, name="desk_cards"),
    path("desk/cards/step/", desk.step_many, name="desk_cards_step"),
    path("desk/cards/<int:pk>/", desk.card, name="desk_card"),
    path("desk/cards/<int:pk>/photo/", desk.photo, name="desk_card_photo"),
]

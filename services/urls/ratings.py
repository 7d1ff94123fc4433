"""Ratings: the link, the window's screen, and what the desk sees of them."""

from django.urls import path

from services.views.desk import ratings as desk
from services.views.public import rating as public

urlpatterns = [
    path("rate/<slug:code>/", public.rate, name="rate"),
    path("rate-screen/<str:token>/", public.screen, name="rate_screen"),
    path("rate-screen/<str:token>/back/", public.screen_back, name="rate_screen_back"),
    path("desk/ratings/", desk.ratings, name="desk_ratings"),
    path("desk/ratings/phone/", desk.take_down, name="desk_rating_phone"),
    path("desk/ratings/screens/", desk.screens, name="desk_rating_screens"),
    path("desk/rectifications/<int:pk>/", desk.rectification, name="desk_rectification"),
    path("desk/rectifications/<int:pk>/<slug:act>/", desk.act, name="desk_rectification_act"),
]

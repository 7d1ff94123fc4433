from django.urls import path

from services.views.desk import waiting as desk
from services.views.me import waiting as me

urlpatterns = [
    path("offerings/<int:pk>/waiting/<day:day>/", me.join, name="waiting_join"),
    path("me/waiting/<int:pk>/leave/", me.leave, name="waiting_leave"),
    path("me/bookings/<str:code>/take/", me.take, name="booking_take"),
    path("me/bookings/<str:code>/let-go/", me.let_go, name="booking_let_go"),
    path("desk/waiting/", desk.lists, name="desk_waiting"),
    path("desk/waiting/<int:pk>/<day:day>/", desk.line, name="desk_waiting_day"),
    path("desk/waiting/<int:pk>/<day:day>/new/", desk.join, name="desk_waiting_new"),
    path("desk/waiting/entry/<int:pk>/<str:act>/", desk.act, name="desk_waiting_act"),
]

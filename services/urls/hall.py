"""The hall: windows, reception, the day, and the screen that hangs there."""

from django.urls import path

from services.views.desk import hall, hall_day, reception
from services.views.public import board

urlpatterns = [
    path("desk/hall/", hall.choose, name="desk_hall"),
    path("desk/hall/windows/<int:pk>/", hall.window, name="desk_hall_window"),
    path("desk/hall/windows/<int:pk>/line/", hall.line, name="desk_hall_line"),
    path("desk/hall/windows/<int:pk>/call/", hall.call, name="desk_hall_call"),
    path("desk/hall/arrivals/<int:pk>/", hall.arrival, name="desk_arrival"),
    path("desk/hall/arrivals/<int:pk>/ticket/", hall.ticket, name="desk_arrival_ticket"),
    path("desk/hall/arrivals/<int:pk>/<slug:act>/", hall.act, name="desk_arrival_act"),
    path("desk/hall/<station:code>/reception/", reception.reception, name="desk_reception"),
    path("desk/hall/<station:code>/day/", hall_day.day, name="desk_hall_day"),
    path("stations/<station:code>/board/", board.board, name="board"),
    path("stations/<station:code>/board/now/", board.board_now, name="board_now"),
]

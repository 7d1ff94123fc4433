"""Stations, their pages and the desk that keeps them."""

from django.urls import path

from services.views.desk import coverage
from services.views.desk import stations as desk
from services.views.public import pages, stations

urlpatterns = [
    path("stations/", stations.station_list, name="stations"),
    path("stations/map/", stations.station_map, name="station_map"),
    path("stations/mine/", stations.my_station, name="my_station"),
    path("stations/<station:code>/", stations.station, name="station"),
    path("stations/<station:code>/paper/", stations.station_paper, name="station_paper"),
    path("help/", pages.help_me, name="help_me"),
    path("desk/station/", desk.own, name="desk_station"),
    path("desk/station/<station:code>/", desk.station, name="desk_station"),
    path("desk/station/<station:code>/edit/", desk.edit, name="desk_station_edit"),
    path("desk/station/<station:code>/windows/new/", desk.window, name="desk_window"),
    path("desk/station/<station:code>/windows/<int:pk>/", desk.window, name="desk_window"),
    path(
        "desk/station/<station:code>/windows/<int:pk>/remove/",
        desk.remove_window,
        name="desk_window_remove",
    ),
    path("desk/station/<station:code>/close/", desk.close, name="desk_station_close"),
    path("desk/station/<station:code>/reopen/", desk.reopen, name="desk_station_reopen"),
    path("desk/coverage/", coverage.coverage, name="coverage"),
    path("desk/coverage/<str:code>/open/", coverage.open_station, name="desk_station_open"),
]

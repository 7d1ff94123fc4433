from django.urls import path

from services.views.desk import rosters

urlpatterns = [
    path("desk/rosters/", rosters.rosters, name="desk_rosters"),
    path("desk/rosters/template/", rosters.roster_template, name="desk_roster_template"),
    path("desk/rosters/<int:pk>/", rosters.roster, name="desk_roster"),
    path("desk/rosters/<int:pk>/let-in/", rosters.let_in, name="desk_roster_let_in"),
    path("desk/rosters/<int:pk>/marked/", rosters.marked, name="desk_roster_marked"),
]

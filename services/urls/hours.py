"""When stations are open; `station` paths are told in `network`."""

from django.urls import path

from services.views.desk import hours

urlpatterns = [
    path("desk/hours/", hours.own, name="desk_own_hours"),
    path("desk/hours/<station:code>/", hours.hours, name="desk_hours"),
    path("desk/hours/<station:code>/edit/", hours.edit, name="desk_hours_edit"),
    path("desk/hours/<station:code>/new/<slug:kind>/", hours.close, name="desk_close"),
    path("desk/closures/<int:pk>/lift/", hours.lift, name="desk_closure_lift"),
]

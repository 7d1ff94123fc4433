"""Files that may be one person's."""

from django.urls import path

from services.views.desk import duplicates as desk

urlpatterns = [
    path("desk/duplicates/", desk.duplicate_list, name="desk_duplicates"),
    path("desk/duplicates/<int:pk>/", desk.duplicate, name="desk_duplicate"),
    path("desk/duplicates/<int:pk>/<slug:act>/", desk.act, name="desk_duplicate_act"),
    path("desk/duplicates-of/<int:pk>/", desk.find_for, name="desk_find_duplicates"),
]

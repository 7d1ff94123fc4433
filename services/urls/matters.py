"""Matters at the desk; those of one's own are told in `matters_mine`."""

from django.urls import path

from services.views.desk import matter_entry, matters

urlpatterns = [
    path("desk/matters/", matters.matter_list, name="desk_matters"),
    path("desk/matters/new/", matter_entry.new, name="desk_matter_new"),
    path("desk/matters/<slug:number>/", matters.detail, name="desk_matter"),
    path("desk/matters/<slug:number>/<slug:act>/", matters.act, name="desk_matter_act"),
]

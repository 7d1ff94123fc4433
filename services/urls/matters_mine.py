"""Matters as their people see them."""

from django.urls import path

from services.views.me import matter_writing as writing
from services.views.me import matters as me

urlpatterns = [
    path("me/matters/", me.my_matters, name="my_matters"),
    path("me/matters/new/<slug:code>/", writing.new, name="matter_new"),
    path("me/matters/<slug:number>/", me.matter, name="matter"),
    path("me/matters/<slug:number>/edit/", writing.edit, name="matter_edit"),
    path("me/matters/<slug:number>/papers/", writing.papers, name="matter_papers"),
    path("me/matters/<slug:number>/check/", writing.check, name="matter_check"),
    path("me/matters/<slug:number>/supplement/", me.supplement, name="matter_supplement"),
    path("me/matters/<slug:number>/withdraw/", me.withdraw, name="matter_withdraw"),
    path("me/matters/<slug:number>/paper/", me.matter_paper, name="matter_paper"),
]

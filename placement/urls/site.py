"""The door of the work section; its name stands without an app in front."""

from django.urls import path

from placement.views.public import front

urlpatterns = [path("work/", front.front, name="work")]

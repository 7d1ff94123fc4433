from django.urls import path

from services.views.desk import home

urlpatterns = [path("desk/", home.desk, name="desk")]

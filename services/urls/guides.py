from django.urls import path

from services.views.desk import guides as desk
from services.views.public import guides as public

urlpatterns = [
    path("guides/", public.guide_list, name="guides"),
    path("guides/<slug:code>/", public.guide, name="guide"),
    path("guides/<slug:code>/paper/", public.guide_paper, name="guide_paper"),
    path("desk/guides/", desk.guide_list, name="desk_guides"),
    path("desk/guides/<slug:code>/", desk.edit, name="desk_guide"),
]

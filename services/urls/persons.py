"""Files of persons: one's own, and those at the desk. `station` paths are told in `network`."""

from django.urls import path

from services.views.desk import person_steps as steps
from services.views.desk import persons as desk
from services.views.desk import requests
from services.views.me import file, overview

urlpatterns = [
    path("me/", overview.overview, name="me"),
    path("me/file/", file.my_file, name="my_file"),
    path("me/file/id-number/", file.show_id_number, name="my_id_number"),
    path("me/file/register/", file.register_where, name="register_where"),
    path("me/file/register/under/<station:code>/", file.register_where, name="register_where"),
    path("me/file/register/<station:code>/", file.register, name="register"),
    path("me/file/withdraw/", file.withdraw, name="request_withdraw"),
    path("me/file/change/", file.ask_change, name="my_change"),
    path("me/file/change/withdraw/", file.withdraw_change, name="my_change_withdraw"),
    path("desk/persons/", desk.search, name="desk_search"),
    path("desk/persons/new/", desk.collect, name="desk_collect"),
    path("desk/persons/<int:pk>/", desk.person, name="desk_person"),
    path("desk/persons/<int:pk>/unmask/", desk.unmask, name="desk_unmask"),
    path("desk/persons/<int:pk>/edit/", desk.edit, name="desk_person_edit"),
    path("desk/persons/<int:pk>/<slug:act>/", steps.act, name="desk_person_act"),
    path("desk/identities/<int:pk>/<slug:act>/", steps.identity, name="desk_identity_act"),
    path("desk/changes/<int:pk>/<slug:act>/", steps.change, name="desk_change_act"),
    path("desk/requests/", requests.request_list, name="desk_requests"),
    path("desk/requests/<int:pk>/", requests.detail, name="desk_request"),
    path("desk/requests/<int:pk>/<slug:act>/", requests.act, name="desk_request_act"),
]

"""Files on their way to another station: at the desk, and for the person."""

from django.urls import path

from services.views.desk import transfers as desk
from services.views.me import transfers as me

urlpatterns = [
    path("desk/transfers/", desk.transfer_list, name="desk_transfers"),
    path("desk/transfers/ask/", desk.ask_unseen, name="desk_transfer_ask"),
    path("desk/transfers/from/<int:pk>/", desk.ask, name="desk_transfer_from"),
    path("desk/transfers/<int:pk>/", desk.transfer, name="desk_transfer"),
    path("desk/transfers/<int:pk>/<slug:act>/", desk.act, name="desk_transfer_act"),
    path("me/file/transfer/", me.ask, name="my_transfer"),
    path("me/file/transfer/withdraw/", me.withdraw, name="my_transfer_withdraw"),
]

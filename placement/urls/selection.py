"""Choosing posts, live; introduction letters, seats, visits."""

from django.urls import path

from placement.views.desk import letters, selection, selection_live
from placement.views.me import selection as mine
from placement.views.partner import letters as room
from placement.views.public import selection as public

urlpatterns = [
    path("work/selection/", public.session_list, name="selections"),
    path("work/selection/<slug:code>/", public.board, name="selection"),
    path("work/selection/<slug:code>/now/", public.board_now, name="selection_now"),
    path("work/selection/<slug:code>/result/", public.result, name="selection_result"),
    path("work/selection/<slug:code>/record.json", public.record_file, name="selection_record"),
    path("me/selection/", mine.my_selections, name="my_selections"),
    path("me/selection/<slug:code>/<int:position>/", mine.my_turn, name="my_turn"),
    path("me/selection/<slug:code>/<int:position>/tick/", mine.my_tick, name="my_turn_tick"),
    path("me/selection/<slug:code>/<int:position>/pass/", mine.my_pass, name="my_turn_pass"),
    path("me/selection/<slug:code>/<int:position>/<int:post>/", mine.my_choice, name="my_choice"),
    path("partner/<int:pk>/letters/", room.letter_list, name="partner_letters"),
    path("partner/<int:pk>/letters/<int:letter>/", room.letter_seat, name="partner_letter"),
    path("desk/selection/", selection.session_list, name="desk_selections"),
    path("desk/selection/rules/", selection.rules, name="selection_rules"),
    path("desk/selection/new/<int:pk>/", selection.session_new, name="selection_new"),
    path("desk/selection/<slug:code>/", selection_live.session_page, name="desk_selection"),
    path("desk/selection/<slug:code>/tick/", selection_live.tick, name="desk_selection_tick"),
    path("desk/selection/<slug:code>/choose/", selection_live.choose, name="desk_selection_choose"),
    path(
        "desk/selection/<slug:code>/turns/<int:position>/<slug:act>/",
        selection_live.turn_act,
        name="desk_selection_turn",
    ),
    path(
        "desk/selection/<slug:code>/undo/<int:pk>/<slug:act>/",
        selection_live.undo_act,
        name="desk_selection_undo",
    ),
    path(
        "desk/selection/<slug:code>/do/<slug:act>/",
        selection_live.session_act,
        name="desk_selection_act",
    ),
    path("desk/letters/", letters.letter_list, name="letters"),
    path("desk/letters/allowance/", letters.allowance, name="living_allowance"),
    path("desk/letters/<int:pk>/", letters.letter, name="letter"),
    path("desk/letters/<int:pk>/<slug:act>/", letters.letter_act, name="letter_act"),
]

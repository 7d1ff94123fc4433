from django.urls import path

from services.views.desk import bookings as desk
from services.views.desk import offerings
from services.views.me import bookings as me
from services.views.public import booking as public

urlpatterns = [
    path("offerings/<int:pk>/slots/", public.book_slots, name="book_slots"),
    path("slots/<int:pk>/book/", public.book, name="book"),
    path("bookings/<str:code>/", public.booking, name="booking"),
    path("bookings/<str:code>/paper/", public.booking_paper, name="booking_paper"),
    path("bookings/<str:code>/code.svg", public.booking_qr, name="booking_qr"),
    path("bookings/<str:code>/calendar.ics", public.booking_calendar, name="booking_calendar"),
    path("me/bookings/", me.my_bookings, name="my_bookings"),
    path("me/bookings/<str:code>/cancel/", me.cancel, name="booking_cancel"),
    path("me/bookings/<str:code>/change/<int:pk>/", me.change, name="booking_change"),
    path("desk/bookings/", desk.day, name="desk_bookings"),
    path("desk/bookings/paper/", desk.day_paper, name="desk_bookings_paper"),
    path("desk/bookings/<str:code>/", desk.detail, name="desk_booking"),
    path("desk/bookings/<str:code>/<str:act>/", desk.act, name="desk_booking_act"),
    path("desk/check-in/", desk.check_in, name="desk_checkin"),
    path("desk/book/", desk.book, name="desk_book"),
    path("desk/offerings/", offerings.offering_list, name="desk_offerings"),
    path("desk/offerings/new/", offerings.create, name="desk_offering_new"),
    path("desk/offerings/<int:pk>/", offerings.detail, name="desk_offering"),
    path("desk/offerings/<int:pk>/edit/", offerings.edit, name="desk_offering_edit"),
    path("desk/offerings/<int:pk>/close-day/", offerings.close_day, name="desk_close_day"),
    path("desk/slots/<int:pk>/close/", offerings.close_slot, name="desk_close_slot"),
    path("desk/slots/<int:pk>/reopen/", offerings.reopen_slot, name="desk_reopen_slot"),
]

"""Addresses of the API, version 1."""

from django.conf import settings
from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import BasePermission

from services.api import bookings, extensions, network


class StaffOrDevelopment(BasePermission):
    """The description of the API is for signed-in staff; in development for everybody."""

    def has_permission(self, request, view):
        user = request.user
        return settings.DEBUG or (user.is_authenticated and not user.is_citizen)


extensions.load()  # under the lock of this import

app_name = "api"
urlpatterns = [
    path("bookings/", bookings.BookingList.as_view(), name="bookings"),
    path("bookings/<str:code>/", bookings.BookingDetail.as_view(), name="booking"),
    path("bookings/<str:code>/cancel/", bookings.BookingCancel.as_view(), name="booking_cancel"),
    path("stations/", network.StationList.as_view(), name="stations"),
    path("offerings/<int:pk>/slots/", network.OfferingSlots.as_view(), name="slots"),
    path(
        "schema/",
        SpectacularAPIView.as_view(permission_classes=[StaffOrDevelopment]),
        name="schema",
    ),
]

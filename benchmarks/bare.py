"""What a booking costs at least in Django: take the place, insert the row, nothing else.

No rules, no audit, no messages, no idempotence, no encrypted phone: the ceiling the portal is
measured against (`docs/performance.md`).
"""

import json

from django.db import transaction
from django.db.models import F
from django.http import JsonResponse
from django.urls import path

from services.actions.bookings.taking import new_code
from services.models import Booking, Slot


def book(request):
    """UPDATE … WHERE taken < capacity, then INSERT, in one transaction."""
    if not request.user.is_authenticated:
        return JsonResponse({}, status=403)
    wanted = json.loads(request.body)
    with transaction.atomic():
        taken = Slot.objects.filter(pk=wanted["slot"], taken__lt=F("capacity"))
        if not taken.update(taken=F("taken") + 1):
            return JsonResponse({}, status=409)
        booking = Booking.objects.create(
            code=new_code(),
            slot_id=wanted["slot"],
            station_id=wanted["station"],
            contact_name=wanted["contact"]["name"],
            heads=1,
            once_key=wanted["client_key"],
            client_key=wanted["client_key"],
            by=request.user,
        )
    return JsonResponse({"code": booking.code}, status=201)


urlpatterns = [path("api/v1/bookings/", book)]

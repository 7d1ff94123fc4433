"""Bookings over the API: the same acts and rules as on the pages."""

from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from services.actions import bookings, proxies
from services.actions.bookings import Contact
from services.api.serializers import (
    BookingRequestSerializer,
    BookingSerializer,
    CancelSerializer,
    as_json,
)
from services.enums import CancelledAs
from services.models import Booking, Person, Slot
from veterans_portal.pagination import Pages

# Made once: its fields hold no state of a request, and making them costs as much as checking.
WANTED = BookingRequestSerializer()
PROBLEM = OpenApiResponse(description="application/problem+json: title, detail, code, errors")


def booking_of(user, code):
    """The booking with this code that `user` may see; Http404 otherwise."""
    mine = Booking.objects.visible_to(user).with_slot()
    booking = mine.filter(code=bookings.normal_code(code)).first()
    if booking is None:
        raise Http404
    return booking


class BookingList(APIView):
    """GET: bookings in the caller's scope, newest first. POST: make one."""

    @extend_schema(
        operation_id="bookings_list", responses={200: BookingSerializer(many=True), 403: PROBLEM}
    )
    def get(self, request):
        """Own bookings of a citizen; those of the stations in scope for staff."""
        mine = Booking.objects.visible_to(request.user).with_slot().order_by("-created_at", "-pk")
        pages = Pages()
        page = pages.paginate_queryset(mine, request, view=self)
        return pages.get_paginated_response([as_json(each) for each in page])

    @extend_schema(
        operation_id="bookings_create",
        request=BookingRequestSerializer,
        responses={
            201: BookingSerializer,
            200: OpenApiResponse(BookingSerializer, description="这个 client_key 先前已预约成功"),
            400: PROBLEM,
            403: PROBLEM,
            409: PROBLEM,
            422: PROBLEM,
            429: PROBLEM,
        },
    )
    def post(self, request):
        """Take places: 201, or 200 for a repeated `client_key`.

        409 when full, closed or already booked (`code` says which), 422 when a rule of the
        offering refuses, 400 when the request itself is not complete.
        """
        wanted = WANTED.run_validation(request.data)
        booking = bookings.book(**_arguments(request.user, dict(wanted)))
        status = 200 if booking.replayed else 201
        return Response(as_json(booking), status=status)


class BookingDetail(APIView):
    """One booking by its code."""

    @extend_schema(operation_id="bookings_read", responses={200: BookingSerializer, 404: PROBLEM})
    def get(self, request, code):
        """Spaces, dashes and case of the code do not matter."""
        return Response(as_json(booking_of(request.user, code)))


class BookingCancel(APIView):
    """Cancel a booking and give its places back."""

    @extend_schema(
        operation_id="bookings_cancel",
        request=CancelSerializer,
        responses={200: BookingSerializer, 400: PROBLEM, 404: PROBLEM, 409: PROBLEM},
    )
    def post(self, request, code):
        """409 when it cannot be cancelled (any more)."""
        asked = CancelSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        booking = bookings.cancel(
            booking=booking_of(request.user, code),
            by=request.user,
            reason=asked.validated_data["reason"],
            as_=CancelledAs.CITIZEN if request.user.is_citizen else CancelledAs.STATION,
        )
        return Response(as_json(booking))


def _arguments(user, wanted):
    """Arguments of `book` for this user; a slot or person out of reach is as one unknown."""
    if user.is_administrator:
        raise PermissionDenied("管理员账号不办理预约。")
    pk = wanted.pop("slot")
    if user.is_staff_member:
        slot = Slot.objects.with_rules().visible_to(user).filter(pk=pk).first()
    else:
        slot = Slot.objects.to_book(pk)
    if slot is None or not slot.offering.is_listed:
        raise ValidationError({"slot": ["没有这个时段，请重新查询可约时段。"]})
    proxy = _acting_by(user, wanted.pop("proxy", None))
    person, contact = wanted.pop("person", None), wanted.pop("contact", None)
    if proxy is not None:
        person = proxy.person
    else:
        person, contact = _for_whom(user, person, contact)
    return wanted | {
        "slot": slot,
        "person": person,
        "contact": contact,
        "proxy": proxy,
        "by": user,
        "on_behalf": user.is_staff_member,
    }


def _acting_by(user, pk):
    """The proxy by which a citizen books for another, as on the page; one out of reach is unknown."""
    if pk is None:
        return None
    if user.is_staff_member:
        raise ValidationError({"proxy": ["工作人员按档案预约，请填 person，不填 proxy。"]})
    found = next((each for each in proxies.people_of(user) if each.pk == pk), None)
    if found is None:
        raise ValidationError({"proxy": ["没有找到这份代办关系，可能已到期或已解除。"]})
    return found


def _for_whom(user, person_id, contact):
    """A citizen books for the own file, or (without one) for the contact; staff within scope."""
    if user.is_staff_member:
        if person_id is None and contact is None:
            raise ValidationError({"contact": ["请填写 person 或 contact。"]})
        if person_id is None:
            return None, contact
        person = Person.objects.visible_to(user).select_related("account").filter(pk=person_id)
        return _found(person.first()), None
    own = Person.objects.own_file(user)
    if person_id is not None and (own is None or own.pk != person_id):
        raise ValidationError({"person": ["没有找到这份档案。"]})
    if own is not None and contact is not None:
        raise ValidationError({"contact": ["您已建档，预约按档案办理，不用填 contact。"]})
    return own, contact or (None if own else Contact(user.name, user.phone))


def _found(person):
    if person is None:
        raise ValidationError({"person": ["没有找到这份档案。"]})
    return person

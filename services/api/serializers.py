"""What the API takes and gives. Fields are named as in the models; times carry their zone."""

from django.core.exceptions import ValidationError as FormError
from django.utils.timezone import localtime
from rest_framework import serializers

from services.actions.bookings import Contact
from services.forms.bookings import CLIENT_KEY, clean_mobile
from services.forms.fields import NAME_LENGTH, clean_name
from services.models import Booking, Slot, Station


class ContactSerializer(serializers.Serializer):
    """Who comes, when there is no registration file."""

    name = serializers.CharField(max_length=NAME_LENGTH)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")

    def validate_name(self, value):
        return _as_on_the_form(clean_name, value)

    def validate_phone(self, value):
        return _as_on_the_form(clean_mobile, value)


def _as_on_the_form(clean, value):
    try:
        return clean(value)
    except FormError as error:
        raise serializers.ValidationError(error.messages) from error


class BookingRequestSerializer(serializers.Serializer):
    """A booking to make. `client_key` is the caller's own name for this request: repeated with
    the same content it answers with the booking made the first time."""

    slot = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    heads = serializers.IntegerField(min_value=1, max_value=5000, default=1)
    client_key = serializers.RegexField(
        CLIENT_KEY.pattern + r"\Z", max_length=64,
        error_messages={"invalid": "须为8至64位字母、数字、点、横线或下划线。"},
    )  # fmt: skip
    person = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    contact = ContactSerializer(required=False)
    proxy = serializers.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1,
        help_text="代办关系的编号：公民为亲友预约时填写，须是本人名下正在生效的一份；"
                  "来办事的人按其档案，不填 person 和 contact。",
    )  # fmt: skip
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")

    def validate(self, attrs):
        if "person" in attrs and "contact" in attrs:
            raise serializers.ValidationError(
                {"contact": ["person 与 contact 只能填一个：有档案的填 person。"]}
            )
        if "proxy" in attrs and ("person" in attrs or "contact" in attrs):
            raise serializers.ValidationError(
                {"proxy": ["填了 proxy 就是为亲友预约，不用再填 person 或 contact。"]}
            )
        if "contact" in attrs:
            attrs["contact"] = Contact(**attrs["contact"])
        return attrs


class CancelSerializer(serializers.Serializer):
    """Why a booking is cancelled; the other side reads it."""

    reason = serializers.CharField(max_length=100)


class SlotSerializer(serializers.ModelSerializer):
    """A stretch of time; `left` is for display, the decision is made when booking."""

    left = serializers.IntegerField(source="places_left", read_only=True)

    class Meta:
        model = Slot
        fields = ["id", "starts_at", "ends_at", "capacity", "left"]
        read_only_fields = fields


class StationSerializer(serializers.ModelSerializer):
    """A station of the network, as on its public page."""

    tier_name = serializers.CharField(source="get_tier_display", read_only=True)

    class Meta:
        model = Station
        fields = [
            "code", "name", "tier", "tier_name", "kind", "address", "phone", "opening_hours",
            "latitude", "longitude", "step_free",
        ]  # fmt: skip
        read_only_fields = fields


class OfferingInBooking(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    bring = serializers.CharField(help_text="请带材料")


class StationInBooking(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    address = serializers.CharField()
    phone = serializers.CharField()


class BookingSerializer(serializers.ModelSerializer):
    """Describes what `as_json` gives: a booking without the contact's phone."""

    state_name = serializers.CharField(source="get_state_display", read_only=True)
    slot = SlotSerializer(read_only=True)
    offering = OfferingInBooking(source="slot.offering", read_only=True)
    station = StationInBooking(source="slot.offering.station", read_only=True)

    class Meta:
        model = Booking
        fields = [
            "code", "state", "state_name", "heads", "contact_name", "note", "created_at",
            "slot", "offering", "station", "cancelled_at", "cancelled_as", "cancel_reason",
        ]  # fmt: skip
        read_only_fields = fields


def as_json(booking):
    """A booking as `BookingSerializer` describes it, written out because it is the hot path.

    The two are kept together by a test.
    """
    slot, offering = booking.slot, booking.slot.offering
    station = offering.station
    return {
        "code": booking.code,
        "state": booking.state,
        "state_name": booking.get_state_display(),
        "heads": booking.heads,
        "contact_name": booking.contact_name,
        "note": booking.note,
        "created_at": localtime(booking.created_at),
        "slot": {
            "id": slot.pk,
            "starts_at": localtime(slot.starts_at),
            "ends_at": localtime(slot.ends_at),
            "capacity": slot.capacity,
            "left": slot.places_left,
        },
        "offering": {"id": offering.pk, "title": offering.title, "bring": offering.bring},
        "station": {
            "code": station.code,
            "name": station.name,
            "address": station.address,
            "phone": station.phone,
        },
        "cancelled_at": booking.cancelled_at and localtime(booking.cancelled_at),
        "cancelled_as": booking.cancelled_as,
        "cancel_reason": booking.cancel_reason,
    }

"""The network and its free places, as on the public pages."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny

from services.api.serializers import SlotSerializer, StationSerializer
from services.models import Offering, Slot, Station


class StationList(ListAPIView):
    """Stations in service, in the order of the network. Public, like the station pages."""

    permission_classes = [AllowAny]
    serializer_class = StationSerializer
    filterset_fields = ["tier", "kind", "code"]

    def get_queryset(self):
        return Station.objects.active().order_by("path")


@extend_schema_view(get=extend_schema(operation_id="offering_slots_list"))
class OfferingSlots(ListAPIView):
    """Slots of an offering that citizens may book now, with the places left. Public."""

    permission_classes = [AllowAny]
    serializer_class = SlotSerializer
    queryset = Slot.objects.none()

    def get_queryset(self):
        offering = Offering.objects.open().listed().filter(pk=self.kwargs["pk"])
        if not offering.exists():
            raise Http404
        return Slot.objects.bookable(timezone.now()).filter(offering_id=self.kwargs["pk"])

import factory
from django.utils import timezone

from services.enums import TransferConsent
from services.models import Transfer
from tests.factories.accounts import UserFactory
from tests.factories.network import StationFactory
from tests.factories.persons import PersonFactory


class TransferFactory(factory.django.DjangoModelFactory):
    """Asked for by the station that keeps the file."""

    class Meta:
        model = Transfer

    person = factory.SubFactory(PersonFactory)
    station = factory.SelfAttribute("person.station")
    to_station = factory.SubFactory(StationFactory)
    asked_at_station = factory.SelfAttribute("station")
    reason = "搬家"
    consent = TransferConsent.IN_PERSON
    asked_by = factory.SubFactory(UserFactory, staff=True)
    due_on = factory.LazyFunction(timezone.localdate)

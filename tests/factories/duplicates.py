import factory

from services.enums import DuplicateSign
from services.models import Duplicate
from tests.factories.persons import PersonFactory


class DuplicateFactory(factory.django.DjangoModelFactory):
    """Two filed persons of one village with the same name and birth date."""

    class Meta:
        model = Duplicate

    first = factory.SubFactory(PersonFactory)
    second = factory.LazyAttribute(
        lambda o: PersonFactory(name=o.first.name, birth=o.first.birth, station=o.first.station)
    )
    signs = [DuplicateSign.NAME_BIRTH]

"""A matter with what hangs on it: papers handed in and issued, and the card it asks for."""

from datetime import timedelta

import factory
from django.utils import timezone

from services.enums import CardState, MatterChannel, MatterState
from services.models import Card, CardStep, Matter, MatterFile
from tests.factories.accounts import UserFactory
from tests.factories.guides import MatterKindFactory
from tests.factories.network import StationFactory
from tests.factories.persons import PersonFactory


class HeldMatterFactory(factory.django.DjangoModelFactory):
    """A matter of a person with a file and an account, handed in online."""

    class Meta:
        model = Matter

    number = factory.Sequence(lambda n: f"P{n:09d}")
    kind = factory.SubFactory(MatterKindFactory)
    station = factory.SubFactory(StationFactory)
    person = factory.SubFactory(
        PersonFactory, station=factory.SelfAttribute("..station"), claimed=True
    )
    applicant_name = factory.SelfAttribute("person.name")
    by = factory.SelfAttribute("person.account")
    channel = MatterChannel.WEB
    client_key = factory.Sequence(lambda n: f"held-matter-{n:06d}")
    state = MatterState.SUBMITTED
    submitted_at = factory.LazyFunction(timezone.now)

    class Params:
        draft = factory.Trait(state=MatterState.DRAFT, submitted_at=None)
        card = factory.Trait(kind=factory.SubFactory(MatterKindFactory, card=True))


class MatterFileFactory(factory.django.DjangoModelFactory):
    """A line of a file; its content is kept by `add_file` only."""

    class Meta:
        model = MatterFile

    matter = factory.SubFactory(HeldMatterFactory)
    title = "身份证.jpg"
    content_type = "image/jpeg"
    size = 1000
    digest = factory.Sequence(lambda n: f"{n:064d}")
    stored_as = factory.Sequence(lambda n: f"lasting.{n:032d}")
    by = factory.SelfAttribute("matter.by")

    class Params:
        removed = factory.Trait(
            removed_at=factory.LazyFunction(timezone.now),
            removed_by=factory.SubFactory(UserFactory),
        )


class CardFactory(factory.django.DjangoModelFactory):
    """An application just handed in; `state` brings it anywhere, with what that state needs."""

    class Meta:
        model = Card

    matter = factory.SubFactory(HeldMatterFactory, card=True)
    person = factory.SelfAttribute("matter.person")
    station = factory.SelfAttribute("matter.station")
    kind = "VETERAN"
    issued_on = factory.LazyAttribute(
        lambda card: (
            timezone.localdate()
            if card.state in (CardState.ISSUED, CardState.TEMP_LOST, CardState.LOST)
            else None
        )
    )
    temp_lost_until = factory.LazyAttribute(
        lambda card: (
            timezone.now() + timedelta(days=15) if card.state == CardState.TEMP_LOST else None
        )
    )
    state = CardState.SUBMITTED

    class Params:
        issued = factory.Trait(state=CardState.ISSUED)
        temporarily_lost = factory.Trait(state=CardState.TEMP_LOST)


class CardStepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CardStep

    card = factory.SubFactory(CardFactory)
    state = factory.SelfAttribute("card.state")

from datetime import timedelta

import factory
from django.utils import timezone

from services.enums import Grade, RatingChannel
from services.models import Rating, RatingInvitation, Rectification
from tests.factories.papers import HeldMatterFactory


class RatingInvitationFactory(factory.django.DjangoModelFactory):
    """The invitation to rate a matter."""

    class Meta:
        model = RatingInvitation

    code = factory.Sequence(lambda n: f"RATE{n:08d}")
    matter = factory.SubFactory(HeldMatterFactory)
    station = factory.SelfAttribute("matter.station")
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))

    class Params:
        over = factory.Trait(expires_at=factory.LazyFunction(timezone.now))


class RatingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Rating

    invitation = factory.SubFactory(RatingInvitationFactory)
    station = factory.SelfAttribute("invitation.station")
    grade = Grade.SATISFIED
    channel = RatingChannel.WEB

    class Params:
        bad = factory.Trait(grade=Grade.DISSATISFIED)


class RectificationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Rectification

    rating = factory.SubFactory(RatingFactory, bad=True)
    station = factory.SelfAttribute("rating.station")
    call_by = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=7))
    close_by = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=21))

from datetime import timedelta

import factory
from django.utils import timezone

from services.enums import Delivery, MatterChannel, MatterState, Outcome
from services.models import Matter, MatterEvent
from tests.factories.accounts import UserFactory
from tests.factories.guides import MatterKindFactory
from tests.factories.network import StationFactory

ACCEPTED = {
    "submitted_at": factory.LazyFunction(timezone.now),
    "accepted_at": factory.LazyFunction(timezone.now),
    "due_on": factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=7)),
    "statutory_due_on": factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=28)),
    "handler": factory.SubFactory(UserFactory, staff=True),
}
DONE = ACCEPTED | {
    "done_at": factory.LazyFunction(timezone.now),
    "late_days": 0,
    "outcome": Outcome.GRANTED,
    "result": "已按规定办好。",
}


class MatterFactory(factory.django.DjangoModelFactory):
    """A consultation handed in online by somebody without a file; traits give the other states."""

    class Meta:
        model = Matter

    number = factory.Sequence(lambda n: f"20261124T{n:05d}")
    kind = factory.SubFactory(MatterKindFactory)
    station = factory.SubFactory(StationFactory)
    applicant_name = "王建国"
    by = factory.SubFactory(UserFactory)
    channel = MatterChannel.WEB
    client_key = factory.Sequence(lambda n: f"matter-{n:08d}")
    state = MatterState.SUBMITTED
    submitted_at = factory.LazyFunction(timezone.now)
    check_by = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=2))

    class Params:
        draft = factory.Trait(state=MatterState.DRAFT, submitted_at=None, check_by=None)
        supplement = factory.Trait(
            state=MatterState.SUPPLEMENT,
            supplement_asked_at=factory.LazyFunction(timezone.now),
            supplement_list="身份证",
            supplement_by=factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=14)),
        )
        accepted = factory.Trait(state=MatterState.ACCEPTED, **ACCEPTED)
        suspended = factory.Trait(
            state=MatterState.SUSPENDED,
            suspended_at=factory.LazyFunction(timezone.now),
            suspended_reason="等待上级批复",
            **ACCEPTED,
        )
        done = factory.Trait(state=MatterState.DONE, **DONE)
        delivered = factory.Trait(
            state=MatterState.DELIVERED,
            delivered_at=factory.LazyFunction(timezone.now),
            delivery=Delivery.ONLINE,
            **DONE,
        )
        withdrawn = factory.Trait(
            state=MatterState.WITHDRAWN,
            ended_at=factory.LazyFunction(timezone.now),
            ended_reason="不用办了",
        )


class MatterEventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MatterEvent

    matter = factory.SubFactory(MatterFactory)
    act = "STEP"
    public_words = "正在核对。"

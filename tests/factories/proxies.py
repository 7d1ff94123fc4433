from datetime import timedelta

import factory
from django.utils import timezone

from services.enums import ProxyProof, ProxyState, Relation
from services.models import Proxy
from tests.factories.accounts import UserFactory
from tests.factories.persons import PersonFactory


class ProxyFactory(factory.django.DjangoModelFactory):
    """A daughter acts for her mother, confirmed for a year; `asked`: not confirmed yet."""

    class Meta:
        model = Proxy

    person = factory.SubFactory(PersonFactory)
    agent = factory.SubFactory(UserFactory)
    agent_name = factory.SelfAttribute("agent.name")
    agent_phone = factory.SelfAttribute("agent.phone")
    relation = Relation.CHILD
    proof = ProxyProof.HOUSEHOLD
    ends_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=365))
    asked_by = factory.SelfAttribute("agent")
    state = ProxyState.ACTIVE
    decided_by = factory.SubFactory(UserFactory, staff=True)
    decided_at = factory.LazyFunction(timezone.now)

    class Params:
        asked = factory.Trait(state=ProxyState.ASKED, decided_by=None, decided_at=None)
        over = factory.Trait(
            starts_on=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30)),
            ends_on=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1)),
        )

"""My data at the counter: who acts for whom, transfers, waiting, visits, and one's own ratings."""

import pytest
from django.urls import reverse

from services.models import RatingInvitation
from tests.factories.accounts import UserFactory
from tests.factories.arrivals import ArrivalFactory
from tests.factories.matters import MatterFactory
from tests.factories.partners import PartnerMemberFactory
from tests.factories.persons import PersonFactory
from tests.factories.proxies import ProxyFactory
from tests.factories.ratings import RatingFactory
from tests.factories.transfers import TransferFactory
from tests.factories.waiting import WaitingEntryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return PersonFactory(claimed=True)


def shown(client, user):
    client.force_login(user)
    return client.get(reverse("accounts:my_data")).content.decode()


def test_my_data__what_the_counter_holds__is_listed(client, person):
    proxy = ProxyFactory(person=person, agent_name="王代办")
    transfer = TransferFactory(person=person, station=person.station)
    entry = WaitingEntryFactory(by=UserFactory(), person=person)
    visit = ArrivalFactory(person=person, ticket="A017")
    page = shown(client, person.account)
    for words in (proxy.agent_name, transfer.to_station.name, entry.offering.title, visit.ticket):
        assert words in page


def test_my_data__of_the_agent__tells_the_proxy_but_no_request_that_waits(client):
    agent = UserFactory()
    known = ProxyFactory(agent=agent, person__name="李确认")
    waits = ProxyFactory(agent=agent, person__name="赵等候", asked=True)
    page = shown(client, agent)
    assert known.person.name in page
    assert waits.person.name not in page


def test_my_data__of_others__is_not_listed(client, person):
    ProxyFactory(agent_name="王代办")
    ArrivalFactory(ticket="A099")
    page = shown(client, person.account)
    assert "王代办" not in page
    assert "A099" not in page


def rated(words, **matter):
    invitation = RatingInvitation.objects.create(
        code=f"CODE{words}"[:12], matter=(made := MatterFactory(done=True, **matter)),
        station=made.station, expires_at=made.done_at,
    )  # fmt: skip
    return RatingFactory(invitation=invitation, station=made.station, words=words)


def test_my_data__own_rating__is_listed_an_agents_is_not(client, person):
    proxy = ProxyFactory(person=person)
    rated("办得快", person=person, by=person.account)
    rated("太慢了", person=person, by=proxy.agent, proxy=proxy, on_behalf=True)
    rated("别人的", by=UserFactory())
    page = shown(client, person.account)
    assert "办得快" in page
    assert "太慢了" not in page
    assert "别人的" not in page


def test_my_data__of_a_partners_member__names_the_organisation(client):
    member = PartnerMemberFactory()
    page = shown(client, member.user)
    assert member.partner.name in page
    assert "登记的姓名" in page

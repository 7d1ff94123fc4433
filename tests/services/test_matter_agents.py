"""Matters asked for on behalf: in force, only one's own, and over when the proxy is."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Message
from services.actions import matters
from services.enums import MatterState, ProxyProof, ProxyState, Relation
from services.models import Matter, Proxy
from tests.factories.accounts import UserFactory
from tests.factories.guides import MatterKindFactory
from tests.factories.network import PostingFactory
from tests.factories.persons import PersonFactory
from tests.services.matter_scene import new_url, sent, text, typed, url
from veterans_portal.masking import mask_phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return PersonFactory(claimed=True)


@pytest.fixture
def kind():
    return MatterKindFactory()


@pytest.fixture
def signed_in(client, person):
    client.force_login(person.account)
    return client


@pytest.fixture
def agent():
    return UserFactory(name="王小红")


@pytest.fixture
def proxy(person, agent):
    today = timezone.localdate()
    return Proxy.objects.create(
        person=person, agent=agent, agent_name=agent.name, relation=Relation.CHILD,
        proof=ProxyProof.values[0], starts_on=today, ends_on=today + timedelta(days=30),
        state=ProxyState.ACTIVE, asked_by=agent, decided_by=UserFactory(staff=True),
        decided_at=timezone.now(),
    )  # fmt: skip


def test_agent__in_force__asks_for_the_person(client, kind, person, agent, proxy):
    client.force_login(agent)
    query = f"?for={proxy.pk}"
    assert person.name in text(client.get(new_url(kind)))
    client.post(new_url(kind, query), typed(client, kind, query=query))
    matter = Matter.objects.get()
    assert (matter.person, matter.proxy, matter.on_behalf) == (person, proxy, True)
    assert (matter.by, matter.applicant_phone) == (agent, agent.phone)
    client.post(url("matter_check", matter))
    assert "您代办" in text(client.get(matter.get_absolute_url()))
    client.force_login(person.account)
    assert "他人代办" in text(client.get(matter.get_absolute_url()))


def test_agent__form__shows_the_phone_that_will_be_called(client, kind, agent, proxy):
    client.force_login(agent)
    query = f"?for={proxy.pk}"
    page = text(client.get(new_url(kind, query)))
    client.post(new_url(kind, query), typed(client, kind, query=query))
    assert Matter.objects.get().applicant_phone == agent.phone
    assert mask_phone(agent.phone) in page


def test_agent__draft__is_not_shown_to_the_person(client, kind, person, agent, proxy):
    client.force_login(agent)
    query = f"?for={proxy.pk}"
    client.post(new_url(kind, query), typed(client, kind, query=query, step="save"))
    draft = Matter.objects.get()
    client.force_login(person.account)
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert draft.number not in text(client.get(reverse("services:my_matters")))


def test_agent__sees_only_what_they_entered(client, kind, person, agent, proxy):
    client.force_login(person.account)
    matter = sent(client, kind)
    client.force_login(agent)
    assert client.get(matter.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("query", ["?for=999999", "?for=x", "?for=%00", "?for=-1"])
def test_agent__of_nobody__finds_nothing(signed_in, kind, query):
    assert signed_in.get(new_url(kind, query)).status_code == 404


@pytest.mark.parametrize("over", ["ended", "past its period"])
def test_agent__no_longer__can_neither_send_nor_begin(client, kind, agent, proxy, over):
    client.force_login(agent)
    query = f"?for={proxy.pk}"
    client.post(new_url(kind, query), typed(client, kind, query=query))
    draft, now = Matter.objects.get(), timezone.now()
    past = {"starts_on": now.date() - timedelta(9), "ends_on": now.date() - timedelta(2)}
    ended = {"state": ProxyState.ENDED, "ended_at": now}
    Proxy.objects.update(**ended if over == "ended" else past)
    answer = client.post(url("matter_check", draft), follow=True)
    assert "代办关系已到期或已解除" in text(answer)
    assert client.get(new_url(kind, query)).status_code == 404
    assert Matter.objects.get().state == MatterState.DRAFT


def test_agent__no_longer__asks_nothing_of_the_file_by_a_draft_left_over(
    client, kind, agent, proxy
):
    client.force_login(agent)
    query = f"?for={proxy.pk}"
    client.post(new_url(kind, query), typed(client, kind, query=query))
    edit = url("matter_edit", Matter.objects.get())
    assert client.get(edit).status_code == 200
    Proxy.objects.update(state=ProxyState.ENDED, ended_at=timezone.now())
    for answer in (client.get(edit), client.post(edit, {"step": "save"})):
        assert answer.url == reverse("services:my_matters")


def test_agent__no_longer__reads_no_more_of_what_they_sent_and_is_told_nothing(
    client, kind, person, agent, proxy
):
    client.force_login(agent)
    query = f"?for={proxy.pk}"
    client.post(new_url(kind, query), typed(client, kind, query=query))
    matter = Matter.objects.get()
    client.post(url("matter_check", matter))
    assert client.get(matter.get_absolute_url()).status_code == 200
    Proxy.objects.update(state=ProxyState.ENDED, ended_at=timezone.now())
    for name in ("matter", "matter_paper", "matter_withdraw"):
        assert client.get(url(name, matter)).status_code == 404
    assert matter.number not in text(client.get(reverse("services:my_matters")))
    told = Message.objects.filter(user=agent).count()
    clerk = PostingFactory(station=matter.station).user
    matters.accept(matter=matter, by=clerk)
    assert Message.objects.filter(user=agent).count() == told
    assert Message.objects.filter(user=person.account, title__contains="受理").exists()

"""Asking to act for a relative tells nothing of files; the counter gives the right to the right one."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Message
from services.actions import proxies
from services.enums import ProxyState, Role
from services.models import Proxy
from tests.factories.accounts import UserFactory
from tests.factories.network import PostingFactory
from tests.factories.persons import PersonFactory
from tests.factories.proxies import ProxyFactory
from tests.services.test_family import asking

pytestmark = pytest.mark.django_db


def in_days(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize("name", [None, "查无此人"])
def test_ask_page__period_too_long__is_said_whether_or_not_there_is_a_file(client, name):
    mother = PersonFactory()
    client.force_login(UserFactory())
    typed = asking(mother, name=name or mother.name, ends_on=in_days(800))
    page = client.post(reverse("services:family_ask"), typed, follow=True).content.decode()
    assert "代办最长2年" in page
    assert "申请已收到" not in page
    assert not Proxy.objects.exists()


@pytest.mark.parametrize("state", ["one's own", "asked before"])
def test_ask_page__what_the_act_refuses__is_answered_the_same(client, state, settings):
    mother = PersonFactory(claimed=True)
    agent = mother.account if state == "one's own" else UserFactory()
    if state == "asked before":
        ProxyFactory(person=mother, agent=agent, asked=True)
    before = Proxy.objects.count()
    client.force_login(agent)
    page = client.post(reverse("services:family_ask"), asking(mother), follow=True)
    assert "申请已收到" in page.content.decode()
    assert Proxy.objects.count() == before


def test_ask_page__often_in_a_day__is_stopped_whether_or_not_there_was_a_file(client, settings):
    settings.PROXY_ASKS_PER_DAY = 2
    mother, father = PersonFactory(), PersonFactory()
    client.force_login(UserFactory())
    address = reverse("services:family_ask")
    for name in ("查无此人", mother.name):
        client.post(address, asking(mother, name=name))
    page = client.post(address, asking(father)).content.decode()
    assert "今天提出的次数较多" in page
    assert father.name in page
    assert Proxy.objects.get().person == mother
    asked = AuditEntry.objects.filter(act="services.person_searched")
    assert [each.detail for each in asked] == [{"by": "proxy", "found": 0}] * 2


@pytest.mark.parametrize("name", [None, "查无此人"])
def test_ask_page__file_or_none__takes_the_same_time(client, settings, monkeypatch, name):
    rests = []
    monkeypatch.setattr("veterans_portal.even.time.sleep", rests.append)
    settings.EVEN_ANSWER_SECONDS = 60
    mother = PersonFactory()
    client.force_login(UserFactory())
    client.post(reverse("services:family_ask"), asking(mother, name=name or mother.name))
    assert [50 < rest < 60 for rest in rests] == [True]


def test_end__waiting_request_by_the_agent__is_not_found(client):
    proxy = ProxyFactory(asked=True)
    client.force_login(proxy.agent)
    assert client.post(reverse("services:family_end", args=[proxy.pk])).status_code == 404
    proxy.refresh_from_db()
    assert proxy.state == ProxyState.ASKED


def test_end__waiting_request_by_the_person__ends_it(client):
    proxy = ProxyFactory(asked=True, person=PersonFactory(claimed=True))
    client.force_login(proxy.person.account)
    client.post(reverse("services:family_end", args=[proxy.pk]))
    proxy.refresh_from_db()
    assert proxy.state == ProxyState.ENDED


def test_record_page__phone_of_somebody_else__is_refused_and_kept(client):
    mother, stranger = PersonFactory(), UserFactory(name="张大山")
    client.force_login(PostingFactory(station=mother.station, role=Role.CLERK).user)
    typed = {
        "agent_name": "王小梅", "agent_phone": stranger.phone, "relation": "CHILD",
        "proof": "LETTER", "ends_on": in_days(100),
    }  # fmt: skip
    address = reverse("services:desk_proxy_record", args=[mother.pk])
    page = client.post(address, typed).content.decode()
    assert "核对姓名和手机号" in page
    assert "王小梅" in page
    assert "张大山" not in page
    assert not Proxy.objects.exists()


def test_ask__ended_and_asked_again__tells_the_person_so_often_a_day_and_no_more(settings):
    settings.PROXY_ASKS_PER_PERSON_AND_DAY = 2
    mother, father, agent = PersonFactory(), PersonFactory(), UserFactory()
    facts = {"by": agent, "agent": agent, "relation": "CHILD", "proof": "HOUSEHOLD",
             "ends_on": timezone.localdate() + timedelta(days=90)}  # fmt: skip
    for _ in range(2):
        proxies.end(proxy=proxies.ask(person=mother, **facts), by=agent)
    told = Message.objects.count()
    with pytest.raises(proxies.ProxyError, match="请明天再试"):
        proxies.ask(person=mother, **facts)
    assert Message.objects.count() == told
    assert proxies.ask(person=father, **facts).pk

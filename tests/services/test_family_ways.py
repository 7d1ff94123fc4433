"""On the way from the family page to the form it stays known for whom."""

import pytest
from django.urls import reverse

from tests.factories.accounts import UserFactory
from tests.factories.bookings import OfferingFactory, SlotFactory
from tests.factories.guides import MatterKindFactory
from tests.factories.persons import PersonFactory
from tests.factories.proxies import ProxyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def proxy(client):
    person = PersonFactory(name="赵国良")
    proxy = ProxyFactory(person=person)
    client.force_login(proxy.agent)
    return proxy


def test_family__names_the_person_and_leads_there(client, proxy):
    page = client.get(reverse("services:family")).content.decode()
    station = proxy.person.station
    assert "TA" not in page
    assert f'href="{station.get_absolute_url()}?for={proxy.pk}"' in page
    assert "为赵国良预约" in page
    assert f'href="{reverse("services:guides")}?for={proxy.pk}"' in page
    assert "为赵国良办事" in page


def test_station_and_slots__for_another__lead_to_the_form_for_them(client, proxy):
    slot = SlotFactory(offering=OfferingFactory(station=proxy.person.station))
    kind = MatterKindFactory()
    query = f"?for={proxy.pk}"
    station = proxy.person.station
    page = client.get(station.get_absolute_url() + query).content.decode()
    slots = reverse("services:book_slots", args=[slot.offering.pk]) + query
    assert "您在为<strong>赵国良</strong>预约" in page
    assert f'href="{slots}"' in page
    assert f'href="{kind.get_absolute_url()}?station={station.code}&amp;for={proxy.pk}"' in page
    page = client.get(slots).content.decode()
    assert f'href="{reverse("services:book", args=[slot.pk])}{query}"' in page
    assert f'href="{station.get_absolute_url()}{query}"' in page


def test_guides__for_another__lead_to_the_form_for_them(client, proxy):
    kind = MatterKindFactory()
    query = f"?for={proxy.pk}"
    page = client.get(reverse("services:guides") + query).content.decode()
    assert f'href="{kind.get_absolute_url()}{query}"' in page
    assert f'<input type="hidden" name="for" value="{proxy.pk}">' in page
    page = client.get(kind.get_absolute_url() + query).content.decode()
    assert f'href="{reverse("services:matter_new", args=[kind.code])}{query}"' in page
    assert "赵国良的服务站" in page


@pytest.mark.parametrize("reader", ["nobody", "somebody else", "over"])
def test_station__for_nobody_the_reader_acts_for__is_read_as_for_oneself(client, reader):
    proxy = ProxyFactory(over=reader == "over")
    if reader != "nobody":
        client.force_login(proxy.agent if reader == "over" else UserFactory())
    page = client.get(f"{proxy.person.station.get_absolute_url()}?for={proxy.pk}")
    assert page.status_code == 200
    assert proxy.person.name not in page.content.decode()
    assert page.context["for_whom"] == ""

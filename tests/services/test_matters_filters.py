"""The desk's list of matters: filters that agree with the lights; a person's matters; a way in."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from services.models import Matter
from tests.factories.arrivals import ArrivalFactory
from tests.factories.guides import MatterKindFactory
from tests.factories.matters import MatterFactory
from tests.factories.network import PostingFactory
from tests.factories.persons import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    return PostingFactory().station


@pytest.fixture
def desk(client, station):
    client.force_login(station.postings.get().user)
    return client


def shown(desk, **query):
    page = desk.get(reverse("services:desk_matters"), query)
    return [each.applicant_name for each in page.context["page_obj"]]


def day(days):
    return timezone.localdate() + timedelta(days=days)


def test_list__by_light__agrees_with_the_badges(desk, station):
    kind = MatterKindFactory(code="long", promised_days=60, statutory_days=60)
    for name, values in {
        "红": {"due_on": day(-4)},
        "黄": {"due_on": day(0)},
        "长期的黄": {"due_on": day(14), "kind": kind},
        "绿": {"due_on": day(14)},
    }.items():
        MatterFactory(accepted=True, station=station, applicant_name=name, **values)
    MatterFactory(station=station, applicant_name="预审过期", check_by=day(-4))
    MatterFactory(suspended=True, station=station, applicant_name="挂起", due_on=day(-4))
    assert shown(desk, light="red") == ["红", "预审过期"]
    assert shown(desk, light="amber") == ["黄", "长期的黄"]
    assert shown(desk)[:3] == ["红", "预审过期", "黄"]


def test_list__by_number_name_and_hand__finds_each(desk, station):
    clerk = station.postings.get().user
    mine = MatterFactory(accepted=True, station=station, handler=clerk, applicant_name="张一")
    MatterFactory(station=station, applicant_name="李二")
    MatterFactory(station=station, applicant_name="草稿", draft=True)
    assert shown(desk, q=mine.number.lower()) == ["张一"]
    assert shown(desk, q="李") == ["李二"]
    assert shown(desk, mine="on") == ["张一"]
    assert "草稿" not in shown(desk, state="all")


def test_person__at_the_desk__shows_their_matters_and_the_way_to_a_new_one(desk, station):
    person = PersonFactory(station=station)
    matter = MatterFactory(person=person, station=station)
    draft = MatterFactory(person=person, station=station, draft=True)
    page = desk.get(person.get_absolute_url()).content.decode()
    assert reverse("services:desk_matter", args=[matter.number]) in page
    assert draft.number not in page
    assert f"{reverse('services:desk_matter_new')}?person={person.pk}" in page


def test_entry__out_of_an_arrival__is_tied_to_it_and_double_tap_is_once(desk, station):
    kind = MatterKindFactory()
    arrival = ArrivalFactory(station=station, name="李大爷")
    address = f"{reverse('services:desk_matter_new')}?kind={kind.pk}&arrival={arrival.pk}"
    page = desk.get(address)
    typed = {
        "client_key": page.context["entry"].initial["client_key"],
        "name": "李大爷",
        "station": station.pk,
        "channel": "COUNTER",
        "topic": "PENSION",
        "question": "怎么领？",
        "reply_by": "PHONE",
    }
    desk.post(address, typed)
    desk.post(address, typed)
    arrival.refresh_from_db()
    assert arrival.matter == Matter.objects.get()


def test_entry__without_a_name__keeps_what_was_typed(desk, station):
    kind = MatterKindFactory()
    address = f"{reverse('services:desk_matter_new')}?kind={kind.pk}"
    answer = desk.post(address, {"question": "一个很长的问题", "phone": "1381234"})
    page = answer.content.decode()
    assert "一个很长的问题" in page
    assert "1381234" in page
    assert not Matter.objects.exists()

"""A window's rating screen: the visit just finished there and no other, never on a signed-in device."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from services.actions import ratings
from services.enums import Role
from services.models import RatingInvitation
from services.views.public.rating import screen_token
from tests.factories.arrivals import ArrivalFactory
from tests.factories.network import PostingFactory, StationFactory, WindowFactory
from tests.factories.papers import HeldMatterFactory

pytestmark = pytest.mark.django_db
ASKS = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def station():
    return StationFactory()


@pytest.fixture
def window(station):
    return WindowFactory(station=station)


@pytest.fixture
def address(window):
    return reverse("services:rate_screen", args=[screen_token(window)])


def finished(station, window, *, minutes=0):
    """The invitation of a visit finished so long ago."""
    arrival = ArrivalFactory(station=station, window=window)
    invitation = ratings.invite(arrival=arrival)
    when = timezone.now() - timedelta(minutes=minutes)
    RatingInvitation.objects.filter(pk=invitation.pk).update(created_at=when)
    return invitation


def rated(invitation):
    return ratings.rate(invitation=invitation, grade=5, channel="DESK")


def test_screen__last_visit_rated__does_not_fall_back_to_the_one_before(
    client, station, window, address
):
    finished(station, window, minutes=3)
    rated(finished(station, window, minutes=1))
    assert "事情办完后" in client.get(address).content.decode()


@pytest.mark.parametrize("minutes", [6, 60])
def test_screen__visit_a_while_ago__is_not_asked_about(client, station, window, address, minutes):
    finished(station, window, minutes=minutes)
    assert "事情办完后" in client.get(address).content.decode()


def test_screen__other_windows_visit__is_not_asked_about(client, station, address):
    finished(station, WindowFactory(station=station))
    assert client.get(address).status_code == 200


def test_screen__next_person_sits_there__goes_back_to_waiting(client, station, window, address):
    invitation = finished(station, window)
    shown = {"shown": invitation.code}
    assert client.get(address, shown, **ASKS).status_code == 204
    ArrivalFactory(station=station, window=window, serving=True)
    answer = client.get(address, shown, **ASKS)
    assert answer["HX-Redirect"] == address
    assert client.get(address, **ASKS).status_code == 204


def test_screen__matter_of_an_earlier_day__is_not_asked_about(client, station, window, address):
    matter = HeldMatterFactory(station=station)
    visit = ArrivalFactory(station=station, window=window, matter=matter)
    invitation = ratings.invite(matter=matter)
    assert invitation.code in client.get(address).url
    type(visit).objects.filter(pk=visit.pk).update(day=timezone.localdate() - timedelta(days=9))
    assert client.get(address).status_code == 200


def test_screen__matter_of_the_one_who_still_sits_there__is_asked_about(
    client, station, window, address
):
    matter = HeldMatterFactory(station=station)
    ArrivalFactory(station=station, window=window, matter=matter, serving=True)
    assert ratings.invite(matter=matter).code in client.get(address).url


def test_screen__signed_in_device__shows_the_address_and_rates_nothing(
    client, station, window, address
):
    finished(station, window)
    client.force_login(PostingFactory(station=station, role=Role.CLERK).user)
    page = client.get(address)
    assert page.status_code == 200
    assert "没有登录的平板" in page.content.decode()


def test_screen__and_the_rating_on_it__lead_nowhere_else_but_keep_the_switches(
    client, station, window, address
):
    quiet = client.get(address).content.decode()
    finished(station, window)
    asked = client.get(address, follow=True).content.decode()
    assert "请您评价" in asked
    for page in (quiet, asked):
        assert 'name="senior"' in page
        assert reverse("account_login") not in page
        assert reverse("services:stations") not in page

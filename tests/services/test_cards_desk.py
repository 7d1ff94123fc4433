"""Cards on the work desk: whoever notes the next step finds them, nobody else."""

import pytest
from django.urls import reverse

from services import counter_sections
from services.card_rules import next_by_hand
from services.enums import CardState, Role
from services.perms import scope_of
from tests.factories.network import DivisionFactory, PostingFactory, StationFactory
from tests.factories.papers import CardFactory, HeldMatterFactory
from tests.services import card_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def s():
    return card_scene.scene()


def card_at(station, state):
    return CardFactory(matter=HeldMatterFactory(card=True, station=station), state=state)


def names(user, *, below=False):
    section = counter_sections.cards_to_move_on(user, below=below)
    return [item.title for item in section.items] if section else []


STEPS = [
    (CardState.SUBMITTED, None),  # its acceptance stands among the matters
    (CardState.TOWN_ACCEPTED, "county"),
    (CardState.COUNTY_OK, "head"),
    (CardState.CITY_OK, "county"),
    (CardState.AT_COUNTY, "clerk"),
    (CardState.AT_TOWN, "clerk"),
    (CardState.ISSUED, None),
    (CardState.REJECTED, None),
]


@pytest.mark.parametrize(("state", "whose"), STEPS)
def test_cards__next_step__stands_on_the_desk_of_its_tier_alone(s, state, whose):
    card = card_at(s.village, state)
    for who in ("village_clerk", "clerk", "county", "head"):
        expected = [card.person.name] if who == whose else []
        assert names(getattr(s, who)) == expected, who


@pytest.mark.parametrize("state", [state for state, _ in STEPS if state in counter_sections.NEXT])
def test_cards__with_all_below__are_those_the_reader_may_note(s, state):
    card = card_at(s.village, state)
    for user in (s.village_clerk, s.clerk, s.county_clerk, s.county, s.head):
        may = next_by_hand(scope_of(user), card.station.path, state)
        forward = counter_sections.NEXT[state] in may
        assert names(user, below=True) == ([card.person.name] if forward else [])


def test_cards__of_another_town__are_not_mine(s):
    town = StationFactory(
        division=DivisionFactory(town=True, code="320281102000", name="别镇"),
        tier=3,
        parent=s.district,
    )
    card_at(town, CardState.AT_TOWN)
    assert names(s.clerk) == []
    assert names(s.clerk, below=True) == []


def test_cards__of_the_citys_own_station__wait_for_the_city(s):
    card_at(s.city, CardState.AT_TOWN)
    assert len(names(s.head)) == 1


def test_cards__reviewing__is_no_clerks_job(s):
    card_at(s.village, CardState.TOWN_ACCEPTED)
    assert names(s.county_clerk, below=True) == []


def test_desk__with_a_card_to_hand_out__links_to_it(client, s):
    card = card_at(s.village, CardState.AT_TOWN)
    client.force_login(s.clerk)
    page = client.get(reverse("services:desk")).content.decode()
    assert "优待证进度" in page
    assert "等登记“已发放”" in page
    assert reverse("services:desk_card", args=[card.pk]) in page


def test_cards__twenty_of_them__cost_one_query_like_one(s, django_assert_num_queries):
    person = PostingFactory(station=s.town, role=Role.HEAD).user
    scope_of(person)
    for number in range(20):
        card_at(s.village, CardState.AT_TOWN)
        if number in (0, 19):
            with django_assert_num_queries(1):
                section = counter_sections.cards_to_move_on(person, below=False)
    assert section.count == 20
    assert len(section.items) == 8

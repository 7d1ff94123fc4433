"""Pages of cards: one's own with the line of steps, the desk's list, one card, many at once."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import private_files
from accounts.models import AuditEntry
from services.actions import cards, matter_files
from services.enums import CardState
from services.indicators import INDICATORS
from services.models import Card
from tests.factories.accounts import UserFactory
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.papers import CardFactory
from tests.services.card_scene import asked, scene, with_card
from tests.services.paper_makers import picture, portrait, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def s():
    return scene()


def page(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"services:{name}", args=args), query)


def test_my_card__without_a_card__says_how_to_get_one(client, s):
    text = page(client, s.person.account, "my_card").content.decode()
    assert "可以申领：退役军人优待证" in text
    text = page(client, UserFactory(), "my_card").content.decode()
    assert "先登记建档" in text


def test_my_card__who_is_eighty__is_offered_a_visit_at_home(client):
    s = scene(birth=timezone.localdate().replace(year=timezone.localdate().year - 85, day=1))
    assert "可以申请上门办理" in page(client, s.person.account, "my_card").content.decode()


def test_my_card__under_way__shows_the_line_and_plain_words(client, s):
    with_card(s, CardState.AT_TOWN)
    text = page(client, s.person.account, "my_card").content.decode()
    assert "请带身份证到" in text
    assert text.count("<li class=") >= 9
    assert 'aria-current="step"' in text


def test_my_card__lost__is_released_by_a_tap(client, s):
    card = with_card(s)
    cards.report_loss(card=card, by=s.person.account)
    assert "卡找到了" in page(client, s.person.account, "my_card").content.decode()
    url = reverse("services:my_card_release", args=[card.pk])
    client.force_login(UserFactory())
    assert client.post(url).status_code == 404
    client.force_login(s.person.account)
    assert client.get(url).status_code == 405
    client.post(url)
    assert Card.objects.get(pk=card.pk).state == CardState.ISSUED


def test_list__fifty_cards__signed_in_by_one_tap(client, s):
    for _ in range(50):
        CardFactory(state=CardState.PRODUCING, station=s.village)
    response = page(client, s.county_clerk, "desk_cards", state=CardState.PRODUCING, all=1)
    assert response.content.decode().count(" checked>") == 50
    keys = [card.pk for card in response.context["page_obj"]]
    assert len(keys) == 50
    step = reverse("services:desk_cards_step")
    done = client.post(step, {"cards": keys, "to": "AT_COUNTY", "state": "PRODUCING"}, follow=True)
    assert "50张卡已登记为“县级签收”" in done.content.decode()
    assert Card.objects.filter(state=CardState.AT_COUNTY).count() == 50


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "请"),
        ({"to": "AT_COUNTY"}, "请先勾选要办的卡"),
        ({"to": "REJECTED", "cards": ["1"]}, "请从列出的步骤里选择"),
        ({"to": "AT_COUNTY", "cards": ["x", "9" * 28]}, "请"),
        ({"to": "<script>", "cards": ["1"]}, "请从列出的步骤里选择"),
    ],
)
def test_many__nonsense__is_answered_with_words(client, s, data, words):
    client.force_login(s.county_clerk)
    done = client.post(reverse("services:desk_cards_step"), data, follow=True)
    assert done.status_code == 200
    assert words in done.content.decode()


def test_list__one_and_twenty_rows__cost_the_same(client, s, django_assert_max_num_queries):
    for count in (1, 20):
        for _ in range(count):
            CardFactory(station=s.village)
        client.force_login(s.county_clerk)
        with django_assert_max_num_queries(14):
            client.get(reverse("services:desk_cards"))


def test_card__next_step__is_offered_to_whom_it_belongs(client, s):
    card = with_card(s, CardState.TOWN_ACCEPTED)
    assert page(client, s.clerk, "desk_card", card.pk).context["form"] is None
    response = page(client, s.county, "desk_card", card.pk)
    choices = [value for value, _ in response.context["form"].fields["to"].choices]
    assert choices == ["COUNTY_OK", "REJECTED"]
    url = reverse("services:desk_card", args=[card.pk])
    refused = client.post(url, {"to": "REJECTED", "note": ""})
    assert "请写明不予发放的原因" in refused.content.decode()
    kept = client.post(url, {"to": "ISSUED", "note": "写过的话"})
    assert 'value="写过的话"' in kept.content.decode()
    assert client.post(url, {"to": "COUNTY_OK"}).status_code == 302
    for stranger in (PostingFactory(station=StationFactory(tier=4)).user, s.person.account):
        if not stranger.is_citizen and stranger.postings.first().station.path == s.village.path:
            continue
        assert page(client, stranger, "desk_card", card.pk).status_code == 404


def test_photo__to_staff_in_scope__written_down(client, s):
    card = with_card(s, CardState.TOWN_ACCEPTED)
    assert page(client, s.clerk, "desk_card_photo", card.pk).status_code == 404
    Card.objects.filter(pk=card.pk).update(photo=private_files.keep(portrait(), lasting=True))
    answer = page(client, s.clerk, "desk_card_photo", card.pk)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert AuditEntry.objects.filter(act="services.card_photo_read").count() == 1
    assert page(client, s.person.account, "desk_card_photo", card.pk).status_code == 404


def test_list__names_and_filter__stay_tame(client, s):
    asked(s)
    for state in ("", "ISSUED", "<script>", "SUBMITTED"):
        assert page(client, s.clerk, "desk_cards", state=state).status_code == 200


def test_svc_05__cards_ever_issued__are_counted_where_they_were(s):
    counted = next(each for each in INDICATORS if each.code == "SVC-05").counted
    with_card(s)
    assert counted.records().count() == 1
    assert counted.station == "station_id"


def test_my_data__card_matter_and_who_read_its_papers__are_told(client, s):
    card = with_card(s)
    file = matter_files.add_file(matter=card.matter, by=s.clerk, upload=upload(picture()))
    matter_files.read_file(file=file, by=s.clerk)
    client.force_login(s.person.account)
    text = client.get(reverse("accounts:my_data")).content.decode()
    for words in ("退役军人优待证", card.matter.number, "照片.jpg", "查看办件材料"):
        assert words in text

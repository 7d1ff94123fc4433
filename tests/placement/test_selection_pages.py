"""Pages of sessions, letters and seats, by who looks."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from placement import selection_replay
from placement.actions import seating, selection
from placement.enums.selection import TurnState
from placement.models import SelectionRules
from tests.factories.accounts import UserFactory
from tests.factories.partners import PartnerMemberFactory
from tests.factories.persons import PersonFactory
from tests.factories.placement_selection import IntroductionLetterFactory
from tests.placement.selection_scene import opened, person, post, scene, turn
from tests.placement.test_seating import settled

pytestmark = pytest.mark.django_db


def url(name, s, *args):
    return reverse(f"placement:{name}", args=[s.session.code, *args])


def test_board__for_everybody__shows_masked_names_and_no_more(client):
    s = opened(scene())
    selection.choose(turn=turn(s, 1), post=post(s, 1), by=person(s, 1))
    for name in ("selection", "selection_now", "selection_result"):
        page = client.get(url(name, s)).content.decode()
        assert turn(s, 2).name in page
        for case in s.cases:
            assert case.person.name not in page
            assert case.number not in page
    assert client.get(reverse("placement:selections")).status_code == 200


def test_record__downloaded_by_anybody__replays(client):
    s = opened(scene())
    selection.choose(turn=turn(s, 1), post=post(s, 2), by=person(s, 1))
    published = json.loads(client.get(url("selection_record", s)).content)
    assert selection_replay.replay(published).result() == [(1, 2)]


def test_board__changing_nothing__answers_304(client):
    s = opened(scene())
    first = client.get(url("selection_now", s))
    again = client.get(url("selection_now", s), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_phone__whose_turn_it_is__chooses_in_two_taps(client):
    s = opened(scene())
    client.force_login(person(s, 1))
    assert client.get(reverse("placement:my_selections")).status_code == 200
    page = client.get(url("my_turn", s, 1)).content.decode()
    assert "轮到您了" in page
    choice = url("my_choice", s, 1, 2)
    assert choice in page
    assert client.get(choice).status_code == 200
    answer = client.post(choice, follow=True)
    assert "已选定" in answer.content.decode()
    assert turn(s, 1).state == TurnState.CHOSEN


def test_phone__of_another__finds_nothing(client):
    s = opened(scene())
    client.force_login(person(s, 2))
    assert client.get(url("my_turn", s, 1)).status_code == 404
    assert client.post(url("my_choice", s, 1, 1)).status_code == 404
    client.force_login(UserFactory())
    assert client.get(url("my_turn", s, 1)).status_code == 404


def test_phone__asking_again__is_told_to_load_anew_once_something_happened(client):
    s = opened(scene())
    client.force_login(person(s, 2))
    s.session.refresh_from_db()
    tick = url("my_turn_tick", s, 2)
    quiet = client.post(tick, {"entries": s.session.entries})
    assert "前面还有1位" in quiet.content.decode()
    selection.give_up(turn=turn(s, 1), by=person(s, 1))
    assert client.post(tick, {"entries": s.session.entries})["HX-Refresh"] == "true"


def test_desk__conducts_a_whole_session(client):
    s = scene(people=2, places=(1, 1))
    client.force_login(s.clerk)
    assert client.get(reverse("placement:desk_selections")).status_code == 200
    page = url("desk_selection", s)
    assert "开始选岗" in client.get(page).content.decode()
    client.post(url("desk_selection_act", s, "open"))
    assert "代为选岗" in client.get(page).content.decode()
    client.post(url("desk_selection_choose", s), {"turn": "1", "post": "1"})
    client.post(url("desk_selection_turn", s, 1, "undo"), {"reason": "念错了"})
    client.force_login(s.head)
    assert "确认撤销" in client.get(page).content.decode()
    undo = turn(s, 1).undos.get()
    client.post(url("desk_selection_undo", s, undo.pk, "confirm"))
    assert turn(s, 1).state == TurnState.RETURNED
    client.post(url("desk_selection_choose", s), {"turn": "2", "post": "9"})
    client.post(url("desk_selection_choose", s), {"turn": "x", "post": "1"})
    client.post(url("desk_selection_turn", s, 2, "pass"))
    client.post(url("desk_selection_act", s, "pause"), {"reason": "停电"})
    assert "继续选岗" in client.get(page).content.decode()
    client.post(url("desk_selection_act", s, "resume"))
    client.post(url("desk_selection_choose", s), {"turn": "1", "post": "2"})
    client.post(url("desk_selection_tick", s), {"entries": "1"})
    client.post(url("desk_selection_act", s, "close"))
    s.session.refresh_from_db()
    assert s.session.is_over
    client.force_login(s.reviewer)
    client.post(url("desk_selection_act", s, "publish"))
    assert "结果公示中" in client.get(page).content.decode()


def test_desk__of_another_station__finds_nothing(client):
    s, other = opened(scene()), None
    from services.enums import Role
    from tests.factories.staff import PostingFactory

    other = PostingFactory(role=Role.HEAD).user
    client.force_login(other)
    assert client.get(url("desk_selection", s)).status_code == 404
    assert client.post(url("desk_selection_act", s, "pause"), {"reason": "x"}).status_code == 404


def test_desk__prepares_a_session__keeps_what_was_typed_when_it_is_refused(client):
    s = scene()
    selection.cancel(session=s.session, by=s.head, reason="改期")
    client.force_login(s.clerk)
    address = reverse("placement:selection_new", args=[s.plan.pk])
    assert "待选岗" in client.get(address).content.decode()
    typed = {"title": "选岗会", "venue": "<b>三楼</b>", "day": "2020-01-01", "time": "9:00"}
    page = client.post(address, typed).content.decode()
    assert "开始时间已经过了" in page
    assert "&lt;b&gt;三楼" in page
    for bad in ("9999-12-31", "x", "\x00"):
        assert client.post(address, typed | {"day": bad}).status_code in (200, 302)
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    client.post(address, typed | {"day": day})


def test_rules__entered_by_the_citys_head__hold_from_their_day(client):
    from services.enums import Role
    from tests.factories.network import StationFactory
    from tests.factories.staff import PostingFactory

    s = scene()
    address = reverse("placement:selection_rules")
    client.force_login(s.head)
    assert client.get(address).status_code == 200
    typed = {
        "effective_from": "2030-01-01", "turn_minutes": "3", "late_minutes": "30", "missed": "NONE",
        "wage_percent": "80", "living_allowance": "2600", "visit_days": "60", "basis": "新规定",
    }  # fmt: skip
    assert client.post(address, typed).status_code == 404
    client.force_login(PostingFactory(station=StationFactory(city=True), role=Role.HEAD).user)
    client.post(address, typed | {"turn_minutes": "0"})
    assert SelectionRules.objects.count() == 1
    client.post(address, typed)
    assert SelectionRules.objects.count() == 2


def test_letters__at_the_desk_and_in_the_room__lead_to_the_seat(client):
    s = settled()
    letter = seating.issue_letter(turn=turn(s, 1), by=s.clerk)
    client.force_login(s.clerk)
    for show in ("waiting", "overdue", "visits", "all", "x"):
        assert client.get(reverse("placement:letters"), {"show": show}).status_code == 200
    assert "登记上岗" in client.get(letter.get_absolute_url()).content.decode()
    assert client.get(reverse("placement:living_allowance")).status_code == 200
    assert client.get(reverse("placement:living_allowance"), {"month": "x"}).status_code == 200
    member = PartnerMemberFactory(partner=letter.employer).user
    client.force_login(member)
    room = reverse("placement:partner_letters", args=[letter.employer_id])
    assert letter.case.person.name in client.get(room).content.decode()
    seat = reverse("placement:partner_letter", args=[letter.employer_id, letter.pk])
    assert "请填写" in client.post(seat, {"on": ""}).content.decode()
    assert client.post(seat, {"on": timezone.localdate().isoformat()}).status_code == 302
    client.force_login(s.clerk)
    client.post(
        reverse("placement:letter_act", args=[letter.pk, "visit"]),
        {"on": timezone.localdate().isoformat(), "way": "PHONE", "still_there": "1", "words": "好"},
    )
    letter.refresh_from_db()
    assert letter.follow_up.still_there


@pytest.mark.parametrize("people", [1, 20])
def test_desk__of_any_length__asks_the_database_the_same(
    client, people, django_assert_max_num_queries
):
    s = opened(scene(people=people, places=(20,)))
    client.force_login(s.clerk)
    client.get(url("desk_selection", s))
    with django_assert_max_num_queries(40):
        client.get(url("desk_selection", s))
    with django_assert_max_num_queries(14):
        client.get(url("selection_now", s))


def test_my_data__of_a_candidate__lists_the_turn_and_the_letter(client):
    holder = PersonFactory(claimed=True)
    letter = IntroductionLetterFactory(turn__case__person=holder)
    client.force_login(holder.account)
    page = client.get(reverse("accounts:my_data")).content.decode()
    assert "安置介绍信" in page
    assert letter.post_title in page
    assert "选岗会" in page

"""Choosing posts: order, clock, choosing, undoing, closing, and what the record proves."""

import json
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import AuditEntry, Message
from placement import selection_record, selection_replay
from placement.actions import selection
from placement.enums import CaseState
from placement.enums.selection import ChosenHow, SessionState, TurnState
from placement.models import SelectionPost, SelectionTurn
from services.enums import ProxyProof
from tests.factories.proxies import ProxyFactory
from tests.placement.selection_scene import opened, person, post, scene, turn
from tests.services.paper_makers import picture
from veterans_portal.errors import DomainError

pytestmark = pytest.mark.django_db


def choose(s, position, at, by=None, **more):
    return selection.choose(
        turn=turn(s, position), post=post(s, at), by=by or person(s, position), **more
    )


@contextmanager
def refused(code):
    with pytest.raises(DomainError) as found:
        yield
    assert found.value.code == code


def finished(s):
    s.session.refresh_from_db()
    return selection_replay.replay(selection_record.published(s.session))


def test_session__prepared__freezes_best_first_and_breaks_equal_ranks_by_lot():
    s = scene(totals=[Decimal(80), Decimal(90), Decimal(80)])
    turns = list(s.session.turns.order_by("position"))
    assert [(t.rank, t.total) for t in turns] == [(1, 90), (2, 80), (2, 80)]
    assert turns[1].lot < turns[2].lot
    assert "*" in turns[0].name
    with refused("one_at_a_time"):
        selection.prepare(plan=s.plan, by=s.clerk, title="x", venue="y",
                          starts_at=timezone.now() + timedelta(hours=1))  # fmt: skip


def test_session__played_through__moves_cases_and_replays_from_its_record():
    s = opened(scene(people=3, places=(1, 2)))
    choose(s, 1, 1)
    with refused("post_full"):
        choose(s, 2, 1)
    choose(s, 2, 2)
    selection.give_up(turn=turn(s, 3), by=person(s, 3))
    s.session = selection.close(session=s.session, by=s.clerk)
    assert [turn(s, n).case.state for n in (1, 2, 3)] == [
        CaseState.CHOSEN, CaseState.CHOSEN, CaseState.READY,
    ]  # fmt: skip
    found = finished(s)
    assert found.result() == [(1, 1), (2, 2)]
    entry = AuditEntry.objects.get(act="placement.selection_closed")
    assert entry.detail["hash"] == found.head == s.session.head
    assert turn(s, 1).confirmation is not None
    assert turn(s, 1).how == ChosenHow.PHONE
    assert Message.objects.filter(title="轮到您选岗").count() == 6  # in the portal and by SMS


def test_choice__out_of_turn_or_by_a_stranger__is_refused():
    s = opened(scene())
    with refused("not_your_turn"):
        choose(s, 2, 1)
    with refused("not_allowed"):
        choose(s, 1, 1, by=person(s, 2))
    assert SelectionPost.objects.filter(taken__gt=0).count() == 0


def test_choice__pressed_twice__is_once():
    s = opened(scene())
    choose(s, 1, 1)
    choose(s, 1, 1)
    assert post(s, 1).taken == 1
    assert finished(s).result() == [(1, 1)]


def test_choice__after_the_deadline__is_refused_and_the_next_is_called():
    now = timezone.now()
    s = opened(scene(), now)
    with refused("not_your_turn"):
        for seconds in range(10, 320, 10):
            selection.tick(session=s.session, now=now + timedelta(seconds=seconds))
        choose(s, 1, 1, now=now + timedelta(seconds=311))
    assert turn(s, 1).state == TurnState.MISSED
    assert turn(s, 2).state == TurnState.CALLED


def looked(s, start, *, seconds, step=10):
    """The clock is looked at every few seconds, as beat does."""
    for at in range(step, seconds + step, step):
        selection.tick(session=s.session, now=start + timedelta(seconds=at))
    return start + timedelta(seconds=seconds)


def test_absent__comes_in_time__is_called_after_the_current_one():
    now = timezone.now()
    s = opened(scene(), now)
    now = looked(s, now, seconds=310)
    selection.take_back(turn=turn(s, 1), by=s.clerk, now=now)
    choose(s, 2, 2, now=now)
    assert turn(s, 1).state == TurnState.CALLED
    choose(s, 1, 1, now=now)
    assert turn(s, 3).state == TurnState.CALLED
    assert finished(s).result() == [(1, 1), (2, 2)]


def test_absent__too_late__is_refused_by_the_rule():
    now = timezone.now()
    s = opened(scene(late_minutes=1), now)
    now = looked(s, now, seconds=310)
    now = looked(s, now, seconds=70)
    with refused("too_late"):
        selection.take_back(turn=turn(s, 1), by=s.clerk, now=now)


def test_absent__at_the_end__is_called_once_more_and_then_absent():
    now = timezone.now()
    s = opened(scene(people=2, places=(1, 1)), now)
    now = looked(s, now, seconds=310)
    choose(s, 2, 2, now=now)
    assert turn(s, 1).state == TurnState.CALLED
    looked(s, now, seconds=310)
    assert turn(s, 1).state == TurnState.ABSENT
    selection.close(session=s.session, by=s.clerk, now=now + timedelta(seconds=400))
    assert finished(s).state == SessionState.CLOSED
    assert turn(s, 1).case.state == CaseState.READY


def test_portal__away_for_an_hour__gives_the_time_back():
    now = timezone.now()
    s = opened(scene(), now)
    later = looked(s, now, seconds=100) + timedelta(hours=1)
    choose(s, 1, 1, now=later)
    s.session.refresh_from_db()
    assert turn(s, 1).state == TurnState.CHOSEN
    assert s.session.records.filter(act="STOPPED").count() == 1
    assert finished(s).result() == [(1, 1)]


def test_pause__keeps_the_seconds_and_refuses_choices():
    now = timezone.now()
    s = opened(scene(), now)
    now = looked(s, now, seconds=100)
    selection.pause(session=s.session, by=s.clerk, reason="话筒坏了", now=now)
    with refused("paused"):
        choose(s, 1, 1, now=now)
    later = now + timedelta(hours=3)
    s.session = selection.resume(session=s.session, by=s.clerk, now=later)
    assert s.session.seconds_left(later) == 200
    choose(s, 1, 1, now=later + timedelta(seconds=10))
    finished(s)


def test_undo__by_the_same_officer__is_refused_by_act_and_database():
    s = opened(scene())
    choose(s, 1, 1)
    undo = selection.propose(turn=turn(s, 1), by=s.head, reason="念错了岗位")
    with refused("own_work"):
        selection.confirm(undo=undo, by=s.head)
    with refused("not_allowed"):
        selection.confirm(undo=undo, by=s.clerk)
    with refused("undo_open"):
        selection.close(session=s.session, by=s.clerk)


def test_undo__by_two_officers__frees_the_place_and_calls_again():
    s = opened(scene())
    choose(s, 1, 1)
    undo = selection.propose(turn=turn(s, 1), by=s.clerk, reason="念错了岗位")
    selection.confirm(undo=undo, by=s.reviewer)
    assert post(s, 1).taken == 0
    assert turn(s, 1).case.state == CaseState.READY
    choose(s, 2, 2)
    choose(s, 1, 3)
    assert finished(s).result() == [(1, 3), (2, 2)]


def test_undo__not_agreed_to__leaves_the_choice():
    s = opened(scene())
    choose(s, 1, 1)
    undo = selection.propose(turn=turn(s, 1), by=s.clerk, reason="念错了岗位")
    selection.refuse(undo=undo, by=s.head)
    assert turn(s, 1).state == TurnState.CHOSEN
    finished(s)


def test_agent__with_written_authority__chooses_on_the_phone():
    s = opened(scene())
    proxy = ProxyFactory(person=turn(s, 1).case.person, proof=ProxyProof.LETTER)
    choose(s, 1, 1, by=proxy.agent)
    assert (turn(s, 1).how, turn(s, 1).proxy) == (ChosenHow.AGENT, proxy)


def test_agent__with_a_household_book_only__may_not():
    s = opened(scene())
    proxy = ProxyFactory(person=turn(s, 1).case.person, proof=ProxyProof.HOUSEHOLD)
    with refused("not_allowed"):
        choose(s, 1, 1, by=proxy.agent)
    with refused("no_authority"):
        choose(s, 1, 1, by=s.clerk, proxy=proxy)


def test_clerk__with_an_authority_brought_along__takes_it_down():
    s = opened(scene())
    upload = SimpleUploadedFile("委托书.jpg", picture(), content_type="image/jpeg")
    authority = selection.add_authority(
        turn=turn(s, 1), by=s.clerk, agent_name="王妻", upload=upload
    )
    choose(s, 1, 1, by=s.clerk, authority=authority)
    assert (turn(s, 1).how, turn(s, 1).authority) == (ChosenHow.PROXY, authority)


def test_candidate__whose_file_ended__is_left_out():
    s = scene()
    case = turn(s, 1).case
    case.state, case.ended_on, case.ended_reason = CaseState.WAIVED, timezone.localdate(), "放弃"
    case.save()
    opened(s)
    assert turn(s, 1).state == TurnState.OUT
    assert turn(s, 2).state == TurnState.CALLED
    finished(s)


def test_session__closed_early__wants_pause_and_reason_and_names_the_unreached():
    s = opened(scene())
    with refused("not_over"):
        selection.close(session=s.session, by=s.clerk, reason="停电")
    selection.pause(session=s.session, by=s.clerk, reason="停电")
    with refused("reason_missing"):
        selection.close(session=s.session, by=s.clerk)
    selection.close(session=s.session, by=s.clerk, reason="停电")
    states = SelectionTurn.objects.values_list("state", flat=True)
    assert set(states) == {TurnState.UNREACHED}
    finished(s)


def test_record__with_one_letter_changed__does_not_replay(tmp_path, capsys):
    s = opened(scene())
    choose(s, 1, 1)
    choose(s, 2, 2)
    published = json.loads(
        json.dumps(selection_record.published(s.session.__class__.objects.get()))
    )
    file = tmp_path / "record.json"
    file.write_text(json.dumps(published), encoding="utf-8")
    call_command("replay_selection", str(file))
    call_command("replay_selection", s.session.code)
    assert published["hash"] in capsys.readouterr().out
    for change in (
        lambda p: p["record"][2]["line"].update(post=2),
        lambda p: p["frozen"]["posts"][0].update(places=9),
        lambda p: p["frozen"]["order"].reverse(),
        lambda p: p["record"].pop(1),
        lambda p: p["result"].reverse(),
        lambda p: p.update(format="x"),
    ):
        forged = json.loads(json.dumps(published))
        change(forged)
        file.write_text(json.dumps(forged), encoding="utf-8")
        with pytest.raises(CommandError):
            call_command("replay_selection", str(file))


def test_record__published__names_nobody():
    s = opened(scene())
    choose(s, 1, 1)
    s.session.refresh_from_db()
    text = json.dumps(selection_record.published(s.session), ensure_ascii=False)
    for case in s.cases:
        assert case.person.name not in text
        assert case.number not in text
    assert s.clerk.staff_number not in text

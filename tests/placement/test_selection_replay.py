"""500 people and 800 posts, played by the acts and recomputed from any interruption."""

import copy
import random
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from placement import selection_record, selection_replay
from placement.actions import selection
from placement.enums.selection import SessionState
from placement.models import SelectionSession

pytestmark = pytest.mark.django_db

PEOPLE, POSTS = 500, 800
T0 = datetime(2026, 3, 2, 9, tzinfo=timezone.get_fixed_timezone(480))


def frozen(people=PEOPLE, posts=POSTS):
    """An order and posts as a session of that size publishes them."""
    order = [
        {"position": n, "total": f"{Decimal(2000 - n)}.00", "rank": n, "lot": f"{n:016x}"}
        for n in range(1, people + 1)
    ]
    offered = [
        {"position": n, "employer": f"单位{n}", "title": "岗位", "place": "无锡",
         "requirements": "", "places": 1}
        for n in range(1, posts + 1)
    ]  # fmt: skip
    rules = {"turn_seconds": 300, "late_seconds": 1800, "missed": "LAST", "outage_seconds": 20,
             "basis": "", "ties": []}  # fmt: skip
    return {"code": "XGTEST", "station": "无锡", "year": 2026, "rules": rules, "order": order,
            "posts": offered}  # fmt: skip


class Writer:
    """Writes a record line by line, as the acts do, with a Replay that refuses what cannot be."""

    def __init__(self, given):
        self.given, self.lines, self.at = given, [], T0
        self.live = selection_replay.Replay(given)

    def say(self, act, **facts):
        line = {"number": len(self.lines) + 1, "at": selection_record.instant(self.at),
                "act": act, "officer": "", **facts}  # fmt: skip
        digest = selection_record.chained(self.live.head, selection_record.canonical(line))
        self.live.read(line, digest)
        self.lines.append({"line": line, "hash": digest})

    def wait(self, seconds):
        self.at += timedelta(seconds=seconds)

    def published(self):
        return {"format": selection_record.FORMAT, "frozen": self.given, "record": self.lines,
                "result": [list(pair) for pair in self.live.result()], "hash": self.live.head}  # fmt: skip


def played(seed=7):
    """A whole session: choices, people who give up, who miss their time, pauses, undoings."""
    chance, given = random.Random(seed), frozen()
    w = Writer(given)
    w.say("OPENED", frozen=selection_record.frozen_digest(given))
    free = list(range(1, POSTS + 1))
    while (position := w.live.next_to_call()) is not None:
        w.say("CALLED", turn=position, seconds=300)
        w.wait(chance.randint(5, 60))
        if chance.random() < 0.03:
            w.say("PAUSED", seconds=round((w.live.deadline - w.at).total_seconds()), reason="x")
            w.wait(600)
            w.say("RESUMED", seconds=w.live.remaining)
        if chance.random() < 0.03:
            w.wait(100)
            w.say("STOPPED", seconds=100)
        throw = chance.random()
        if throw < 0.04:
            w.at = w.live.deadline
            w.say("MISSED" if w.live.turns[position].calls == 1 else "ABSENT", turn=position)
        elif throw < 0.06:
            w.say("PASSED", turn=position)
        else:
            post = free.pop(chance.randrange(len(free)))
            w.say("CHOSE", turn=position, post=post, how="PHONE")
            if chance.random() < 0.02:
                w.say("UNDO_PROPOSED", turn=position, post=post, reason="x", officer="a")
                w.say("UNDONE", turn=position, post=post, officer="b")
                free.append(post)
    for position, turn in sorted(w.live.turns.items()):
        if turn.state == "MISSED":
            w.say("ABSENT", turn=position)
    w.say("CLOSED", result=selection_record.result_digest(w.live.result()), reason="")
    return w


def test_record_of_500_and_800__stopped_after_any_line__goes_on_to_the_same_result():
    w = played()
    published = w.published()
    whole = selection_replay.replay(published)
    assert len(whole.result()) > 450
    assert whole.state == SessionState.CLOSED
    going = selection_replay.Replay(published["frozen"])
    for entry in published["record"]:
        # what a process knew is gone after every line: only what the database keeps is left
        going = copy.deepcopy(going)
        going.read(entry["line"], entry["hash"])
    assert going.result() == whole.result()
    assert going.head == whole.head
    for at in random.Random(1).sample(range(len(w.lines)), 12):
        begun = selection_replay.Replay(published["frozen"])
        for entry in published["record"][:at]:
            begun.read(entry["line"], entry["hash"])
        resumed = copy.deepcopy(begun)
        for entry in published["record"][at:]:
            resumed.read(entry["line"], entry["hash"])
        assert (resumed.result(), resumed.head) == (whole.result(), whole.head)


@pytest.mark.slow
def test_session_of_many__played_by_the_acts_with_outages__replays_to_what_the_database_says():
    from tests.placement.selection_scene import scene

    people = 60
    s = scene(people=people, places=(1,) * 80)
    now = timezone.now()
    selection.open_session(session=s.session, by=s.clerk, now=now)
    chance = random.Random(3)
    while True:
        session = SelectionSession.objects.get(pk=s.session.pk)
        if session.current_id is None:
            break
        turn = session.turns.get(pk=session.current_id)
        now += timedelta(seconds=chance.choice([1, 5, 4000]))  # the portal is away now and then
        free = session.posts.filter(taken=0)
        selection.choose(turn=turn, post=free[chance.randrange(20)], by=s.clerk, now=now)
        if chance.random() < 0.1:
            selection.pause(session=session, by=s.clerk, reason="茶歇", now=now)
            now += timedelta(hours=1)
            selection.resume(session=session, by=s.clerk, now=now)
    selection.close(session=s.session, by=s.clerk, now=now)
    session = SelectionSession.objects.get(pk=s.session.pk)
    found = selection_replay.replay(selection_record.published(session))
    kept = session.turns.filter(post__isnull=False).order_by("position")
    assert found.result() == list(kept.values_list("position", "post__position"))
    assert len(found.result()) == people

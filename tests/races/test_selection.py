"""Many press at once: a post has no more takers than places, a turn no more than one choice."""

import pytest
from django.db import transaction

from placement import selection_record, selection_replay
from placement.actions import selection
from placement.actions.selection.choosing import take
from placement.enums.selection import TurnState
from placement.models import SelectionPost, SelectionSession
from tests.placement.selection_scene import opened, person, post, scene, turn
from tests.races.arena import all_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def taken(results):
    return [each for each in results if not isinstance(each, Exception)]


def test_last_place__taken_by_many_at_once_without_the_sessions_lock__is_taken_once():
    s = opened(scene(people=2, places=(1,)))
    last = post(s, 1)

    def press():
        with transaction.atomic():
            return take(s.session, last)

    results = all_at_once(*[press] * 8)
    assert len(taken(results)) == 1
    assert SelectionPost.objects.get(pk=last.pk).taken == 1


def test_last_post__pressed_by_many_phones_and_the_clerk__is_chosen_once():
    s = opened(scene(people=6, places=(1, 5)))
    last, deeds = post(s, 1), []
    for position in range(1, 7):
        for by in (person(s, position), s.clerk):
            at = turn(s, position)
            deeds.append(lambda at=at, by=by: selection.choose(turn=at, post=last, by=by))
    all_at_once(*deeds)
    assert SelectionPost.objects.get(pk=last.pk).taken == 1
    assert s.session.turns.filter(state=TurnState.CHOSEN).count() == 1
    session = SelectionSession.objects.get(pk=s.session.pk)
    found = selection_replay.replay(selection_record.published(session))
    assert found.result() == [(1, 1)]


def test_one_turn__two_posts_pressed_at_once__has_one():
    s = opened(scene(people=1, places=(1, 1, 1)))
    at, own = turn(s, 1), person(s, 1)
    posts = list(s.session.posts.all())
    results = all_at_once(
        *[lambda p=p: selection.choose(turn=at, post=p, by=own) for p in posts for _ in range(2)]
    )
    assert len(taken(results)) >= 1
    assert sum(SelectionPost.objects.values_list("taken", flat=True)) == 1


def test_clock__looked_at_by_many_at_once__moves_on_once():
    s = opened(scene(people=3, places=(3,)))
    late = s.session.deadline
    SelectionSession.objects.filter(pk=s.session.pk).update(seen_at=late)
    all_at_once(*[lambda: selection.tick(session=s.session, now=late)] * 6)
    session = SelectionSession.objects.get(pk=s.session.pk)
    assert list(session.records.values_list("act", flat=True)) == [
        "OPENED", "CALLED", "MISSED", "CALLED",
    ]  # fmt: skip
    selection_replay.replay(selection_record.published(session))

"""Two who decide on one matter at the same moment: one deed stands, the other is told."""

import pytest

from services.actions import matters
from services.actions.matters.deciding import take_up
from services.enums import MatterChannel, MatterState, Outcome
from services.matter_rules import MatterError
from services.models import Matter, MatterEvent
from tests.factories.guides import MatterKindFactory
from tests.factories.matters import MatterFactory
from tests.factories.network import PostingFactory
from tests.races.arena import HOLD, after, all_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
DELAYS = [0, HOLD / 3, 2 * HOLD]


def two_clerks():
    first = PostingFactory()
    return first.station, first.user, PostingFactory(station=first.station).user


def refused(results):
    assert not [each for each in results if isinstance(each, Exception) and not is_told(each)]
    return sum(map(is_told, results))


def is_told(result):
    return isinstance(result, MatterError)


def events(matter, act):
    return MatterEvent.objects.filter(matter=matter, act=act).count()


def accept_unguarded(matter, by):
    """As it would be without the lock and the look at the state after it."""
    mine = Matter.objects.get(pk=matter.pk)
    take_up(mine, by)


def test_accept__without_the_lock__both_believe_it_is_theirs(late_commit):
    late_commit.add("services.matter_accepted")
    station, one, two = two_clerks()
    matter = MatterFactory(station=station)
    all_at_once(lambda: accept_unguarded(matter, one), lambda: accept_unguarded(matter, two))
    assert events(matter, "ACCEPTED") == 2


@pytest.mark.parametrize("delay", DELAYS)
def test_accept__by_two_clerks__is_one_ones(late_commit, delay):
    late_commit.add("services.matter_accepted")
    station, one, two = two_clerks()
    matter = MatterFactory(station=station)
    results = all_at_once(
        lambda: matters.accept(matter=matter, by=one),
        after(delay, lambda: matters.accept(matter=matter, by=two)),
    )
    assert refused(results) == 1
    assert events(matter, "ACCEPTED") == 1
    matter.refresh_from_db()
    assert matter.handler in (one, two)


@pytest.mark.parametrize("delay", DELAYS)
def test_finish__by_two_clerks__has_one_result(late_commit, delay):
    late_commit.add("services.matter_done")
    station, one, two = two_clerks()
    matter = MatterFactory(accepted=True, station=station, handler=one)

    def finish(by, result):
        return matters.finish(matter=matter, by=by, outcome=Outcome.GRANTED, result=result)

    results = all_at_once(lambda: finish(one, "甲"), after(delay, lambda: finish(two, "乙")))
    assert refused(results) == 1
    assert events(matter, "DONE") == 1
    assert matter.documents.count() == 1


@pytest.mark.parametrize("delay", DELAYS)
def test_supplement_against_withdraw__one_of_them_stands(late_commit, delay):
    late_commit.update({"services.matter_supplemented", "services.matter_withdrawn"})
    station, clerk, _ = two_clerks()
    matter = MatterFactory(supplement=True, station=station)
    results = all_at_once(
        lambda: matters.supplement(matter=matter, by=clerk),
        after(delay, lambda: matters.withdraw(matter=matter, by=matter.by, reason="不办了")),
    )
    matter.refresh_from_db()
    # what was handed in may still be taken back; what was taken back is not handed in any more
    assert matter.state == MatterState.WITHDRAWN
    assert refused(results) in (0, 1)
    assert events(matter, "SUPPLEMENTED") == 1 - refused(results)
    assert events(matter, "WITHDRAWN") == 1


@pytest.mark.parametrize("delay", DELAYS)
def test_withdraw_against_finish__one_of_them_stands(late_commit, delay):
    late_commit.update({"services.matter_done", "services.matter_withdrawn"})
    station, clerk, _ = two_clerks()
    matter = MatterFactory(accepted=True, station=station, handler=clerk)
    results = all_at_once(
        lambda: matters.withdraw(matter=matter, by=matter.by, reason="不办了"),
        after(
            delay,
            lambda: matters.finish(matter=matter, by=clerk, outcome=Outcome.GRANTED, result="好了"),
        ),
    )
    assert refused(results) == 1
    assert events(matter, "DONE") + events(matter, "WITHDRAWN") == 1


@pytest.mark.parametrize("delay", DELAYS)
def test_enter__double_tap__is_one_matter(late_commit, delay):
    late_commit.add("services.matter_submitted")
    station, clerk, _ = two_clerks()
    kind = MatterKindFactory()

    def enter():
        return matters.enter(
            by=clerk, kind=kind, station=station, client_key="key-00000001", accept=True,
            applicant_name="李大爷", channel=MatterChannel.COUNTER, answers={"question": "怎么办"},
        )  # fmt: skip

    results = all_at_once(enter, after(delay, enter))
    assert [each.pk for each in results] == [Matter.objects.get().pk] * 2
    assert MatterEvent.objects.count() == 2


def test_sweep_against_supplement__the_one_in_time_stands(late_commit):
    late_commit.add("services.matter_supplemented")
    station, clerk, _ = two_clerks()
    matter = MatterFactory(supplement=True, station=station, supplement_by="2026-01-05")
    results = all_at_once(
        lambda: matters.supplement(matter=matter, by=clerk),
        after(HOLD / 3, matters.return_unsupplemented),
    )
    assert results[1] == 0
    matter.refresh_from_db()
    assert matter.state == MatterState.SUBMITTED

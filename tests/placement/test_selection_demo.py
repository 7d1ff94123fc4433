"""The demonstration sessions: one finished and true to its record, one that can be started."""

import pytest
from django.core.management import call_command

from placement.actions import selection
from placement.demo import cases
from placement.demo import selection as demo
from placement.enums import CaseState
from placement.enums.selection import SessionState, TurnState
from placement.models import SelectionSession
from tests.placement.test_cases_demo import network  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


def test_demonstration__loaded_twice__has_a_session_that_replays_and_one_to_start(network):  # noqa: F811
    cases.load()
    demo.load()
    demo.load()
    done = SelectionSession.objects.get(state=SessionState.SETTLED)
    call_command("replay_selection", done.code)
    assert done.turns.filter(case__state=CaseState.ONBOARD).count() == 4
    ready = SelectionSession.objects.get(state=SessionState.PREPARED)
    assert ready.turns.count() == 13
    selection.open_session(session=ready, by=ready.prepared_by)
    assert ready.turns.filter(state=TurnState.CALLED).count() == 1
